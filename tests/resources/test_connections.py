"""Connections beyond their single properties: codes that are valid once, and logins that the program leaves out."""

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
from .bench import NAME, Bench, open_bench
from .connections import GOOGLE_DRIVE, HTTP, SHAREPOINT
from .datasets import DATASET
from .logins import consent, oauth2, oidc
from .roles import ROLE_SUBJECT
from .subject import Subject
from .test_lifecycles import SUBJECTS

Open = Callable[[Subject], AbstractContextManager[Bench]]


@pytest.fixture
def opened(tmp_path: Path, servers: Servers) -> Open:
    """Opens a bench for a type of connection."""
    return lambda subject: open_bench(subject, tmp_path, servers)


# ---------------------------------------------------------------- codes that are valid once

CODES = [
    pytest.param(SHAREPOINT, "", partial(consent, ods.SharepointOIDCAuth), ("nonce", "code"), id="SharePoint"),
    pytest.param(GOOGLE_DRIVE, "", partial(consent, ods.GoogleDriveOIDCAuth), ("nonce", "code"), id="Google Drive"),
    pytest.param(HTTP, "oauth2", oauth2, ("code",), id="OAuth 2"),
    pytest.param(HTTP, "oidc", oidc, ("code",), id="OpenID Connect"),
]


def codes(bench: Bench) -> dict[str, Any]:
    """The codes that the portal received; "used up" once they are."""
    kept = bench.emulator.portal.store.get("connection", bench.id)
    assert kept is not None
    return {name: kept["auth"].get(name) for name in ("nonce", "code") if name in kept["auth"]}


def use_up(bench: Bench) -> None:
    """Use up the codes on the portal, as it does when it gets access by them."""
    store = bench.emulator.portal.store
    kept = store.get("connection", bench.id)
    assert kept is not None
    store.put("connection", bench.id, {**kept, "auth": {**kept["auth"], **dict.fromkeys(codes(bench), "used up")}})


@pytest.mark.parametrize(("subject", "sample", "login", "names"), CODES)
def test_code_is_sent_once_and_again_only_if_changed(
    opened: Open, subject: Subject, sample: str, login: Callable[..., Any], names: tuple[str, ...]
) -> None:
    other = {name: f"another {name}" for name in names}
    with opened(subject) as bench:
        bench.engine.up(bench.program(sample))
        assert codes(bench) == {name: f"a {name}" for name in names}
        use_up(bench)

        bench.engine.up(bench.program(sample, lambda _: {"is_reusable": False}))
        assert bench.seen()["is_reusable"] is False
        assert codes(bench) == dict.fromkeys(names, "used up")

        bench.engine.up(bench.program(sample, lambda _: {"is_reusable": False, "auth": login(**other)}))
        assert codes(bench) == other
        use_up(bench)

        bench.engine.up(bench.program(sample, lambda _: {"auth": login(**other)}))
        assert bench.seen()["is_reusable"] is True
        assert codes(bench) == dict.fromkeys(names, "used up")
        bench.is_settled(bench.program(sample, lambda _: {"auth": login(**other)}))


# ---------------------------------------------------------------- logins that the program leaves out

SECRETS = [{}, {"connection_secret_left_out": "cleared"}]
"""Whether the portal keeps the secret of a login that is sent without it. It is unknown, so both are tried."""


def login_kept(bench: Bench) -> Any:
    """The login with its secrets, as the portal keeps it."""
    return (bench.emulator.portal.store.get("connection", bench.id) or {})["auth"]


@pytest.mark.parametrize("switch", SECRETS, ids=str)
def test_login_no_longer_managed_keeps_its_secret(switch: dict[str, Any], tmp_path: Path, servers: Servers) -> None:
    with open_bench(HTTP, tmp_path, servers, **switch) as bench:
        bench.engine.up(bench.program())
        kept = login_kept(bench)

        bench.engine.up(bench.program(without=("auth",)))
        bench.engine.up(bench.program(other=lambda _: {"url": "https://new.example.com"}, without=("auth",)))

        assert (bench.seen()["url"], login_kept(bench)) == ("https://new.example.com", kept)


