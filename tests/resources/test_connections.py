"""What connections do beyond their properties: codes that work once, logins that nobody names."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.program.resource import Resource

from ..engine_stub.servers import Servers
from .connections import GOOGLE_DRIVE, HTTP, SHAREPOINT
from .datasets import DATASET
from .home import NAME, Home, home
from .life import Life
from .logins import consent, oauth2, oidc
from .roles import ROLE_LIFE
from .test_lifecycles import LIVES

Open = Callable[[Life], AbstractContextManager[Home]]


@pytest.fixture
def opened(tmp_path: Path, servers: Servers) -> Open:
    """Where a connection of some kind lives."""
    return lambda life: home(life, tmp_path, servers)


# ---------------------------------------------------------------- codes that work once

CODES = [
    pytest.param(SHAREPOINT, "", partial(consent, ods.SharepointOIDCAuth), ("nonce", "code"), id="SharePoint"),
    pytest.param(GOOGLE_DRIVE, "", partial(consent, ods.GoogleDriveOIDCAuth), ("nonce", "code"), id="Google Drive"),
    pytest.param(HTTP, "oauth2", oauth2, ("code",), id="OAuth 2"),
    pytest.param(HTTP, "oidc", oidc, ("code",), id="OpenID Connect"),
]


def codes(here: Home) -> dict[str, Any]:
    """The codes that the portal got, and what became of them."""
    kept = here.emulator.portal.store.get("connection", here.id)
    assert kept is not None
    return {name: kept["auth"].get(name) for name in ("nonce", "code") if name in kept["auth"]}


def use_up(here: Home) -> None:
    """The portal trades its codes for access, after which they are worth nothing."""
    store = here.emulator.portal.store
    kept = store.get("connection", here.id)
    assert kept is not None
    store.put("connection", here.id, {**kept, "auth": {**kept["auth"], **dict.fromkeys(codes(here), "used up")}})


@pytest.mark.parametrize(("life", "sample", "login", "names"), CODES)
def test_a_code_is_sent_once_and_again_only_when_the_program_changes_it(
    opened: Open, life: Life, sample: str, login: Callable[..., Any], names: tuple[str, ...]
) -> None:
    other = {name: f"another {name}" for name in names}
    with opened(life) as here:
        here.engine.up(here.program(sample))
        assert codes(here) == {name: f"a {name}" for name in names}
        use_up(here)

        here.engine.up(here.program(sample, lambda _: {"is_reusable": False}))
        assert here.seen()["is_reusable"] is False
        assert codes(here) == dict.fromkeys(names, "used up")

        here.engine.up(here.program(sample, lambda _: {"is_reusable": False, "auth": login(**other)}))
        assert codes(here) == other
        use_up(here)

        here.engine.up(here.program(sample, lambda _: {"auth": login(**other)}))
        assert here.seen()["is_reusable"] is True
        assert codes(here) == dict.fromkeys(names, "used up")
        here.is_settled(here.program(sample, lambda _: {"auth": login(**other)}))


# ---------------------------------------------------------------- logins that the program does not name

SECRETS = [{}, {"connection_secret_left_out": "cleared"}]
"""Whether the portal keeps the secret of a login that is sent without it: nobody outside knows, so none is sent so."""


def login_kept(here: Home) -> Any:
    """The login with its secrets, as the portal keeps it."""
    return (here.emulator.portal.store.get("connection", here.id) or {})["auth"]


@pytest.mark.parametrize("switch", SECRETS, ids=str)
def test_a_login_that_is_let_go_of_keeps_its_secret(switch: dict[str, Any], tmp_path: Path, servers: Servers) -> None:
    with home(HTTP, tmp_path, servers, **switch) as here:
        here.engine.up(here.program())
        kept = login_kept(here)

        here.engine.up(here.program(without="auth"))
        here.engine.up(here.program(other=lambda _: {"url": "https://new.example.com"}, without="auth"))

        assert (here.seen()["url"], login_kept(here)) == ("https://new.example.com", kept)


@pytest.mark.parametrize("switch", SECRETS, ids=str)
@pytest.mark.parametrize("without", ["", "auth"])
def test_a_consent_outlives_a_change_of_something_else(
    without: str, switch: dict[str, Any], tmp_path: Path, servers: Servers
) -> None:
    with home(SHAREPOINT, tmp_path, servers, **switch) as here:
        here.engine.up(here.program())
        here.engine.up(here.program(without=without))
        use_up(here)

        here.engine.up(here.program(other=lambda _: {"is_reusable": False}, without=without))

        assert here.seen()["is_reusable"] is False
        assert codes(here) == {"nonce": "used up", "code": "used up"}


@pytest.mark.parametrize("switch", SECRETS, ids=str)
def test_the_login_of_an_adopted_connection_is_left_as_it_is(
    switch: dict[str, Any], tmp_path: Path, servers: Servers
) -> None:
    def program(uid: str, is_reusable: bool) -> None:
        ods.SharepointConnection(NAME, adopt=uid, is_reusable=is_reusable)

    with home(SHAREPOINT, tmp_path, servers, **switch) as here:
        consented = {"type": "oidc", "grant_type": "authorization_code", "nonce": "used up", "code": "used up"}
        uid = here.portal.post("/datasource_connections/", {"type": "sharepoint", "auth": consented})["uid"]
        here.engine.up(partial(program, uid, True))

        here.engine.up(partial(program, uid, False))

        assert here.seen()["is_reusable"] is False
        assert codes(here) == {"nonce": "used up", "code": "used up"}


@pytest.mark.parametrize("life", [HTTP, SHAREPOINT], ids=str)
def test_a_portal_that_forgets_the_login_it_is_not_told_of_is_found_out(
    life: Life, tmp_path: Path, servers: Servers
) -> None:
    with home(life, tmp_path, servers, omitted_in_put="clear") as here:
        here.engine.up(here.program())
        here.engine.up(here.program(without="auth"))

        lost = here.engine.up(here.program(other=lambda _: {"is_reusable": False}, without="auth"), ok=False)

        assert f"the portal took the login off {here.id}" in lost.errors[0]
        here.engine.up(here.program(other=lambda _: {"is_reusable": False}))
        assert login_kept(here)


# ---------------------------------------------------------------- codes whose way is in doubt


def test_a_new_code_that_may_have_arrived_is_not_sent_again(tmp_path: Path, servers: Servers) -> None:
    def program(number: int) -> Callable[[], None]:
        return here.program(other=lambda _: {"auth": login(nonce=f"nonce {number}", code=f"code {number}")})

    login = partial(consent, ods.SharepointOIDCAuth)
    with home(SHAREPOINT, tmp_path, servers) as here:
        here.engine.config["opendatasoft:maxRetries"] = "3"
        here.engine.up(program(1))
        here.portal.forget()
        here.portal.fail(
            {"method": "PUT", "path": "^/datasource_connections/", "nth": 1, "fault": "reset_after_commit"}
        )

        failed = here.engine.up(program(2), ok=False)

        assert "It may be used up: get a new one, give it to `auth`" in failed.errors[0]
        assert len(here.portal.writes()) == 1
        here.engine.up(program(3))
        assert codes(here) == {"nonce": "nonce 3", "code": "code 3"}
        here.is_settled(program(3))


def test_a_new_code_that_did_not_arrive_is_sent_again(tmp_path: Path, servers: Servers) -> None:
    login = partial(consent, ods.SharepointOIDCAuth, nonce="another nonce", code="another code")
    with home(SHAREPOINT, tmp_path, servers) as here:
        here.engine.config["opendatasoft:maxRetries"] = "3"
        here.engine.up(here.program())
        here.portal.fail({"method": "PUT", "path": "^/datasource_connections/", "nth": 1, "fault": "status:503"})

        here.engine.up(here.program(other=lambda _: {"auth": login()}))

        assert codes(here) == {"nonce": "another nonce", "code": "another code"}


# ---------------------------------------------------------------- whether every kind is tried


def test_every_kind_of_resource_has_a_life() -> None:
    public = [getattr(ods, name) for name in ods.__all__]
    kinds = {kind for kind in public if isinstance(kind, type) and issubclass(kind, Resource)}

    assert {life.kind for life in (*LIVES, DATASET, ROLE_LIFE)} == kinds
