"""One portal and one stack on the engine stub, on which operations are tried with faults, and brought to an end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program
from ..engine_stub.servers import Servers
from ..engine_stub.state import Outcome as Result
from ..faults.content import content, differences
from ..faults.fleet import CallMade, furnished, only_call
from .programs import form, laid_out
from .table import Outcome

OPERATIONS = ("create", "update", "destroy")
"""In this order: each begins where the one before it has ended."""

SIDE_BY_SIDE = 8

OUR_FAULT = "a fault of pulumi-opendatasoft"
"""A part of the message about an exception of our own."""

PLACES = re.compile(r"http://127\.0\.0\.1:\d+|ods-domain-[0-9a-f-]{36}")
"""What differs from portal to portal."""


@dataclass(frozen=True)
class Calm:
    """What an undisturbed operation does."""

    calls: list[CallMade]
    content: dict[str, Any]
    """What the portal then holds."""


class Stand:
    """A portal, a stack, and a program in two forms."""

    def __init__(self, name: str, portal: Portal, engine: Engine) -> None:
        self.name, self.portal, self.engine = name, portal, engine
        self.complaints: list[str] = []
        """The differences, errors and steps that the last operation left."""

    def run(self, operation: str) -> Result:
        """Carry out an operation, whether or not it succeeds."""
        if operation == "destroy":
            return self.engine.destroy(ok=None)
        return self.engine.up(self.form(operation), ok=None)

    def calm(self) -> dict[str, Calm]:
        """Carry out every operation undisturbed."""
        found = {}
        for operation in OPERATIONS:
            self.portal.forget()
            result = self.run(operation)
            assert result.errors == []
            made = [CallMade(*line.split(" ", 1)) for line in self.portal.requests()]
            calls = [call for n, call in enumerate(made) if not (n and call.is_status and made[n - 1] == call)]
            found[operation] = Calm(calls, self.content())
        return found

    def tried(self, operation: str, fault: str, k: int, calm: Calm) -> Outcome | None:
        """Carry out an operation of which call `k` meets a fault, and then without it until it has succeeded.

        Returns what came of it; None if there were fewer calls this time, so that none met the fault.
        """
        [fault_set] = only_call(calm.calls, k, fault)
        self.portal.fail(fault_set)
        first = self.run(operation)
        [found] = self.portal.control.get("/faults").raise_for_status().json()
        self.portal.fail()
        if self._is_done(operation, first, calm):
            return Outcome.BY_ITSELF if found["count"] >= fault_set["nth"] else None
        told = list(first.errors)
        if any(OUR_FAULT in error for error in told):
            self.complaints = told
            return Outcome.LEFT_BEHIND
        if self._is_done(operation, self.run(operation), calm):
            return Outcome.NEXT_UP
        self.complaints = [f"{calm.calls[k]}", *told, *self.complaints]
        return Outcome.LEFT_BEHIND

    def content(self) -> dict[str, Any]:
        """What the portal holds, in an order that does not depend on which of two steps was first."""
        keys = [(key["label"], key["permissions"]) for key in self.portal.all("/apikeys/") if not key["is_revoked"]]
        found = content(self.portal) | {"keys": sorted(keys)}
        del found["invitations"]  # a second one is sent when it is unknown whether the first one was
        text = PLACES.sub("<place>", json.dumps(found))
        return {name: sorted(things, key=_form_of) for name, things in json.loads(text).items()}

    def form(self, operation: str) -> Program:
        """The form of the program that an operation brings up."""
        return form(self.name, self.engine.folder, changed=operation == "update")

    def _is_done(self, operation: str, result: Result, calm: Calm) -> bool:
        self.complaints = [*result.errors, *differences(self.content(), calm.content)]
        if self.complaints:
            return False
        if operation == "destroy":
            self.complaints = [f"still in the state: {name}" for name in self.engine.ids()]
        else:
            with self.engine.together():
                refreshed = self.engine.refresh(ok=None)
                previewed = self.engine.preview(self.form(operation), ok=None)
            self.complaints = [*refreshed.errors, *refreshed.steps, *previewed.errors, *previewed.steps]
        return not self.complaints


def _form_of(thing: Any) -> str:
    return re.sub(r"\b([a-z]{2})_[a-z0-9]{6}\b", r"\1", json.dumps(thing, sort_keys=True))


@contextmanager
def standing(name: str, folder: Path, servers: Servers) -> Iterator[Stand]:
    """A stand for a program, with a portal of its own."""
    with Emulator(folder / "portal") as emulator:
        portal = Portal(emulator)
        with closing(portal):
            furnished(portal, "http://files.example.org")
            with Engine(servers, folder / "stack", domain=portal.url, key=portal.key) as engine:
                engine.side_by_side = SIDE_BY_SIDE
                engine.config |= {"opendatasoft:requestTimeout": "3", "opendatasoft:maxRetries": "4"}
                with laid_out(name, engine.folder):
                    yield Stand(name, portal, engine)


def longest(calms: Sequence[Calm]) -> int:
    """The number of calls of the longest operation."""
    return max(len(calm.calls) for calm in calms)
