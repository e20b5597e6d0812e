"""The types of connections under test: samples for every login, and another value for each property."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods
from pulumi_opendatasoft.program.resource import Resource

from .logins import access_key, basic, consent, oauth2, oidc, role, shared_key
from .rows import ANYTHING, Given, Properties, Row, changed
from .subject import Subject

if TYPE_CHECKING:
    from .bench import Bench

PUT = ("PUT /datasource_connections/{uid}/",)
RULES = "/datasource_connections/{uid}/security/"
ONE_GRANT = '"implicit" is not a valid choice'


# ---------------------------------------------------------------- the properties of every connection


def shared(**own: Any) -> Properties:
    """The properties that every connection has, and its own."""
    return {
        "is_reusable": True,
        "user_access": [ods.UserAccess(user="ana", permissions=["manage_connection"])],
        "group_access": [ods.GroupAccess(group="readers", permissions=["manage_connection"])],
        **own,
    }


SHARED_ROWS = (
    Row("is_reusable", lambda _: {"is_reusable": False}, {"is_reusable": False}, PUT),
    Row(
        "user_access[].user",
        lambda _: {"user_access": [ods.UserAccess(user="ben", permissions=["manage_connection"])]},
        {"users[0].user.username": "ben"},
        (f"POST {RULES}users/", f"DELETE {RULES}users/ana/"),
        back=(f"POST {RULES}users/", f"DELETE {RULES}users/ben/"),
        reads=2,
    ),
    Row(
        "user_access[].permissions",
        lambda _: {"user_access": [ods.UserAccess(user="ana")]},
        {"users[0].permissions": []},
        (f"PUT {RULES}users/ana/",),
        reads=2,
    ),
    Row(
        "group_access[].group",
        lambda _: {"group_access": [ods.GroupAccess(group="writers", permissions=["manage_connection"])]},
        {"groups[0].group.uid": "writers"},
        (f"POST {RULES}groups/", f"DELETE {RULES}groups/readers/"),
        back=(f"POST {RULES}groups/", f"DELETE {RULES}groups/writers/"),
        reads=2,
    ),
    Row(
        "group_access[].permissions",
        lambda _: {"group_access": [ods.GroupAccess(group="readers")]},
        {"groups[0].permissions": []},
        (f"PUT {RULES}groups/readers/",),
        reads=2,
    ),
    Row("adopt", lambda _: {"adopt": True}, drifts=False, reads=0),
    Row("portal", lambda _: {"portal": "second"}, drifts=False, reads=0),
)


def secret(path: str, name: str, other: Given, actual: str, *, sample: str = "") -> Row:
    """A row for a property that the portal never returns."""
    return Row(path, other, {f"secrets.{name}": actual}, PUT, drifts=False, sample=sample)


def login(make: Callable[..., Any], **other: str) -> Given:
    """The sample with another login."""
    return lambda _: {"auth": make(**other)}


def secrets_of(auth: str, sample: str, make: Callable[..., Any], **others: str) -> tuple[Row, ...]:
    """A row for each secret member of a login."""
    return tuple(secret(f"{auth}.{n}", n, login(make, **{n: v}), v, sample=sample) for n, v in others.items())


def members_of(auth: str, sample: str, make: Callable[..., Any], **others: str) -> tuple[Row, ...]:
    """A row for each member of a login that the portal returns."""
    return tuple(
        Row(f"{auth}.{n}", login(make, **{n: v}), {f"auth.{n}": v}, PUT, sample=sample) for n, v in others.items()
    )


def headers() -> Row:
    """A row for the headers, which the portal returns."""
    return Row(
        "headers",
        lambda _: {"headers": {"x-token": "another token"}},
        {"headers[0].value": "another token"},
        PUT,
        keys=("x-token",),
    )


# ---------------------------------------------------------------- how another client reads and changes them


def prepare(bench: Bench) -> dict[str, Any]:
    """Create users and groups for access rules."""
    bench.portal.post("/users/invite/", [{"email": "ana@example.com"}, {"email": "ben@example.com"}])
    for title in ("Readers", "Writers"):
        bench.portal.post("/groups/", {"title": title, "permissions": []})
    return {}


def seen(bench: Bench) -> Any:
    """The connection, its rules, and the secrets that the portal keeps and does not return."""
    endpoint = f"/datasource_connections/{bench.id}/"
    connection = bench.portal.get(endpoint)
    kept: Mapping[str, Any] = bench.emulator.portal.store.get("connection", bench.id) or {}
    hidden = {**kept, **(kept.get("auth") or {})}
    open_ = {**connection, **(connection.get("auth") or {})}
    own = {name: value for name, value in hidden.items() if name != "created_by"}
    return {
        **connection,
        "users": bench.portal.all(f"{endpoint}security/users/"),
        "groups": bench.portal.all(f"{endpoint}security/groups/"),
        "secrets": {name: value for name, value in own.items() if open_.get(name) is None and value is not None},
    }


def disturb(bench: Bench, path: str, value: Any) -> None:
    """Change the connection or a rule of it."""
    endpoint = f"/datasource_connections/{bench.id}/"
    if not path.startswith(("users[", "groups[")):
        bench.portal.put(endpoint, changed(bench.portal.get(endpoint), path, value))
        return
    rules = f"{endpoint}security/{path.partition('[')[0]}/"
    old = bench.portal.all(rules)[0]
    new = changed([old], path.removeprefix("users").removeprefix("groups"), value)[0]
    target = "user" if path.startswith("users") else "group"
    (name,) = old[target].values()
    if new[target] == old[target]:
        bench.portal.put(f"{rules}{name}/", new)
    else:
        bench.portal.delete(f"{rules}{name}/")
        bench.portal.post(rules, new)


def connection(kind: type[Resource], samples: Mapping[str, Given], *rows: Row) -> Subject:
    """A type of connection under test."""
    return Subject(
        kind,
        samples,
        (*SHARED_ROWS, *rows),
        seen,
        disturb,
        remove=lambda bench: bench.portal.delete(f"/datasource_connections/{bench.id}/"),
        left=lambda bench: bench.portal.all("/datasource_connections/"),
        prepare=prepare,
    )


# ---------------------------------------------------------------- each kind

URL = "https://data.example.com"


def http(auth: Any) -> Properties:
    """A web server with some login."""
    return shared(url=URL, headers={"x-token": "a token"}, auth=auth)


HTTP = connection(
    ods.HTTPConnection,
    {"": lambda _: http(basic()), "oauth2": lambda _: http(oauth2()), "oidc": lambda _: http(oidc())},
    Row("url", lambda _: {"url": "https://new.example.com"}, {"url": "https://new.example.com"}, PUT),
    headers(),
    *members_of("auth[basic_auth]", "", basic, username="gate"),
    *secrets_of("auth[basic_auth]", "", basic, password="another password"),
    *members_of(
        "auth[oauth2]",
        "oauth2",
        oauth2,
        client_id="gate",
        scope="write",
        token_endpoint="https://login.example.com/new",
        grant_type="client_credentials",
    ),
    *secrets_of(
        "auth[oauth2]",
        "oauth2",
        oauth2,
        client_secret="another secret",
        username="ben",
        password="another password",
        code="another code",
    ),
    *members_of(
        "auth[oidc]", "oidc", oidc, client_id="gate", scope="email", token_endpoint="https://login.example.com/new"
    ),
    *secrets_of("auth[oidc]", "oidc", oidc, client_secret="another secret", code="another code"),
    Row(
        "auth[oidc].claims",
        lambda _: {"auth": oidc(claims={"email": "ben@example.com"})},
        {"auth.claims.email": "ben@example.com"},
        PUT,
        keys=("email",),
        sample="oidc",
    ),
    Row("auth[oidc].grant_type", lambda _: {"auth": oidc(grant_type="implicit")}, sample="oidc", refused=ONE_GRANT),
)

FTP = connection(
    ods.FTPConnection,
    {"": lambda _: shared(url="ftps://files.example.com", auth=basic())},
    Row("url", lambda _: {"url": "ftps://new.example.com"}, {"url": "ftps://new.example.com"}, PUT),
    *members_of("auth", "", basic, username="gate"),
    *secrets_of("auth", "", basic, password="another password"),
)


def drive(kind: type[Resource], auth: Any) -> Subject:
    """A type of connection with a consent."""

    def make(**other: Any) -> Any:
        return consent(auth, **other)

    return connection(
        kind,
        {"": lambda _: shared(auth=make())},
        *secrets_of("auth", "", make, nonce="another nonce", code="another code"),
        Row("auth.grant_type", lambda _: {"auth": make(grant_type="implicit")}, refused=ONE_GRANT),
    )


SHAREPOINT = drive(ods.SharepointConnection, ods.SharepointOIDCAuth)
GOOGLE_DRIVE = drive(ods.GoogleDriveConnection, ods.GoogleDriveOIDCAuth)


def storage(auth: Any) -> Properties:
    """Storage of a cloud provider."""
    return shared(url="https://city.example.com", headers={"x-token": "a token"}, auth=auth)


AMAZON_S3 = connection(
    ods.AmazonS3Connection,
    {"": lambda _: storage(access_key()), "role": lambda _: storage(role())},
    Row("url", lambda _: {"url": "https://new.example.com"}, {"url": "https://new.example.com"}, PUT),
    headers(),
    *members_of("auth[aws_signature_v4]", "", access_key, access_key_id="AKIA2", region="eu-west-3"),
    *secrets_of("auth[aws_signature_v4]", "", access_key, secret_access_key="another secret"),
    *members_of("auth[iam_role]", "role", role, region="eu-west-3", role_arn="arn:aws:iam::123456789012:role/sea"),
)

AZURE = connection(
    ods.AzureBlobStorageConnection,
    {"": lambda _: storage(shared_key())},
    Row("url", lambda _: {"url": "https://new.example.com"}, {"url": "https://new.example.com"}, PUT),
    headers(),
    *members_of("auth", "", shared_key, account_name="town"),
    *secrets_of("auth", "", shared_key, shared_key="another key"),
)


def snowflake(**other: Any) -> Properties:
    """A connection of a type that the official description does not contain."""
    return shared(
        **{
            "type": "snowflake_odbc",
            "params": {"warehouse": "city"},
            "secret_params": {"connection_string": "a secret"},
            **other,
        }
    )


OTHER = connection(
    ods.OtherConnection,
    {"": lambda _: snowflake()},
    Row(
        "type",
        lambda _: {"type": "jcdecaux"},
        {"type": "jcdecaux", "uid": ANYTHING},
        (
            # It has no natural key: the new one is created before the old one is deleted.
            "POST /datasource_connections/",
            f"POST {RULES}users/",
            f"POST {RULES}groups/",
            "DELETE /datasource_connections/{uid}/",
        ),
        "replace",
        drifts=False,
        reads=3,  # one of them before the POST: what looks the same by then is not the new one
    ),
    Row("params", lambda _: {"params": {"warehouse": "town"}}, {"warehouse": "town"}, PUT, keys=("warehouse",)),
    secret(
        "secret_params",
        "connection_string",
        lambda _: {"secret_params": {"connection_string": "another secret"}},
        "another secret",
    ),
)

CONNECTIONS = (HTTP, FTP, SHAREPOINT, GOOGLE_DRIVE, AMAZON_S3, AZURE, OTHER)
