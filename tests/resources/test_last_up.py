"""Messages of refresh and destroy, whose configuration is that of the last `up`: they name the commands that work."""

from __future__ import annotations

import json

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.state import Outcome

WRONG_KEY = "0" * 56
OF_LAST_UP = (
    "Without `--run-program`, refresh and destroy use the {} of the last `up`: if it was changed since then, add that "
    "option, or run `pulumi up` first."
)


def city() -> None:
    ods.Group("editors", title="Editors")


def without_program(engine: Engine) -> list[str]:
    """The messages of the two commands that run no program."""
    return [told for outcome in (engine.refresh(ok=False), engine.destroy(ok=False)) for told in outcome.errors]


def test_refused_key_of_the_stack_is_that_of_the_last_up(engine: Engine) -> None:
    engine.up(city)
    engine.config["opendatasoft:apiKey"] = WRONG_KEY
    for told in without_program(engine):
        assert "does not accept the API key" in told
        assert told.endswith(f"was made on this portal. {OF_LAST_UP.format('API key')}")


def test_refused_key_of_a_named_portal_is_that_of_the_last_up(engine: Engine, portal: Portal) -> None:
    named = {"domain": portal.url, "apiKey": portal.key}
    engine.config["opendatasoft:portals"] = json.dumps({"test": named})
    del engine.config["opendatasoft:apiKey"]
    engine.up(lambda: ods.Group("editors", title="Editors", portal="test"))
    engine.config["opendatasoft:portals"] = json.dumps({"test": {**named, "apiKey": WRONG_KEY}})
    for told in without_program(engine):
        assert told.endswith(OF_LAST_UP.format("API key"))


def test_refused_key_of_the_environment_is_named_as_such(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.up(city)
    del engine.config["opendatasoft:apiKey"]
    monkeypatch.setenv("OPENDATASOFT_API_KEY", WRONG_KEY)
    for told in without_program(engine):
        assert told.endswith("It is the key of the environment variable OPENDATASOFT_API_KEY.")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("domain", "http://127.0.0.1:9", "127.0.0.1:9 cannot be reached"),
        ("domain", "ftp://city.org", "is not a web address"),
        ("apiKey", "a key with spaces", "a character that no key has"),
        ("maxConcurrency", "none", "opendatasoft:maxConcurrency must be a whole number"),
    ],
)
def test_bad_value_is_that_of_the_last_up(engine: Engine, name: str, value: str, message: str) -> None:
    engine.up(city)
    state = engine.get("editors")
    if name == "domain":
        state.outputs["domain"] = value.removeprefix("http://")
    engine.config[f"opendatasoft:{name}"] = value
    for told in without_program(engine):
        assert message in told
        assert told.endswith(OF_LAST_UP.format("configuration"))


def test_emptied_portal_is_perhaps_that_of_the_last_up(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: [ods.Group(name, title=name) for name in ("a", "b", "c")] and None)
    portal.control.post("/reset").raise_for_status()
    refused: Outcome = engine.refresh(ok=False)
    assert all(told.endswith(OF_LAST_UP.format("configuration")) for told in refused.errors)


def test_delete_by_an_up_uses_the_present_key(engine: Engine) -> None:
    def both() -> None:
        city()
        ods.Group("readers", title="Readers")

    engine.up(both)
    engine.config["opendatasoft:apiKey"] = WRONG_KEY
    (told,) = engine.up(city, ok=False).errors
    assert "does not accept the API key" in told
    assert told.endswith("was made on this portal.")
