"""The resource type `User` under test: invited or provisioned, and another value for each property."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from .groups import limits
from .rows import ANYTHING, Properties, Row, changed
from .subject import Subject

if TYPE_CHECKING:
    from .bench import Bench

PUT = ("PUT /users/ana/",)
ADDRESSES = ("ana@example.com", "bea@example.com")


def given(**other: Any) -> Properties:
    """Every property of a user who is invited."""
    return {
        "email": "ana@example.com",
        "permissions": ["edit_dataset", "create_dataset"],
        "groups": ["readers"],
        "first_name": "Ana",
        "last_name": "Lopes",
        "explore_limits": limits(),
        **other,
    }


def provisioned(**other: Any) -> Properties:
    """Every property of a user who is provisioned at an identity provider."""
    return given(identity_provider="city", identity_provider_attributes={"nickname": "al"}, **other)


ROWS = (
    Row(
        "email",
        lambda _: {"email": "bea@example.com"},
        {
            "email": "bea@example.com",
            "username": "bea",
            "display_name": "bea",
            "is_active": False,
            "gravatar_url": ANYTHING,
        },
        ("DELETE /users/ana/", "POST /users/invite/"),
        "replace",
        back=("DELETE /users/bea/", "POST /users/invite/"),
        drifts=False,
        reads=3,
    ),
    Row("permissions", lambda _: {"permissions": ["edit_page"]}, {"permissions": ["edit_page"]}, PUT),
    Row("groups", lambda _: {"groups": ["writers"]}, {"groups[0].uid": "writers"}, PUT),
    # All portals share an account, so a portal may ignore another name.
    Row("first_name", lambda _: {"first_name": "Anna"}, {}, PUT, drifts=False),
    Row("last_name", lambda _: {"last_name": "Lopez"}, {}, PUT, drifts=False),
    Row(
        "explore_limits.api_calls.limit",
        lambda _: {"explore_limits": limits(limit=20)},
        {"explore_limits.api_calls.limit": 20},
        PUT,
    ),
    Row(
        "explore_limits.api_calls.unit",
        lambda _: {"explore_limits": limits(unit="hour")},
        {"explore_limits.api_calls.unit": "hour"},
        PUT,
    ),
    Row(
        "identity_provider",
        lambda _: {"identity_provider": "region"},
        {"identity_providers[0].uid": "region"},
        ("DELETE /users/ana/", "POST /users/provision/"),
        "replace",
        drifts=False,
        reads=3,
        sample="provisioned",
    ),
    Row(
        "identity_provider_attributes",
        lambda _: {"identity_provider_attributes": {"nickname": "ana"}},
        {},
        ("DELETE /users/ana/", "POST /users/provision/"),
        "replace",
        drifts=False,
        reads=3,
        sample="provisioned",
    ),
    Row("adopt", lambda _: {"adopt": True}, drifts=False, reads=0),
    Row("portal", lambda _: {"portal": "second"}, drifts=False, reads=0),
)


def prepare(bench: Bench) -> dict[str, Any]:
    """Create two groups for memberships."""
    for title in ("Readers", "Writers"):
        bench.portal.post("/groups/", {"title": title, "permissions": []})
    return {}


def ours(bench: Bench) -> list[Any]:
    """The users of these tests, without the administrator."""
    return [user for user in bench.portal.all("/users/") if user["email"] in ADDRESSES]


def accept(bench: Bench) -> None:
    """Accept the invitation. (A provisioned user has joined already.)"""
    bench.portal.control.post("/join", json={"email": ADDRESSES[0]}).raise_for_status()


def disturb(bench: Bench, path: str, value: Any) -> None:
    """Change the user."""
    bench.portal.put("/users/ana/", changed(bench.portal.get("/users/ana/"), path, value))


USER = Subject(
    ods.User,
    {"": lambda _: given(), "provisioned": lambda _: provisioned()},
    ROWS,
    lambda bench: next(iter(ours(bench)), None),
    disturb,
    remove=lambda bench: bench.portal.delete("/users/ana/"),
    left=ours,
    prepare=prepare,
    arrive=accept,
)
