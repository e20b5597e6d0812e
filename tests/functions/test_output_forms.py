"""The forms of functions that take Inputs and return Outputs, in programs on the engine's stub and the real engine."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pulumi
import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers


@pytest.fixture
def engine(tmp_path: Any, portal: Portal, servers: Servers) -> Any:
    """A stack of its own on the portal of the functions' tests."""
    with Engine(servers, tmp_path / "stub", domain=portal.url, key=portal.key) as engine:
        yield engine
        engine.destroy()


class Seen:
    """The values of the Outputs of a program."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.secrets: dict[str, bool] = {}
        self._tasks: list[asyncio.Future[None]] = []

    def note(self, name: str, output: pulumi.Output[Any]) -> None:
        """Keep the value of an Output as soon as it is known, and whether it is a secret."""

        async def look() -> None:
            self.secrets[name] = await output.is_secret()
            if await output.is_known():
                self.values[name] = await output.future()

        self._tasks.append(asyncio.ensure_future(look()))


def test_output_form_waits_for_its_arguments(engine: Engine, portal: Portal) -> None:
    seen = Seen()

    def program() -> None:
        group = ods.Group("readers", title="Readers")
        found = ods.get_group_output(group.uid)
        seen.note("title", found.title)
        ods.Group("copy", title=found.title.apply("{} again".format), permissions=found.permissions)
        seen.note("editors", ods.get_group_output(title="Editors").uid)

    portal.forget()
    previewed = engine.preview(program)
    assert previewed.steps == {"readers": "create", "copy": "create"}
    assert seen.values == {"editors": "editors"}, "the result is unknown while an argument is"
    assert [call for call in portal.requests() if not call.endswith("/groups/")] == []

    engine.up(program)
    assert seen.values == {"editors": "editors", "title": "Readers"}
    assert engine.get("copy").outputs["title"] == "Readers again"
    assert engine.preview(program).steps == {}


def test_result_with_a_secret_is_a_secret(engine: Engine, ids: dict[str, str]) -> None:
    seen = Seen()

    def program() -> None:
        key = ods.get_api_key_output(ids["apikey_uid"])
        seen.note("key", key.key)
        seen.note("label", key.label)
        seen.note("group", ods.get_group_output(pulumi.Output.from_input("editors")).title)
        seen.note("headers", ods.list_connections_output())

    engine.up(program)

    assert seen.secrets == {"key": True, "label": True, "headers": True, "group": False}
    assert seen.values["label"] == "spare"


def test_exported_result_has_its_secret_marked(outputs: None) -> None:
    exported = dict(ods.results.ApiKeyInfo({"uid": "ak_1", "key": "canary"}).items())

    assert exported["uid"] == "ak_1"
    assert isinstance(exported["key"], pulumi.Output)


def functions() -> list[str]:
    """The names of all functions."""
    return [name for name in ods.__all__ if inspect.isfunction(getattr(ods, name)) and not name.endswith("_output")]


@pytest.mark.parametrize("name", functions())
def test_every_function_has_a_form_with_its_arguments(name: str) -> None:
    function, form = getattr(ods, name), getattr(ods, f"{name}_output")

    assert list(inspect.signature(form).parameters) == list(inspect.signature(function).parameters)
    assert {p.name: p.default for p in inspect.signature(form).parameters.values()} == {
        p.name: p.default for p in inspect.signature(function).parameters.values()
    }
    assert (inspect.getdoc(function) or "").splitlines()[0] == (inspect.getdoc(form) or "").splitlines()[0]
