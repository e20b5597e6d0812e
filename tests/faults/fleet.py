"""Many portals and one stack with a resource on each: one `pulumi up` tries a whole row of faults, one per portal."""

from __future__ import annotations

import json
import math
import shutil
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self

import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine.stacks import Stack
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from . import program

MEASURES = "station,day,value\nabbey,2026-01-01,1\nbarn,2026-01-02,2\n"
FILES = {
    "measures.csv": MEASURES,
    "more.csv": f"{MEASURES}cabin,2026-01-03,3\n",
    "stations.csv": "station,day,value\ndairy,2026-01-04,4\n",
}

STATUS = "/status/$"
"""The one read that is repeated until something is over; how often depends on the machine."""

NOT_STATUS = "^(?!.*/status/$)"


LONG = 20
"""The number of calls from which on a step is long: those of a dataset."""


TRIED = (
    pytest.param(False, id="some_calls"),
    pytest.param(True, id="every_call", marks=pytest.mark.trust),
)
"""Whether a test tries every call of a step; see `chosen`."""

ON_THE_STUB_OR_ENGINE = (
    pytest.param(False, id="some_calls"),
    pytest.param(True, id="every_call", marks=(pytest.mark.trust, pytest.mark.engine)),
)
"""Whether a fleet tries every call of a step, on the real engine; else it tries some, on the stub of the engine."""


class CallMade(NamedTuple):
    """One call as the portal noted it down."""

    method: str
    path: str

    @property
    def is_status(self) -> bool:
        """Whether it may be one of several looks at the same thing."""
        return self.path.endswith("/status/")

    @property
    def is_upload(self) -> bool:
        """Whether it sends a file."""
        return self.method == "POST" and self.path.endswith(("/files/", "/attachments/", "/alternative_exports/"))


@dataclass
class Case:
    """One resource on a portal of its own; `label` names the portal in the stack's configuration."""

    type: str
    label: str
    portal: Portal
    connection: str
    name: str = ""
    changed: bool = False
    adopt: str | bool = False

    def declaration(self) -> dict[str, Any]:
        """What the program reads of it."""
        more: dict[str, Any] = {"connection": self.connection} if self.type == "Dataset" else {}
        if self.adopt:
            more["adopt"] = self.adopt
        return {"type": self.type, "name": self.name, "portal": self.label, "changed": self.changed, **more}

    def calls(self) -> list[CallMade]:
        """The calls since the last `forget`; looks at a status right after one another count as one."""
        made = [CallMade(*line.split(" ", 1)) for line in self.portal.requests()]
        return [call for n, call in enumerate(made) if not (n and call.is_status and made[n - 1] == call)]


class Fleet(ABC):
    """Portals as many as are asked for, and a stack with one resource on each, of `program.py`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._portals: list[ExitStack] = []
        self.cases: list[Case] = []

    def __enter__(self) -> Self:
        self._files = self._folder / "files"
        write_files(self._files)
        self._web = self._open.enter_context(web_server(self._files))
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        # Side by side, for each portal takes a tenth of a second to end.
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(ExitStack.close, self._portals))
        self._open.close()

    def add(self, type: str) -> Case:
        """One more portal, on which there are two groups, two users and a connection already."""
        label = f"p{len(self.cases)}"
        open_portal = ExitStack()
        self._portals.append(open_portal)
        portal = Portal(open_portal.enter_context(Emulator(self._folder / label)))
        open_portal.callback(portal.close)
        case = Case(type, label, portal, furnished(portal, self._web))
        self.cases.append(case)
        return case

    @abstractmethod
    def _start(self) -> None:
        """Make the stack."""

    @abstractmethod
    def configure(self, **settings: Any) -> None:
        """Set the stack's configuration: every portal, and what else is given."""

    @abstractmethod
    def declare(self, cases: list[Case]) -> None:
        """Set what the program declares from now on."""

    @abstractmethod
    def up(self, *, ok: bool | None) -> dict[str, list[str]]:
        """Bring all of them up side by side; a failure of one does not keep the others back.

        Returns the lines that a person reads, by the name of the resource.
        """

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Return the resources of the state by their names, each with its `id` and its `outputs`."""

    @abstractmethod
    def is_unchanged(self, *, refresh: bool = False) -> None:
        """Assert that a preview shows no change, after a refresh or without one."""


class EngineFleet(Fleet):
    """A fleet on the real engine."""

    def _start(self) -> None:
        self._stack = Stack(self._folder / "stack", domain="of-no-use", key="of-no-use", checkpoints=False)
        shutil.copy(Path(__file__).with_name("program.py"), self._stack.folder / "__main__.py")
        shutil.copytree(self._files, self._stack.folder, dirs_exist_ok=True)

    def configure(self, **settings: Any) -> None:
        """Set the stack's configuration: every portal, and what else is given."""
        for case in self.cases:
            settings[f"portals.{case.label}.domain"] = case.portal.url
            settings[f"portals.{case.label}.apiKey"] = case.portal.key
        words = [w for name, value in settings.items() for w in ("--plaintext", f"opendatasoft:{name}={value}")]
        self._stack.run("config", "set-all", "--path", *words)

    def declare(self, cases: list[Case]) -> None:
        """Set what the program declares from now on."""
        (self._stack.folder / "cases.json").write_text(json.dumps([case.declaration() for case in cases]))

    def up(self, *, ok: bool | None) -> dict[str, list[str]]:
        """`pulumi up` of all of them side by side."""
        return self._stack.up("--parallel", "64", "--continue-on-error", ok=ok).said

    def state(self) -> dict[str, Any]:
        """Return the resources of the state by their names."""
        return self._stack.state()

    def is_unchanged(self, *, refresh: bool = False) -> None:
        """Assert that a preview shows no change, after a refresh or without one."""
        self._stack.preview("--expect-no-changes", "--diff", *(["--refresh"] if refresh else []))


