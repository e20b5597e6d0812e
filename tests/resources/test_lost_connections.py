"""A connection whose create lost its response is found again, by its own resource alone, and made as desired."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.lifecycle.intents import is_since

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from .bench import open_bench
from .connections import HTTP
from .logins import basic, consent
from .observations import is_settled
from .rows import nameless

URL = "https://data.example.com"
ALL = "/datasource_connections/"
POST, PUT = f"POST {ALL}", f"PUT {ALL}{{uid}}/"


def lose(engine: Engine, portal: Portal, number_of_creates: int) -> None:
    """Lose the responses of the next creates."""
    engine.config["opendatasoft:maxRetries"] = "3"
    lost = {"method": "POST", "path": f"^{ALL}$", "fault": "reset_after_commit"}
    portal.fail(*({**lost, "nth": number + 1} for number in range(number_of_creates)))
    portal.set(latency_ms=100)  # so that all are created before the first is searched for


def by_login() -> None:
    """One server, two users."""
    for name in ("finance", "health"):
        ods.HTTPConnection(name, url=URL, auth=basic(name, f"the password of {name}"))


def by_token() -> None:
    """One server, two tokens."""
    for name in ("finance", "health"):
        ods.HTTPConnection(name, url=URL, headers={"X-Token": f"the token of {name}"})


def by_password() -> None:
    """One server and one user, with different secrets."""
    for name in ("finance", "health"):
        ods.HTTPConnection(name, url=URL, auth=basic("portal", f"the password of {name}"))


def what(connection: dict[str, Any]) -> str:
    """The name of the resource whose secret each connection has."""
    kept = [*(connection.get("auth") or {}).values(), *(pair["value"] for pair in connection.get("headers") or [])]
    return next(str(text).rpartition(" ")[2] for text in kept if str(text).startswith("the "))


@pytest.mark.parametrize("program", [by_login, by_token, by_password], ids=lambda program: program.__name__)
def test_several_lost_creates_each_get_their_own_connection(
    program: Callable[[], None], tmp_path: Path, servers: Servers
) -> None:
    with open_bench(HTTP, tmp_path, servers) as bench:
        lose(bench.engine, bench.portal, 2)

        bench.engine.up(program)

        store, names = bench.emulator.portal.store, ("finance", "health")
        kept = {name: store.get("connection", bench.engine.get(name).id) for name in names}
        assert {name: what(connection or {}) for name, connection in kept.items()} == {name: name for name in names}
        assert len(bench.portal.all(ALL)) == 2
        is_settled(bench.engine, bench.portal, program)


def test_lost_connection_of_another_type_is_found_by_params(engine: Engine, portal: Portal) -> None:
    lose(engine, portal, 1)

    engine.up(lambda: ods.OtherConnection("it", type="jcdecaux", params={"url": URL, "contract": "lyon"}))

    assert nameless(portal.writes()) == [POST, PUT]
    assert [connection["uid"] for connection in portal.all(ALL)] == [engine.get("it").id]


def test_lost_consent_that_arrived_is_not_sent_again(engine: Engine, portal: Portal) -> None:
    lose(engine, portal, 1)

    engine.up(lambda: ods.SharepointConnection("it", auth=consent(ods.SharepointOIDCAuth)))

    assert nameless(portal.writes()) == [POST]
    assert [connection["uid"] for connection in portal.all(ALL)] == [engine.get("it").id]


def test_several_lost_consents_are_refused(engine: Engine, portal: Portal) -> None:
    def two() -> None:
        for name in ("finance", "health"):
            ods.SharepointConnection(name, auth=consent(ods.SharepointOIDCAuth))

    lose(engine, portal, 2)

    refused = engine.up(two, ok=False)

    assert all("was created: adopt=" in message for message in refused.errors)
    assert len(portal.all(ALL)) == 2


BEGAN = datetime(2026, 1, 2, 3, 4, 19, 400_000, UTC)


@pytest.mark.parametrize(
    ("actual", "is_new"),
    [
        ("2026-01-02T03:04:19Z", True),
        ("2026-01-02T03:04:19.5Z", True),
        ("2026-01-02T03:04:19+00:00", True),
        ("2026-01-02T04:04:19+01:00", True),
        ("2026-01-02T03:04:20", True),
        ("2026-01-02", True),
        ("2026-01-02T03:04:18.9Z", False),
        ("2026-01-02T04:04:18+01:00", False),
        ("2026-01-01", False),
        (None, False),
        ("yesterday", False),
    ],
)
def test_new_connection_is_found_by_any_form_of_created_at(actual: object, is_new: bool) -> None:
    assert is_since(actual, BEGAN) is is_new
