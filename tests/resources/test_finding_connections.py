"""How a connection, which has no name, is found: for an adoption, beside equal ones, and after a lost response."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from .observations import is_settled

URL = "https://data.example.com"
ALL = "/datasource_connections/"


def connections(portal: Portal) -> list[dict[str, Any]]:
    """All connections of the portal."""
    return portal.all(ALL)


def made_by_hand(portal: Portal, auth: Any = None, **other: Any) -> str:
    """Create a connection as another client; returns its uid."""
    return str(portal.post(ALL, {"type": "http", "url": URL, "auth": auth, **other})["uid"])


# ---------------------------------------------------------------- by its login


CLIENT = {
    "client_id": "portal",
    "client_secret": "a secret",
    "scope": "read",
    "token_endpoint": "https://login.example.com/token",
}
LOGINS = [
    pytest.param(ods.BasicAuth, {"type": "basic_auth", "username": "portal", "password": "a password"}, id="basic"),
    pytest.param(
        ods.OAuth2Auth,
        {"type": "oauth2", "grant_type": "password", "username": "ana", "password": "a password", **CLIENT},
        id="OAuth 2",
    ),
    pytest.param(ods.OIDCAuth, {"type": "oidc", "grant_type": "authorization_code", **CLIENT}, id="OpenID Connect"),
]


@pytest.mark.parametrize(("kind", "login"), LOGINS)
def test_connection_is_adopted_by_server_and_login_name(
    kind: Any, login: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    uid = made_by_hand(portal, login)
    portal.forget()

    engine.up(lambda: ods.HTTPConnection("server", url=URL, auth=kind(**login), adopt=True))

    assert (engine.get("server").id, portal.writes()) == (uid, [])


# ---------------------------------------------------------------- beside equal ones


def department(name: str, token: str, **other: Any) -> ods.HTTPConnection:
    """A connection of a department to a server that both departments use."""
    return ods.HTTPConnection(name, url=URL, headers={"X-Token": token}, **other)


def both(**other: Any) -> None:
    """The two departments."""
    department("finance", "first token")
    department("health", "second token", **other)


@pytest.mark.parametrize("other", [{}, {"adopt": True}], ids=["plain", "adopt"])
def test_two_connections_to_one_server_have_their_own_tokens(
    other: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    engine.up(lambda: department("finance", "first token"))

    assert engine.up(lambda: both(**other)).steps == {"health": "create"}

    actual = {connection["uid"]: connection["headers"][0]["value"] for connection in connections(portal)}
    assert actual == {engine.get("finance").id: "first token", engine.get("health").id: "second token"}
    is_settled(engine, portal, lambda: both(**other))


def test_unused_connection_with_another_token_is_no_conflict(engine: Engine, portal: Portal) -> None:
    made_by_hand(portal, headers=[{"name": "X-Token", "value": "of somebody"}])

    engine.up(lambda: department("finance", "first token"))

    assert len(connections(portal)) == 2


def test_equal_unused_connection_is_a_conflict(engine: Engine, portal: Portal) -> None:
    uid = made_by_hand(portal, headers=[{"name": "X-Token", "value": "first token"}])

    refused = engine.up(lambda: department("finance", "first token"), ok=False)

    assert f"({uid}), and nothing was written" in refused.errors[0]
    assert f'adopt="{uid}"' in refused.errors[0]


def test_equal_connection_of_another_resource_is_no_conflict(engine: Engine, portal: Portal) -> None:
    def two() -> None:
        ods.HTTPConnection("public", url=URL)
        ods.HTTPConnection("inner", url=URL, is_reusable=False)

    engine.up(lambda: ods.HTTPConnection("public", url=URL))

    assert engine.up(two).steps == {"inner": "create"}
    assert len(connections(portal)) == 2


# ---------------------------------------------------------------- without a natural key


def role_beforehand() -> ods.AWSIAMRoleAuth:
    """A login without a name."""
    return ods.AWSIAMRoleAuth(region="eu-west-1")


KEYLESS = [
    pytest.param(lambda **other: ods.SharepointConnection("it", **other), {"type": "sharepoint"}, id="SharePoint"),
    pytest.param(lambda **other: ods.GoogleDriveConnection("it", **other), {"type": "google_drive"}, id="Google Drive"),
    pytest.param(
        lambda **other: ods.OtherConnection("it", type="jcdecaux", **other), {"type": "jcdecaux"}, id="another kind"
    ),
    pytest.param(
        lambda **other: ods.AmazonS3Connection("it", auth=role_beforehand(), **other),
        {"type": "amazon_s3", "auth": {"type": "iam_role", "region": "eu-west-1", "role_arn": ""}},
        id="Amazon S3 with a role",
    ),
]


@pytest.mark.parametrize(("program", "existing"), KEYLESS)
def test_connection_without_a_key_is_adopted_by_uid_alone(
    program: Any, existing: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    uid = portal.post(ALL, existing)["uid"]
    portal.forget()

    for step in (engine.preview, engine.up):
        refused = step(lambda: program(adopt=True), ok=False)
        assert "adopt: these properties do not identify the connection to adopt" in refused.errors[0]
        assert 'adopt="co_…"' in refused.errors[0]
    assert portal.requests() == []

    engine.up(lambda: program(adopt=uid))
    assert (engine.get("it").id, portal.writes()) == (uid, [])
    is_settled(engine, portal, lambda: program(adopt=uid))