class StubFleet(Fleet):
    """A fleet on the stub of the engine."""

    def __init__(self, folder: Path, servers: Servers) -> None:
        super().__init__(folder)
        self._servers, self._declared = servers, list[Case]()

    def _start(self) -> None:
        engine = Engine(self._servers, self._folder / "stack", domain="of-no-use", key="of-no-use")
        self._engine = self._open.enter_context(engine)
        self._engine.side_by_side = 8

    def configure(self, **settings: Any) -> None:
        """Set the stack's configuration: every portal, and what else is given."""
        portals = {case.label: {"domain": case.portal.url, "apiKey": case.portal.key} for case in self.cases}
        self._engine.config["opendatasoft:portals"] = json.dumps(portals)
        self._engine.config |= {f"opendatasoft:{name}": str(value) for name, value in settings.items()}

    def declare(self, cases: list[Case]) -> None:
        """Set what the program declares from now on."""
        self._declared = cases

    def up(self, *, ok: bool | None) -> dict[str, list[str]]:
        """Bring all of them up, a few at a time."""
        outcome = self._engine.up(self._program, ok=ok, continue_on_error=True)
        reasons = {"; ".join(one.unfinished): list(one.unfinished) for one in self._engine.resources.values()}
        told = {name: list(lines) for name, lines in outcome.said_of().items()}
        for error in outcome.errors:
            [name] = [case.name for case in self._declared if f'"{case.name}"' in error]
            told[name] = [*told.get(name, []), *reasons.get(error, [error])]
        return told

    def state(self) -> dict[str, Any]:
        """Return the resources of the state by their names."""
        return {one.name: {"id": one.id, "outputs": one.outputs} for one in self._engine.resources.values()}

    def is_unchanged(self, *, refresh: bool = False) -> None:
        """Assert that a preview shows no change, after a refresh or without one."""
        with self._engine.together():
            if refresh:
                assert self._engine.refresh().steps == {}
            assert self._engine.preview(self._program).steps == {}

    def _program(self) -> None:
        for case in self._declared:
            declaration = case.declaration()
            if case.type == "Dataset":
                declaration["folder"] = str(self._files)
            program.DECLARES[declaration.pop("type")](**declaration)


@contextmanager
def fleet_in(folder: Path, request: pytest.FixtureRequest, *, on_engine: bool) -> Iterator[Fleet]:
    """Yield a fleet on the real engine, or on the stub of it."""
    if on_engine:
        request.getfixturevalue("real_engine")
    fleet = EngineFleet(folder) if on_engine else StubFleet(folder, request.getfixturevalue("servers"))
    with fleet:
        yield fleet


def write_files(folder: Path) -> None:
    """The files that the program's dataset reads."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)


def furnished(portal: Portal, web: str) -> str:
    """Put on a portal what the program's resources refer to; returns the uid of a connection to `web`."""
    for title in ("Readers", "Writers"):
        portal.post("/groups/", {"title": title})
    portal.post("/users/invite/", [{"email": "ana@example.org"}, {"email": "ben@example.org"}])
    connection = portal.post("/datasource_connections/", {"type": "http", "url": web, "auth": None})
    portal.forget()
    return str(connection["uid"])


@contextmanager
def web_server(folder: Path) -> Iterator[str]:
    """A server of the files in a folder; yields its address."""
    with serving(partial(_Silent, directory=str(folder))) as url:
        yield url


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """An HTTP server with this handler for requests; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def chosen(calls: list[CallMade], *, every: bool, remainder: int = 0) -> list[int]:
    """Return the numbers of the calls of a step that are tried: all of them, or a sample.

    The sample is at most six calls of a long step, which is that of a dataset, spread evenly, and every second call of
    another one, counted from its last.

    Args:
        calls: the calls of the step, in order.
        every: whether to try each of them, as the tests with the mark `trust` do.
        remainder: which of these samples; the steps of a test together hold a call of each part of a dataset, and each
            call that writes another object.
    """
    numbers = range(len(calls))
    if every:
        return list(numbers)
    if len(calls) < LONG:
        return [k for k in numbers if (len(calls) - 1 - k) % 2 == remainder % 2]
    return list(numbers[remainder :: math.ceil(len(calls) / 6)])


def from_call(calls: list[CallMade], k: int, fault: str) -> list[dict[str, Any]]:
    """The faults that let everything fail from call `k` on (0 is the first), of a step that makes these calls."""
    before, after = calls[:k], calls[k:]
    faults = [{"path": NOT_STATUS, "from": 1 + sum(not call.is_status for call in before), "fault": fault}]
    if any(call.is_status for call in after):
        faults.append({"path": STATUS, "from": 1 + sum(call.is_status for call in before), "fault": fault})
    return faults


def only_call(calls: list[CallMade], k: int, fault: str) -> list[dict[str, Any]]:
    """The fault that lets just call `k` (0 is the first) go wrong, of a step that makes these calls."""
    like = calls[k].is_status
    nth = 1 + sum(call.is_status == like for call in calls[:k])
    return [{"path": STATUS if like else NOT_STATUS, "nth": nth, "fault": fault}]
