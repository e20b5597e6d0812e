"""Connections of kinds that have no class: their params and secrets are one thing on the wire, at any depth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..engine_stub.servers import Servers
from .connections import OTHER
from .home import NAME, Home, home
from .looks import is_settled


def snowflake(**other: Any) -> None:
    """A login of which one half is secret."""
    given: dict[str, Any] = {
        "params": {"warehouse": "city", "login": {"username": "portal", "role": "reader"}},
        "secret_params": {"login": {"private_key": "a secret"}},
        **other,
    }
    ods.OtherConnection(NAME, type="snowflake", **given)


def kept(here: Home) -> dict[str, Any]:
    """What the portal has, without what every connection has."""
    found = here.emulator.portal.store.get("connection", here.id) or {}
    return {name: value for name, value in found.items() if name in ("warehouse", "login") or "params" in name}


BOTH: dict[str, Any] = {
    "warehouse": "city",
    "login": {"username": "portal", "role": "reader", "private_key": "a secret"},
}


def test_a_nested_secret_stands_beside_the_params_of_the_same_name(tmp_path: Path, servers: Servers) -> None:
    with home(OTHER, tmp_path, servers) as here:
        here.engine.up(snowflake)

        assert kept(here) == BOTH
        is_settled(here.engine, here.portal, snowflake)


@pytest.mark.parametrize(
    ("other", "there"),
    [
        ({"params": {"warehouse": "town", "login": {"username": "portal", "role": "reader"}}}, {"warehouse": "town"}),
        (
            {"params": {"login": {"username": "gate", "role": "reader"}}},
            {"login": {**BOTH["login"], "username": "gate"}},
        ),
        ({"secret_params": {"login": {"private_key": "new"}}}, {"login": {**BOTH["login"], "private_key": "new"}}),
    ],
    ids=["another param", "a param beside the secret", "the secret"],
)
def test_one_half_of_a_login_changes_and_the_other_stays(
    other: dict[str, Any], there: dict[str, Any], tmp_path: Path, servers: Servers
) -> None:
    with home(OTHER, tmp_path, servers) as here:
        here.engine.up(snowflake)

        here.engine.up(lambda: snowflake(**other))

        assert kept(here) == {**BOTH, **there}
        is_settled(here.engine, here.portal, lambda: snowflake(**other))


def test_a_member_that_the_program_does_not_name_stays_at_any_depth(tmp_path: Path, servers: Servers) -> None:
    with home(OTHER, tmp_path, servers) as here:
        here.engine.up(snowflake)
        place = f"/datasource_connections/{here.id}/"
        login = {**BOTH["login"], "mode": "of somebody"}
        here.portal.put(place, {**here.portal.get(place), "login": login})

        here.engine.up(lambda: snowflake(secret_params={"login": {"private_key": "new"}}))

        assert kept(here)["login"] == {**login, "private_key": "new"}


def test_a_secret_that_the_program_lets_go_of_is_not_overwritten(tmp_path: Path, servers: Servers) -> None:
    def program(warehouse: str, **other: Any) -> None:
        ods.OtherConnection(NAME, type="snowflake_odbc", params={"warehouse": warehouse}, **other)

    with home(OTHER, tmp_path, servers) as here:
        here.engine.up(lambda: program("city", secret_params={"connection_string": "a secret"}))
        here.engine.up(lambda: program("city"))

        here.engine.up(lambda: program("town"))

        found = here.emulator.portal.store.get("connection", here.id) or {}
        assert (found["warehouse"], found["connection_string"]) == ("town", "a secret")
