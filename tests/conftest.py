"""What tests share: a portal of their own, and a stack on the real engine against it."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from . import certificate
from .engine.key_server import close_key_server
from .engine.stacks import Stack, engine_folder
from .engine_stub.engine import Engine
from .engine_stub.servers import Servers
from .event_loop import lent_event_loop
from .json_calls import JsonCalls
from .preloaded.python import close_preloaded

API = "/api/automation/v1.0"
CONTROL = "/_emulator"

pytest_plugins = ["tests.cpu_budget", "tests.operations", "tests.trust.table"]


class Portal:
    """A portal for one test, with a client that is not ours, and the control calls."""

    def __init__(self, emulator: Emulator) -> None:
        """The portal of an emulator, until `close`."""
        self.emulator, self.url, self.key = emulator, emulator.url, emulator.key
        self.host = self.url.partition("://")[2]
        self._calls = JsonCalls(self.host, {"Authorization": f"apikey {self.key}"})

    @cached_property
    def http(self) -> httpx.Client:
        """A client of the Automation API, for calls that are no JSON or whose answer is looked at."""
        return httpx.Client(base_url=f"{self.url}{API}", headers={"Authorization": f"apikey {self.key}"}, timeout=30)

    @cached_property
    def control(self) -> httpx.Client:
        """A client of the control calls."""
        return httpx.Client(base_url=f"{self.url}{CONTROL}", timeout=30)

    def close(self) -> None:
        """Close the connections to the portal."""
        self._calls.close()
        for name in ("http", "control"):
            if name in self.__dict__:  # made by now
                self.__dict__[name].close()

    def get(self, path: str, **query: Any) -> Any:
        """One read of the Automation API."""
        return self._calls.call("GET", API + path, query)

    def put(self, path: str, body: Any) -> Any:
        """A change behind the program's back."""
        return self._calls.call("PUT", API + path, body=body)

    def post(self, path: str, body: Any = None) -> Any:
        """A creation behind the program's back."""
        return self._calls.call("POST", API + path, body=body)

    def delete(self, path: str) -> None:
        """A removal behind the program's back."""
        self._calls.call("DELETE", API + path)

    def all(self, path: str) -> list[dict[str, Any]]:
        """A whole listing."""
        found: list[dict[str, Any]] = self.get(path, limit=1000)["results"]
        return found

    def dataset(self, dataset_id: str) -> dict[str, Any]:
        """The dataset with this dataset_id."""
        return next(d for d in self.all("/datasets/") if d["dataset_id"] == dataset_id)

    def log(self) -> list[dict[str, Any]]:
        """The portal's log of the calls since the last `forget`."""
        entries: list[dict[str, Any]] = self._calls.call("GET", f"{CONTROL}/requests")
        return entries

    def requests(self, *methods: str) -> list[str]:
        """`METHOD /path` of each call since the last `forget`, only of these methods if any are named."""
        return [f"{r['method']} {r['path']}" for r in self.log() if not methods or r["method"] in methods]

    def writes(self) -> list[str]:
        """Every call that may have changed something."""
        return self.requests("POST", "PUT", "DELETE")

    def most_at_once(self) -> int:
        """How many calls were open at the same time, at most, since the last `forget`."""
        entries = self.log()
        began = [(r["started"], 1) for r in entries]
        ended = [(r["started"] + r["ms"] / 1000, -1) for r in entries]
        return max(accumulate(change for _, change in sorted(began + ended)), default=0)

    def forget(self) -> None:
        """Clear the journal of requests."""
        self._calls.call("DELETE", f"{CONTROL}/requests")

    def fail(self, *faults: dict[str, Any]) -> None:
        """Set faults; without any, clear them."""
        self._calls.call("DELETE", f"{CONTROL}/faults")
        if faults:
            self._calls.call("POST", f"{CONTROL}/faults", body=list(faults))

    def set(self, **settings: Any) -> None:
        """Change switches of the portal."""
        self._calls.call("POST", f"{CONTROL}/settings", body=settings)

    def records(self, dataset_id: str, limit: int = 10) -> dict[str, Any]:
        """What the public sees."""
        with closing(JsonCalls(self.host)) as public:
            found: dict[str, Any] = public.call(
                "GET", f"/api/explore/v2.1/catalog/datasets/{dataset_id}/records", {"limit": limit}
            )
        return found


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """An empty portal with one administrator."""
    with Emulator(tmp_path / "portal") as emulator, closing(Portal(emulator)) as portal:
        yield portal


@pytest.fixture(scope="session", autouse=True)
def _cheap_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Trust a single certificate, and end the servers of preloaded processes and of keys with the session.

    The provider's journal lies in a folder of the session, not in the developer's own.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(certificate.VARIABLE, str(certificate.one_certificate(tmp_path_factory.mktemp("certificate"))))
        patch.setenv("PULUMI_HOME", str(tmp_path_factory.mktemp("pulumi-home")))
        yield
        close_preloaded()
        close_key_server()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Collect thousands of tests without looking for garbage among them, then and later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    """Let all garbage be found at the end: some libraries complain of what is left."""
    gc.unfreeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the real engine, or provider processes for the stub: those that use it by a fixture."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        for fixture, mark in (("real_engine", "engine"), ("servers", "stub")):
            if fixture in fixtures:
                item.add_marker(mark)


@pytest.fixture(scope="session")
def real_engine() -> None:
    """Skip where there is no engine; under CI, fail. Each test and fixture on the real engine uses this one."""
    if engine_folder() is None:
        message = "no Pulumi engine on this machine: run `make setup`"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


@pytest.fixture
def own_python(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How the test's stacks run Python: with the mark `own_python` in processes of their own; see `Stack`."""
    mark = request.node.get_closest_marker("own_python")
    return {"own_python": True, **mark.kwargs} if mark else {}


@pytest.fixture
def stack(tmp_path: Path, portal: Portal, own_python: dict[str, Any], real_engine: None) -> Stack:
    """A stack for one test on the real engine."""
    return Stack(tmp_path / "stack", domain=portal.url, key=portal.key, **own_python)


@pytest.fixture
def big_stack(tmp_path: Path, portal: Portal, real_engine: None) -> Stack:
    """A stack for one test with very many resources on the real engine."""
    return Stack(tmp_path / "stack", domain=portal.url, key=portal.key, checkpoints=False)


@pytest.fixture
def another_stack(
    tmp_path: Path, portal: Portal, own_python: dict[str, Any], real_engine: None
) -> Callable[..., Stack]:
    """Further stacks for one test."""
    usual = {"domain": portal.url, "key": portal.key, **own_python}

    def make(name: str, **more: Any) -> Stack:
        return Stack(tmp_path / name, **{**usual, "name": name, **more})

    return make


@pytest.fixture(scope="session")
def servers() -> Servers:
    """Provider servers for the stub of the engine."""
    return Servers()


@pytest.fixture
def engine(tmp_path: Path, portal: Portal, servers: Servers) -> Iterator[Engine]:
    """A stack for one test on the stub of the engine: as the real one, many times as fast."""
    with Engine(servers, tmp_path / "stub", domain=portal.url, key=portal.key) as engine:
        yield engine


@pytest.fixture
def outputs() -> Iterator[None]:
    """Outputs can be made, inside a program and outside."""
    with lent_event_loop():
        yield
