"""Connections of types without a class: `params` and `secret_params` are merged on the wire, at any depth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..engine_stub.servers import Servers
from .bench import NAME, Bench, open_bench
from .connections import OTHER
from .observations import is_settled


def snowflake(**other: Any) -> None:
    """A login of which one half is secret."""
    given: dict[str, Any] = {
        "params": {"warehouse": "city", "login": {"username": "portal", "role": "reader"}},
        "secret_params": {"login": {"private_key": "a secret"}},
        **other,
    }
    ods.OtherConnection(NAME, type="snowflake_odbc", **given)


def kept(bench: Bench) -> dict[str, Any]:
    """The members on the portal that are not those of every connection."""
    found = bench.emulator.portal.store.get("connection", bench.id) or {}
    return {name: value for name, value in found.items() if name in ("warehouse", "login") or "params" in name}


BOTH: dict[str, Any] = {
    "warehouse": "city",
    "login": {"username": "portal", "role": "reader", "private_key": "a secret"},
}


def test_nested_secret_is_merged_with_params_of_one_name(tmp_path: Path, servers: Servers) -> None:
    with open_bench(OTHER, tmp_path, servers) as bench:
        bench.engine.up(snowflake)

        assert kept(bench) == BOTH
        is_settled(bench.engine, bench.portal, snowflake)


@pytest.mark.parametrize(
    ("other", "actual"),
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
def test_change_of_one_half_of_a_login_keeps_the_other(
    other: dict[str, Any], actual: dict[str, Any], tmp_path: Path, servers: Servers
) -> None:
    with open_bench(OTHER, tmp_path, servers) as bench:
        bench.engine.up(snowflake)

        bench.engine.up(lambda: snowflake(**other))

        assert kept(bench) == {**BOTH, **actual}
        is_settled(bench.engine, bench.portal, lambda: snowflake(**other))


def test_unnamed_members_stay_at_any_depth(tmp_path: Path, servers: Servers) -> None:
    with open_bench(OTHER, tmp_path, servers) as bench:
        bench.engine.up(snowflake)
        endpoint = f"/datasource_connections/{bench.id}/"
        login = {**BOTH["login"], "mode": "of somebody"}
        bench.portal.put(endpoint, {**bench.portal.get(endpoint), "login": login})

        bench.engine.up(lambda: snowflake(secret_params={"login": {"private_key": "new"}}))

        assert kept(bench)["login"] == {**login, "private_key": "new"}


def test_secret_no_longer_managed_is_not_overwritten(tmp_path: Path, servers: Servers) -> None:
    def program(warehouse: str, **other: Any) -> None:
        ods.OtherConnection(NAME, type="snowflake_odbc", params={"warehouse": warehouse}, **other)

    with open_bench(OTHER, tmp_path, servers) as bench:
        bench.engine.up(lambda: program("city", secret_params={"connection_string": "a secret"}))
        bench.engine.up(lambda: program("city"))

        bench.engine.up(lambda: program("town"))

        found = bench.emulator.portal.store.get("connection", bench.id) or {}
        assert (found["warehouse"], found["connection_string"]) == ("town", "a secret")
