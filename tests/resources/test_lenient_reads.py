"""A read never fails because of unknown keys, missing keys or unknown types, for every resource type and section."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.results import State

from ..client.scripted import Asked, Reply, Says, serving
from ..declarations import resource_types

RECORDS = "d,no2\n2026-01-01,12.5\n"

Change = Callable[[Any], Any]


def each(change: Change, told: Any) -> Any:
    """JSON with a change of each of its objects, the innermost first, but not of the envelope of a list."""
    if isinstance(told, list):
        return [each(change, item) for item in told]
    if not isinstance(told, dict):
        return told
    inner = {name: each(change, value) for name, value in told.items()}
    return inner if "results" in inner else change(inner)


@dataclass
class Between:
    """A proxy of a portal, which can change the responses to GETs."""

    url: str
    change: Change | None = None
    heard: dict[str, Any] = field(default_factory=dict)
    """The original responses by target, while they are changed."""

    def __call__(self, asked: Asked) -> Reply:
        if self.change and asked.target in self.heard:
            return Says(each(self.change, self.heard[asked.target]))
        kept = ("authorization", "content-type")
        headers = {name: value for name, value in asked.headers.items() if name in kept}
        url = f"{self.url}/api/automation/v1.0{asked.target}"
        answer = httpx.request(asked.method, url, content=asked.body, headers=headers, timeout=30)
        if asked.method != "GET" or not answer.content:
            return Says(answer.content, answer.status_code)
        told = answer.json()
        if self.change and answer.is_success:
            self.heard[asked.target] = told
        return Says(each(self.change, told) if self.change else told, answer.status_code)


@dataclass(frozen=True)
class Thing:
    """A resource of one type that exists: its id and its state."""

    kind: str
    id: str
    state: State


@dataclass(frozen=True)
class City:
    """A portal with an object of every type, behind a proxy that changes its responses."""

    between: Between
    api: Client
    things: tuple[Thing, ...]

    def read(self, thing: Thing) -> State:
        """The state after a read."""
        return resource_types()[thing.kind].lifecycle().read(Context(self.api, thing.kind), thing.id, thing.state)

    def change_responses(self, change: Change | None) -> None:
        """Change all responses from now on; None: leave them as they are."""
        self.between.change = change


def asked_of_a_dataset(connection: str, file: Path) -> dict[str, Any]:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    csv = {"path": str(file), "filename": "air.csv", "sha256": digest, "size": file.stat().st_size}
    http = {"type": "http", "connection": connection, "relative_url": "/a.csv", "headers": {"x": "y"}}
    return {
        "dataset_id": "air",
        "is_restricted": False,
        "default_security": {"visible_fields": ["d"], "api_calls_quota": {"limit": 3, "unit": "day"}},
        "metadata": {
            "default": {"title": "Air", "description": "Of the city", "keyword": ["air"]},
            "visualization": {"map_disabled": True},
            "asset_content_configuration": {"facets": [{"field_name": "d"}]},
            "templates": {"dcat": {"fields": {"creator": "The city"}}},
        },
        "sources": {
            "file": {"type": "csvfile", "datasource": {"type": "uploaded_file", "file": csv}},
            "web": {"type": "csvfile", "datasource": http, "params": {"separator": ","}},
            "pushed": {"type": "realtime", "enabled": True},
        },
        "fields": [
            {"type": "rename", "from_name": "d", "to_name": "day", "field_label": "Day"},
            {"type": "annotate", "field": "no2", "annotation": "decimals", "args": [1]},
            {"type": "order", "order": ["no2", "day"]},
        ],
        "processors": [{"type": "skip", "params": {"records": 3}}],
        "group_access": [{"group": "editors", "permissions": ["edit_dataset"], "security": {"visible_fields": ["d"]}}],
        "user_access": [{"user": "admin", "permissions": []}],
        "attachments": {"readme": csv},
        "alternative_exports": {"as it was": {"file": csv, "description": "Not changed"}},
        "schedules": ["0 6 * * *"],
    }


def inputs_of_the_others() -> dict[str, dict[str, Any]]:
    role = {"type": "iam_role", "region": "eu-west-1"}
    return {
        "Group": {"title": "Editors", "permissions": ["edit_dataset"], "members": ["admin"]},
        "User": {"email": "ana@example.org", "groups": ["editors"], "permissions": ["edit_theme"]},
        "HTTPConnection": {
            "url": "http://files.example",
            "auth": {"type": "basic_auth", "username": "u", "password": "p"},
            "headers": {"x": "y"},
            "group_access": [{"group": "editors", "permissions": ["manage_connection"]}],
            "user_access": [{"user": "admin", "permissions": []}],
        },
        "FTPConnection": {"url": "ftp://files.example"},
        "SharepointConnection": {"auth": {"type": "oidc", "nonce": "n", "code": "c"}},
        "GoogleDriveConnection": {"auth": {"type": "oidc", "nonce": "n", "code": "c"}},
        "AmazonS3Connection": {"auth": role},
        "AzureBlobStorageConnection": {"auth": {"type": "shared_key", "account_name": "a", "shared_key": "k"}},
        "OtherConnection": {
            "type": "snowflake_odbc",
            "params": {"a": "b"},
            "secret_params": {"connection_string": "s"},
        },
    }


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Create an object of every type, by its lifecycle."""
    folder = tmp_path_factory.mktemp("lenient")
    file = folder / "air.csv"
    file.write_text(RECORDS)
    with Emulator(folder / "portal") as emulator:
        between = Between(emulator.url)
        with serving(between) as portal, Client(portal.url, emulator.key, retries=0) as api:
            things: dict[str, Thing] = {}

            def make(kind: str, given: dict[str, Any]) -> None:
                lifecycle = resource_types()[kind].lifecycle()
                inputs, failures = lifecycle.check({}, given)
                assert failures == []
                things[kind] = Thing(kind, *lifecycle.create(Context(api, kind, urn=f"urn::{kind}"), inputs))

            for kind, given in inputs_of_the_others().items():
                make(kind, given)
            lake = things["AmazonS3Connection"].id
            make("AmazonS3ConnectionRole", {"connection": lake, "role_arn": "arn:aws:iam::123456789012:role/portal"})
            make("Dataset", asked_of_a_dataset(things["HTTPConnection"].id, file))
            yield City(between, api, tuple(things.values()))