@pytest.mark.parametrize("switch", SECRETS, ids=str)
@pytest.mark.parametrize("without", ["", "auth"])
def test_consent_survives_a_change_of_another_property(
    without: str, switch: dict[str, Any], tmp_path: Path, servers: Servers
) -> None:
    with open_bench(SHAREPOINT, tmp_path, servers, **switch) as bench:
        bench.engine.up(bench.program())
        bench.engine.up(bench.program(without=(without,)))
        use_up(bench)

        bench.engine.up(bench.program(other=lambda _: {"is_reusable": False}, without=(without,)))

        assert bench.seen()["is_reusable"] is False
        assert codes(bench) == {"nonce": "used up", "code": "used up"}


@pytest.mark.parametrize("switch", SECRETS, ids=str)
def test_login_of_an_adopted_connection_is_left_as_it_is(
    switch: dict[str, Any], tmp_path: Path, servers: Servers
) -> None:
    def program(uid: str, is_reusable: bool) -> None:
        ods.SharepointConnection(NAME, adopt=uid, is_reusable=is_reusable)

    with open_bench(SHAREPOINT, tmp_path, servers, **switch) as bench:
        consented = {"type": "oidc", "grant_type": "authorization_code", "nonce": "used up", "code": "used up"}
        uid = bench.portal.post("/datasource_connections/", {"type": "sharepoint", "auth": consented})["uid"]
        bench.engine.up(partial(program, uid, True))

        bench.engine.up(partial(program, uid, False))

        assert bench.seen()["is_reusable"] is False
        assert codes(bench) == {"nonce": "used up", "code": "used up"}


@pytest.mark.parametrize("subject", [HTTP, SHAREPOINT], ids=str)
def test_login_removed_by_the_portal_fails_the_update(subject: Subject, tmp_path: Path, servers: Servers) -> None:
    with open_bench(subject, tmp_path, servers, omitted_in_put="clear") as bench:
        bench.engine.up(bench.program())
        bench.engine.up(bench.program(without=("auth",)))

        lost = bench.engine.up(bench.program(other=lambda _: {"is_reusable": False}, without=("auth",)), ok=False)

        assert f"the portal removed the login of {bench.id}" in lost.errors[0]
        bench.engine.up(bench.program(other=lambda _: {"is_reusable": False}))
        assert login_kept(bench)


# ---------------------------------------------------------------- codes that may not have arrived


def test_new_code_that_may_have_arrived_is_not_sent_again(tmp_path: Path, servers: Servers) -> None:
    def program(number: int) -> Callable[[], None]:
        return bench.program(other=lambda _: {"auth": login(nonce=f"nonce {number}", code=f"code {number}")})

    login = partial(consent, ods.SharepointOIDCAuth)
    with open_bench(SHAREPOINT, tmp_path, servers) as bench:
        bench.engine.config["opendatasoft:maxRetries"] = "3"
        bench.engine.up(program(1))
        bench.portal.forget()
        bench.portal.fail(
            {"method": "PUT", "path": "^/datasource_connections/", "nth": 1, "fault": "reset_after_commit"}
        )

        failed = bench.engine.up(program(2), ok=False)

        assert "The code may be used up: get a new one, set it in `auth`" in failed.errors[0]
        assert len(bench.portal.writes()) == 1
        bench.engine.up(program(3))
        assert codes(bench) == {"nonce": "nonce 3", "code": "code 3"}
        bench.is_settled(program(3))


def test_new_code_that_did_not_arrive_is_sent_again(tmp_path: Path, servers: Servers) -> None:
    login = partial(consent, ods.SharepointOIDCAuth, nonce="another nonce", code="another code")
    with open_bench(SHAREPOINT, tmp_path, servers) as bench:
        bench.engine.config["opendatasoft:maxRetries"] = "3"
        bench.engine.up(bench.program())
        bench.portal.fail({"method": "PUT", "path": "^/datasource_connections/", "nth": 1, "fault": "status:503"})

        bench.engine.up(bench.program(other=lambda _: {"auth": login()}))

        assert codes(bench) == {"nonce": "another nonce", "code": "another code"}


# ---------------------------------------------------------------- every type


def test_every_resource_type_has_a_sample_with_rows() -> None:
    public = [getattr(ods, name) for name in ods.__all__]
    kinds = {kind for kind in public if isinstance(kind, type) and issubclass(kind, Resource)}

    # An image, which nothing can delete, has tests of its own.
    assert {subject.kind for subject in (*SUBJECTS, DATASET, ROLE_SUBJECT)} | {ods.Image} == kinds
