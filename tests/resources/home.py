"""Where a resource lives: a portal, a stack on the stand-in for the engine, and the steps of a walk through rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program
from ..engine_stub.servers import Servers
from .life import Life
from .rows import ANYTHING, Follows, Given, Properties, Row, agrees, differences, nameless, resolved

NAME = "it"
"""What every resource is called in these programs."""


class Home:
    """One resource on a portal of its own."""

    def __init__(self, life: Life, engine: Engine, portal: Portal, emulator: Emulator) -> None:
        self.life, self.engine, self.portal, self.emulator = life, engine, portal, emulator
        self.facts: dict[str, Any] = life.prepare(self)
        self._sample = ""
        self._standing: str | None = None
        self._seen: Any = None

    def program(self, sample: str = "", other: Given = lambda facts: {}, *, without: str = "") -> Program:
        """A sample, with some properties given otherwise and one left out."""

        def declare() -> None:
            given: Properties = {**self.life.samples[sample](self.facts), **other(self.facts)}
            given.pop(without, None)
            self.life.kind(NAME, **given)

        return declare

    @property
    def id(self) -> str:
        """The resource's id in the state."""
        return self.engine.get(NAME).id

    def seen(self) -> Any:
        """All that the portal tells of the object."""
        return self.life.seen(self)

    def stand_on(self, sample: str) -> Any:
        """Bring a sample up, unless it is; returns what is seen then. The walk that follows ends with `_rest`."""
        if self._standing == sample:
            self._standing = None
            return self._seen
        self.engine.destroy()
        self.engine.up(self.program(sample))
        self.life.arrive(self)
        self.engine.refresh()
        self._sample, self._standing = sample, None
        return self.seen()

    def _rest(self, start: Any, *, replaced: bool = False) -> None:
        """The walk came back to where it started, but for what the portal moves by itself."""
        self._seen = self.seen()
        moved = {path for row in self.life.rows for path in row.moved}
        left = {path: value for path, value in differences(start, self._seen).items() if path not in moved}
        assert replaced or left == {}, left
        self._standing = self._sample

    def is_settled(self, program: Program) -> None:
        """Law 3: neither a preview nor a refresh shows a change, and neither writes."""
        self.portal.forget()
        assert self.engine.preview(program).steps == {}
        assert self.portal.requests() == [], "a preview talks to no portal"
        refreshed = self.engine.refresh()
        assert refreshed.steps == {}, refreshed.changed
        assert self.portal.writes() == []
        assert self.engine.preview(program).steps == {}

    # ------------------------------------------------------------ the steps of a walk

    def change(self, row: Row) -> None:
        """One property changed alone updates or replaces as it should, and back."""
        start = self.stand_on(row.sample)
        if row.refused:
            self._refuse(row)
        else:
            self._go(row, self.program(row.sample, row.other), row.writes)
            found = differences(start, self.seen())
            assert agrees(found, row.there, self.facts), found
            self._go(row, self.program(row.sample), row.writes if row.back is None else row.back)
        self._rest(start, replaced=row.step == "replace")

    def _refuse(self, row: Row) -> None:
        """What the portal does not take is said, and changes nothing."""
        failed = self.engine.up(self.program(row.sample, row.other), ok=False)
        assert row.refused in failed.errors[0]
        self.portal.forget()
        self.engine.up(self.program(row.sample))
        assert self.portal.writes() == []

    def _go(self, row: Row, program: Program, writes: tuple[str, ...]) -> None:
        self.portal.forget()
        with self.engine.together():
            previewed = self.engine.preview(program)
            done = self.engine.up(program)
            assert self.engine.preview(program).steps == {}
        assert done.steps == previewed.steps == ({NAME: row.step} if row.step else {})
        written = nameless(self.portal.writes())
        assert written == list(writes), written
        reads = self.portal.requests("GET")
        assert len(reads) <= row.reads, reads

    def drift(self, sample: str) -> None:
        """What changed behind the program's back is shown by a refresh, at its path, and repaired by an `up`."""
        rows = [row for row in self.life.rows if row.shows and row.sample == sample]
        start = self.stand_on(sample)
        for row in rows:
            self._disturb(row)
        disturbed = differences(start, self.seen())
        assert [row.at for row in rows if not row.there.keys() & disturbed.keys()] == []
        self.portal.forget()
        found = self.engine.refresh()
        assert found.steps == {NAME: "update"}
        assert self.portal.writes() == [], "a refresh changes nothing"
        paths = found.changed[NAME]
        assert [row.at for row in rows if not any(_is_at(path, row) for path in paths)] == []
        assert [path for path in paths if not any(_is_at(path, row) for row in rows)] == []
        assert self.engine.up(self.program(sample)).steps == {NAME: "update"}
        self._rest(start)

    def _disturb(self, row: Row) -> None:
        for path, value in row.there.items():
            if value is not ANYTHING and not isinstance(value, Follows):
                self.life.disturb(self, path, resolved(value, self.facts))

    def release(self, name: str) -> None:
        """A property left out is let go of: no call, no drift, not brought back; and managed again."""
        rows = [r for r in self.life.rows if re.split(r"[.\[]", r.at)[0] == name]
        row = next((r for r in rows if r.shows), rows[0])
        start = self.stand_on(row.sample)
        without = self.program(row.sample, without=name)
        self.portal.forget()
        released = self.engine.up(without)
        assert released.steps == {NAME: "update"}
        assert released.said() == [f"{name}: no longer managed, left as they are"]
        assert self.portal.requests() == []
        if row.shows:
            self._disturb(row)
        self.is_settled(without)
        with self.engine.together():
            assert self.engine.up(without).steps == {}
            assert self.engine.up(self.program(row.sample)).steps == {NAME: "update"}
            assert self.engine.preview(self.program(row.sample)).steps == {}
        self._rest(start)

    def end(self) -> None:
        """Deleted behind the program's back it is made again; destroy leaves nothing, and is quiet the second time."""
        start = self.stand_on("")
        self.life.remove(self)
        assert self.life.left(self) == []
        assert self.engine.refresh().steps == {NAME: "delete"}
        assert self.engine.up(self.program()).steps == {NAME: "create"}
        self.life.arrive(self)
        anew = [path for path in differences(start, self.seen()) if path.rpartition(".")[2] != "uid"]
        assert anew == []
        assert self.engine.destroy().steps == {NAME: "delete"}
        assert self.life.left(self) == []
        self.portal.forget()
        assert self.engine.destroy().steps == {}
        assert self.portal.requests() == []


def _is_at(path: str, row: Row) -> bool:
    """Whether a path that the engine prints lies where the row's property is declared."""
    words = [word for word in re.split(r"[.\[\]]+", path) if word and not word.isdigit()]
    declared = [word for word in re.split(r"[.\[\]]+", row.at) if word]
    return all(word in declared or word in row.keys for word in words)


@contextmanager
def home(life: Life, folder: Path, servers: Servers, **settings: Any) -> Iterator[Home]:
    """A portal with these switches, and an empty stack that also knows it as the portal "second"."""
    with Emulator(folder / "portal") as emulator:
        portal = Portal(emulator)
        with closing(portal.http), closing(portal.control):
            portal.set(**settings)
            with Engine(servers, folder / "stack", domain=portal.url, key=portal.key) as engine:
                second = {"second": {"domain": portal.url, "apiKey": portal.key}}
                engine.config["opendatasoft:portals"] = json.dumps(second)
                yield Home(life, engine, portal, emulator)