@pytest.fixture(autouse=True)
def unchanged(city: City) -> None:
    """Begin each test with unchanged responses."""
    city.change_responses(None)


def without_clocks(state: State) -> str:
    volatile = {"user_count", "is_valid", "status", "message", "records_errors"}
    return json.dumps({name: value for name, value in state.items() if name not in volatile}, sort_keys=True)


def test_every_resource_type_has_a_sample(city: City) -> None:
    assert sorted(thing.kind for thing in city.things) == sorted(resource_types())


@pytest.mark.parametrize("kind", resource_types())
def test_unknown_keys_at_every_depth_change_nothing(city: City, kind: str) -> None:
    [thing] = [thing for thing in city.things if thing.kind == kind]
    plain = city.read(thing)
    city.change_responses(lambda object: {**object, "unheard_of": {"a": [1, {"b": None}]}})
    assert without_clocks(city.read(thing)) == without_clocks(plain)


@pytest.mark.parametrize("kind", resource_types())
def test_unknown_types_are_read(city: City, kind: str) -> None:
    [thing] = [thing for thing in city.things if thing.kind == kind]
    plain = city.read(thing)
    city.change_responses(lambda object: {**object, "type": "of the future"} if "type" in object else object)
    assert city.read(thing).keys() == plain.keys()


IDENTITY = ("uid", "username", "email", "results")
"""The members without which a response is no object or no list."""


@pytest.mark.parametrize("kind", resource_types())
def test_any_key_may_be_missing_or_null(city: City, kind: str) -> None:
    [thing] = [thing for thing in city.things if thing.kind == kind]
    chance = random.Random(kind)

    def poorer(object: dict[str, Any]) -> dict[str, Any]:
        fate = {name: 0.0 if name in IDENTITY else chance.random() for name in object}
        return {name: None if fate[name] > 0.85 else value for name, value in object.items() if fate[name] < 0.95}

    city.change_responses(poorer)
    for _ in range(30):
        json.dumps(city.read(thing))
