"""A test bench for one resource type: a portal, a stack on the engine stub, and the steps that every type must pass."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program
from ..engine_stub.servers import Servers
from .rows import ANYTHING, Follows, Given, Properties, Row, agrees, differences, nameless, resolved
from .subject import Subject

NAME = "it"
"""The name of the resource in these programs."""


class Bench:
    """One resource on a portal and in a stack of its own."""

    def __init__(self, subject: Subject, engine: Engine, portal: Portal, emulator: Emulator) -> None:
        self.subject, self.engine, self.portal, self.emulator = subject, engine, portal, emulator
        self.facts: dict[str, Any] = subject.prepare(self)
        self._sample = ""
        self._standing: str | None = None
        self._seen: Any = None

    def program(self, sample: str = "", other: Given = lambda facts: {}, *, without: str = "") -> Program:
        """The program of a sample, with other values of some properties, and without one of them."""

        def declare() -> None:
            given: Properties = {**self.subject.samples[sample](self.facts), **other(self.facts)}
            given.pop(without, None)
            self.subject.kind(NAME, **given)

        return declare

    @property
    def id(self) -> str:
        """The resource's id in the state."""
        return self.engine.get(NAME).id

    def seen(self) -> Any:
        """Read the object and its sections as one document."""
        return self.subject.seen(self)

    def stand_on(self, sample: str) -> Any:
        """Create a sample, unless it exists; returns the document. The test that follows ends with `_rest`."""
        if self._standing == sample:
            self._standing = None
            return self._seen
        self.engine.destroy()
        with self.engine.together():
            self.engine.up(self.program(sample))
            self.subject.arrive(self)
            self.engine.refresh()
        self._sample, self._standing = sample, None
        return self.seen()

    def _rest(self, start: Any, *, replaced: bool = False) -> None:
        """Check that a test ends with the document that it started from, except for values that the portal moves."""
        self._seen = self.seen()
        moved = {path for row in self.subject.rows for path in row.moved}
        left = {path: value for path, value in differences(start, self._seen).items() if path not in moved}
        assert replaced or left == {}, left
        self._standing = self._sample

    def is_settled(self, program: Program) -> None:
        """Check that neither a preview nor a refresh shows a change, and that neither writes."""
        self.portal.forget()
        assert self.engine.preview(program).steps == {}
        assert self.portal.requests() == [], "a preview calls no portal"
        refreshed = self.engine.refresh()
        assert refreshed.steps == {}, refreshed.changed
        assert self.portal.writes() == []
        assert self.engine.preview(program).steps == {}

    # ------------------------------------------------------------ the steps that every type must pass

    def change(self, row: Row) -> None:
        """Change one property alone and back: each is the row's step with the row's calls.

        The two updates of most rows share a provider, and the way back begins without a preview, whose calls would be
        those that the update begins with. The first row of each type, and all rows of a replacement, have a provider
        for each update, and a preview before it, as on the real engine.
        """
        start = self.stand_on(row.sample)
        if row.refused:
            self._refuse(row)
        else:
            is_shared = row.step == "update" and row is not self.subject.rows[0]
            with self.engine.together() if is_shared else nullcontext():
                self._go(row, self.program(row.sample, row.other), row.writes)
                found = differences(start, self.seen())
                assert agrees(found, row.actual, self.facts), found
                back = row.writes if row.back is None else row.back
                self._go(row, self.program(row.sample), back, is_previewed=not is_shared)
        self._rest(start, replaced=row.step == "replace")

    def _refuse(self, row: Row) -> None:
        """A value that the portal refuses is an error with its message, and changes nothing."""
        failed = self.engine.up(self.program(row.sample, row.other), ok=False)
        assert row.refused in failed.errors[0]
        self.portal.forget()
        self.engine.up(self.program(row.sample))
        assert self.portal.writes() == []

    def _go(self, row: Row, program: Program, writes: tuple[str, ...], *, is_previewed: bool = True) -> None:
        self.portal.forget()
        steps = {NAME: row.step} if row.step else {}
        with self.engine.together():
            if is_previewed:
                assert self.engine.preview(program).steps == steps
            assert self.engine.up(program).steps == steps
            assert self.engine.preview(program).steps == {}
        written = nameless(self.portal.writes())
        assert written == list(writes), written
        reads = self.portal.requests("GET")
        assert len(reads) <= row.reads, reads

    def drift(self, sample: str) -> None:
        """Change values as another client: a refresh shows them at their paths, and an `up` repairs them."""
        rows = [row for row in self.subject.rows if row.shows and row.sample == sample]
        start = self.stand_on(sample)
        for row in rows:
            self._disturb(row)
        disturbed = differences(start, self.seen())
        assert [row.path for row in rows if not row.actual.keys() & disturbed.keys()] == []
        self.portal.forget()
        found = self.engine.refresh()
        assert found.steps == {NAME: "update"}
        assert self.portal.writes() == [], "a refresh changes nothing"
        paths = found.changed[NAME]
        assert [row.path for row in rows if not any(_is_at(path, row) for path in paths)] == []
        assert [path for path in paths if not any(_is_at(path, row) for row in rows)] == []
        assert self.engine.up(self.program(sample)).steps == {NAME: "update"}
        self._rest(start)

    def _disturb(self, row: Row) -> None:
        for path, value in row.actual.items():
            if value is not ANYTHING and not isinstance(value, Follows):
                self.subject.disturb(self, path, resolved(value, self.facts))

    def release(self, name: str) -> None:
        """Leave a property out: no call is made, its changes are no drift and not repaired; then manage it again."""
        rows = [r for r in self.subject.rows if re.split(r"[.\[]", r.path)[0] == name]
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
        with self.engine.together():
            self.is_settled(without)
        with self.engine.together():
            assert self.engine.up(without).steps == {}
            assert self.engine.up(self.program(row.sample)).steps == {NAME: "update"}
            assert self.engine.preview(self.program(row.sample)).steps == {}
        self._rest(start)

    def end(self) -> None:
        """Delete the object as another client: it is created again. A destroy leaves nothing; a second does nothing."""
        start = self.stand_on("")
        self.subject.remove(self)
        assert self.subject.left(self) == []
        assert self.engine.refresh().steps == {NAME: "delete"}
        assert self.engine.up(self.program()).steps == {NAME: "create"}
        self.subject.arrive(self)
        anew = [path for path in differences(start, self.seen()) if path.rpartition(".")[2] != "uid"]
        assert anew == []
        assert self.engine.destroy().steps == {NAME: "delete"}
        assert self.subject.left(self) == []
        self.portal.forget()
        assert self.engine.destroy().steps == {}
        assert self.portal.requests() == []


def _is_at(path: str, row: Row) -> bool:
    """Whether a path that the engine prints is of the row's property."""
    steps = [step for step in re.split(r"[.\[\]]+", path) if step and not step.isdigit()]
    declared = [step for step in re.split(r"[.\[\]]+", row.path) if step]
    return all(step in declared or step in row.keys for step in steps)


@contextmanager
def open_bench(subject: Subject, folder: Path, servers: Servers, **settings: Any) -> Iterator[Bench]:
    """Start a portal with these switches, and an empty stack in which it is also the portal named "second"."""
    with Emulator(folder / "portal") as emulator:
        portal = Portal(emulator)
        with closing(portal):
            portal.set(**settings)
            with Engine(servers, folder / "stack", domain=portal.url, key=portal.key) as engine:
                second = {"second": {"domain": portal.url, "apiKey": portal.key}}
                engine.config["opendatasoft:portals"] = json.dumps(second)
                yield Bench(subject, engine, portal, emulator)
