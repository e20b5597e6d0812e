"""A test bench for one resource type: a portal, a stack on the engine stub, and the steps that every type must pass."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program, Recorded
from ..engine_stub.servers import Servers
from .alike import merged
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
        self._is_unread = False
        self._bases: dict[str, Recorded] = {}
        self._shared = ExitStack()

    def program(self, sample: str = "", other: Given = lambda facts: {}, *, without: tuple[str, ...] = ()) -> Program:
        """The program of a sample, with other values of some properties, and without some of them."""

        def declare() -> None:
            given: Properties = {**self.subject.samples[sample](self.facts), **other(self.facts)}
            self.subject.kind(NAME, **{name: value for name, value in given.items() if name not in without})

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
        self.close()
        return self._stand_on(sample)

    def sharing(self) -> ExitStack:
        """Ends the provider that the changes share, also after a failure."""
        return self._shared

    def close(self) -> None:
        """End the provider that the changes share, and make the check of the last of them that is left."""
        self._shared.close()
        if self._is_unread:
            self._rest(self._seen)

    def _stand_on(self, sample: str) -> Any:
        if self._standing == sample:
            self._standing = None
            return self._seen
        self.close()
        self._standing = None
        self.engine.destroy()
        with self.engine.together():
            self.engine.up(self.program(sample))
            self.subject.arrive(self)
            self.engine.refresh()
        self._sample = sample
        return self.seen()

    def _rest(self, start: Any, *, replaced: bool = False) -> None:
        """Check that a test ends with the document that it started from, except for values that the portal moves."""
        self._is_unread = False
        self._seen = self.seen()
        moved = {path for row in self.subject.rows for path in row.moved}
        left = {path: value for path, value in differences(start, self._seen).items() if path not in moved}
        assert replaced or left == {}, left
        self._standing = self._sample

    def _rest_unread(self, start: Any) -> None:
        """End a test without this check: the next change makes it, since it expects exactly its own differences."""
        self._seen, self._standing, self._is_unread = start, self._sample, True

    def _base(self, sample: str) -> Recorded:
        """The registrations of the program of a sample."""
        if sample not in self._bases:
            self._bases[sample] = self.engine.recorded(self.program(sample))
        return self._bases[sample]

    def _forget(self) -> None:
        self.emulator.portal.request_log.clear()

    def _calls(self) -> list[str]:
        """`METHOD /path` of each call since the last `_forget`; each is logged before the end of its response."""
        return [f"{one.method} {one.path}" for one in self.emulator.portal.request_log.latest()]

    def _writes(self) -> list[str]:
        return [call for call in self._calls() if not call.startswith("GET ")]

    def is_settled(self, program: Program | Recorded) -> None:
        """Check that neither a preview nor a refresh shows a change, and that neither writes."""
        self._forget()
        assert self.engine.preview(program).steps == {}
        assert self._calls() == [], "a preview calls no portal"
        refreshed = self.engine.refresh()
        assert refreshed.steps == {}, refreshed.changed
        assert self._writes() == []
        assert self.engine.preview(program).steps == {}

    # ------------------------------------------------------------ the steps that every type must pass

    def change(self, row: Row) -> None:
        """Change one property alone and back: each is the row's step with the row's calls.

        The updates of most rows share a provider, run their program once, and begin without a preview, whose calls
        would be those that the update begins with. The first row of each type, and all rows of a replacement, have a
        provider for each update, and a preview before it, as on the real engine.
        """
        start = self._stand_on(row.sample)
        self._is_unread = False
        if row.refused:
            self._refuse(row)
        elif row is self.subject.rows[0] or row.step == "replace":
            self._shared.close()
            self._there_and_back(start, row, self.program(row.sample, row.other), self.program(row.sample))
        else:
            self._shared.enter_context(self.engine.together())
            other = self.engine.recorded(self.program(row.sample, row.other))
            self._there_and_back(start, row, other, self._base(row.sample))
        if row.step == "replace" or row.moved:
            self._rest(start, replaced=row.step == "replace")
        else:
            self._rest_unread(start)

    def _there_and_back(self, start: Any, row: Row, other: Program | Recorded, base: Program | Recorded) -> None:
        self._go(row, other, row.writes)
        found = differences(start, self.seen())
        assert agrees(found, row.actual, self.facts), found
        self._go(row, base, row.writes if row.back is None else row.back)

    def change_together(self, rows: list[Row]) -> None:
        """Change properties of one sample at once and back: a preview has each of them, and so has the portal."""
        start = self.stand_on(rows[0].sample)
        base = self._base(rows[0].sample)
        others = [self.engine.recorded(self.program(row.sample, row.other)) for row in rows]
        other = _merged(base, others)
        with self.engine.together():
            preview = self.engine.preview(other)
            assert preview.steps == {NAME: "update"}
            paths = preview.changed[NAME]
            assert [row.path for row in rows if not any(_is_at(path, row) for path in paths)] == []
            assert self.engine.up(other).steps == {NAME: "update"}
            assert self.engine.preview(other).steps == {}
            found = differences(start, self.seen())
            assert agrees(found, {path: value for row in rows for path, value in row.actual.items()}, self.facts), found
            assert self.engine.up(base).steps == {NAME: "update"}
            assert self.engine.preview(base).steps == {}
        self._rest(start)

    def _refuse(self, row: Row) -> None:
        """A value that the portal refuses is an error with its message, and changes nothing."""
        self._shared.enter_context(self.engine.together())
        failed = self.engine.up(self.program(row.sample, row.other), ok=False)
        assert row.refused in failed.errors[0]
        self._forget()
        self.engine.up(self._base(row.sample))
        assert self._writes() == []

    def _go(self, row: Row, program: Program | Recorded, writes: tuple[str, ...]) -> None:
        self._forget()
        steps = {NAME: row.step} if row.step else {}
        with self.engine.together():
            if not isinstance(program, Recorded):
                assert self.engine.preview(program).steps == steps
            assert self.engine.up(program).steps == steps
            assert self.engine.preview(program).steps == {}
        written = nameless(self._writes())
        assert written == list(writes), written
        reads = [call for call in self._calls() if call.startswith("GET ")]
        assert len(reads) <= row.reads, reads

    def drift(self, sample: str, rows: list[Row] | None = None) -> None:
        """Change values as another client: a refresh shows them at their paths, and an `up` repairs them.

        All rows of the sample that show, unless only some are given.
        """
        rows = rows or [row for row in self.subject.rows if row.shows and row.sample == sample]
        start = self.stand_on(sample)
        for row in rows:
            self._disturb(row)
        disturbed = differences(start, self.seen())
        assert [row.path for row in rows if not row.actual.keys() & disturbed.keys()] == []
        self._forget()
        with self.engine.together():
            found = self.engine.refresh()
            assert found.steps == {NAME: "update"}
            assert self._writes() == [], "a refresh changes nothing"
            paths = found.changed[NAME]
            assert [row.path for row in rows if not any(_is_at(path, row) for path in paths)] == []
            assert [path for path in paths if not any(_is_at(path, row) for row in rows)] == []
            assert self.engine.up(self._base(sample)).steps == {NAME: "update"}
        self._rest(start)

    def _disturb(self, row: Row) -> None:
        for path, value in row.actual.items():
            if value is not ANYTHING and not isinstance(value, Follows):
                self.subject.disturb(self, path, resolved(value, self.facts))

    def release(self, *names: str) -> None:
        """Leave properties out: no call is made, their changes are no drift and not repaired; then manage them again.

        All of them are shown by the same sample.
        """
        rows = [self.subject.shown(name) for name in names]
        sample = rows[0].sample
        start = self.stand_on(sample)
        without = self.engine.recorded(self.program(sample, without=names))
        self._forget()
        released = self.engine.up(without)
        assert released.steps == {NAME: "update"}
        assert sorted(released.said()) == sorted(f"{name}: no longer managed, left as they are" for name in names)
        assert self._calls() == []
        for row in rows:
            if row.shows:
                self._disturb(row)
        with self.engine.together():
            self.is_settled(without)
        with self.engine.together():
            assert self.engine.up(without).steps == {}
            assert self.engine.up(self.program(sample)).steps == {NAME: "update"}
            assert self.engine.preview(self._base(sample)).steps == {}
        self._rest(start)

    def end(self) -> None:
        """Delete the object as another client: it is created again, and settled.

        A destroy leaves nothing; a second does nothing.
        """
        start = self.stand_on("")
        self.subject.remove(self)
        assert self.subject.left(self) == []
        assert self.engine.refresh().steps == {NAME: "delete"}
        assert self.engine.up(self.program()).steps == {NAME: "create"}
        self.subject.arrive(self)
        anew = [path for path in differences(start, self.seen()) if path.rpartition(".")[2] != "uid"]
        assert anew == []
        with self.engine.together():
            self.engine.refresh()
            self.is_settled(self._base(""))
        assert self.engine.destroy().steps == {NAME: "delete"}
        assert self.subject.left(self) == []
        self._forget()
        assert self.engine.destroy().steps == {}
        assert self._calls() == []


def _merged(base: Recorded, others: list[Recorded]) -> Recorded:
    """A program of one resource with all the differences of others from a base."""
    (registration,) = base.registrations
    inputs = merged(registration.inputs, [other.registrations[0].inputs for other in others])
    return Recorded((replace(registration, inputs=inputs),))


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
                bench = Bench(subject, engine, portal, emulator)
                with bench.sharing():
                    yield bench
                    bench.close()
