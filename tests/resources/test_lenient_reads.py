"""A read never fails because of unknown keys, missing keys or unknown types, for every resource type and section."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import chdir, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.errors import OpendatasoftError
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.results import State
from pulumi_opendatasoft.schema.canonical import canonical_members

from ..client.scripted import Reply, Request, Response, serving
from ..declarations import resource_types
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from ..engine_stub.state import Resource
from ..examples import file_server
from ..samples import PASSWORD, RECORDS, USER, declare, samples

Change = Callable[[Any], Any]


def each(change: Change, document: Any) -> Any:
    """JSON with a change of each of its objects, the innermost first, but not of the envelope of a list."""
    if isinstance(document, list):
        return [each(change, item) for item in document]
    if not isinstance(document, dict):
        return document
    inner = {name: each(change, value) for name, value in document.items()}
    return inner if "results" in inner else change(inner)


@dataclass
class Proxy:
    """A proxy of a portal, which can change the responses to GETs."""

    url: str
    change: Change | None = None
    originals: dict[str, Any] = field(default_factory=dict)
    """The original responses by target, while they are changed."""

    def __call__(self, request: Request) -> Reply:
        if self.change and request.target in self.originals:
            return Response(each(self.change, self.originals[request.target]))
        kept = ("authorization", "content-type")
        headers = {name: value for name, value in request.headers.items() if name in kept}
        url = f"{self.url}/api/automation/v1.0{request.target}"
        answered = httpx.request(request.method, url, content=request.body, headers=headers, timeout=30)
        if request.method != "GET" or not answered.content:
            return Response(answered.content, answered.status_code)
        document = answered.json()
        if self.change and answered.is_success:
            self.originals[request.target] = document
        return Response(each(self.change, document) if self.change else document, answered.status_code)


@dataclass(frozen=True)
class Thing:
    """A resource of one type that exists: its id and its state."""

    kind: str
    id: str
    state: State


@dataclass(frozen=True)
class City:
    """A portal with an object of every type, behind a proxy that changes its responses."""

    between: Proxy
    api: Client
    things: tuple[Thing, ...]

    def of(self, kind: str) -> list[Thing]:
        """The resources of one type."""
        return [thing for thing in self.things if thing.kind == kind]

    def read(self, thing: Thing) -> State:
        """The state after a read."""
        return resource_types()[thing.kind].lifecycle().read(Context(self.api, thing.kind), thing.id, thing.state)

    def change_responses(self, change: Change | None) -> None:
        """Change all responses from now on; None: leave them as they are."""
        self.between.change = change


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[City]:
    """The samples of every type and their variants, up."""
    folder, files = tmp_path_factory.mktemp("lenient"), tmp_path_factory.mktemp("files")
    (files / "air.csv").write_text(RECORDS)
    with (
        Emulator(folder / "portal") as emulator,
        file_server.serving(files, USER, PASSWORD) as web,
        Engine(servers, folder / "stack", domain=emulator.url, key=emulator.key) as engine,
    ):
        (engine.folder / "air.csv").write_text(RECORDS)
        with chdir(engine.folder):
            engine.up(lambda: declare(web.url, variants=True))
        between = Proxy(emulator.url)
        with serving(between) as portal, Client(portal.url, emulator.key, retries=0) as api:
            yield City(between, api, tuple(map(thing, engine.resources.values())))


def thing(resource: Resource) -> Thing:
    """A resource of the state as its lifecycle takes it."""
    kind = resource.urn.split("::")[-2].rpartition(":")[2]
    state = canonical_members(resource_types()[kind].declaration().shape, resource.outputs)
    return Thing(kind, resource.id, {name: value for name, value in state.items() if value is not None})


@pytest.fixture(autouse=True)
def unchanged(city: City) -> None:
    """Begin each test with unchanged responses."""
    city.change_responses(None)


def without_clocks(state: State) -> str:
    volatile = {"user_count", "is_valid", "status", "message", "records_errors"}
    return json.dumps({name: value for name, value in state.items() if name not in volatile}, sort_keys=True)


@pytest.mark.parametrize("kind", samples())
def test_unknown_keys_at_every_depth_change_nothing(city: City, kind: str) -> None:
    for thing in city.of(kind):
        city.change_responses(None)
        plain = city.read(thing)
        city.change_responses(lambda object: {**object, "unheard_of": {"a": [1, {"b": None}]}})
        assert without_clocks(city.read(thing)) == without_clocks(plain)


@pytest.mark.parametrize("kind", samples())
def test_unknown_kinds_are_read(city: City, kind: str) -> None:
    for thing in city.of(kind):
        city.change_responses(None)
        plain = city.read(thing)
        city.change_responses(lambda object: {**object, "type": "of the future"} if "type" in object else object)
        assert city.read(thing).keys() == plain.keys()


IDENTITY = ("uid", "username", "email", "url", "results")
"""The members without which a response is no object or no list."""


@pytest.mark.parametrize("kind", samples())
def test_any_key_may_be_missing_or_null(city: City, kind: str) -> None:
    chance = random.Random(kind)

    def poorer(object: dict[str, Any]) -> dict[str, Any]:
        fate = {name: 0.0 if name in IDENTITY else chance.random() for name in object}
        return {name: None if fate[name] > 0.85 else value for name, value in object.items() if fate[name] < 0.95}

    for thing in city.of(kind):
        city.change_responses(poorer)
        for _ in range(30):
            json.dumps(city.read(thing))


JUNK: tuple[Any, ...] = ("x", 5, -1.5, True, [], [[]], ["x"], [None], [{}], {}, {"a": []}, {"type": "x"}, {"uid": 5})


@pytest.mark.parametrize("times", [30, pytest.param(100, marks=pytest.mark.trust)])
@pytest.mark.parametrize("kind", samples())
def test_value_of_another_type_is_no_error_of_python(city: City, kind: str, times: int) -> None:
    chance = random.Random(kind)

    def strange(object: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value if name in IDENTITY or chance.random() > 0.1 else chance.choice(JUNK)
            for name, value in object.items()
        }

    for thing in city.of(kind):
        city.change_responses(strange)
        for _ in range(times):
            with suppress(OpendatasoftError):
                json.dumps(city.read(thing))
