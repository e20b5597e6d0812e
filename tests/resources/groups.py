"""The resource type `Group` under test: a sample, and another value for each property."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from .rows import Properties, Row, changed
from .subject import Subject

if TYPE_CHECKING:
    from .bench import Bench

PUT = ("PUT /groups/editors/",)


def limits(limit: int = 10, unit: str = "day") -> ods.ExploreLimits:
    """A limit of API calls."""
    return ods.ExploreLimits(api_calls=ods.Quota(limit=limit, unit=unit))


def given(**other: Any) -> Properties:
    """Every property of a group."""
    return {
        "title": "Editors",
        "description": "Those who write",
        "permissions": ["edit_dataset", "create_dataset"],
        "explore_limits": limits(),
        "members": ["ana"],
        **other,
    }


ROWS = (
    Row("title", lambda _: {"title": "Writers"}, {"title": "Writers"}, PUT),
    Row("description", lambda _: {"description": "Those who rewrite"}, {"description": "Those who rewrite"}, PUT),
    Row("permissions", lambda _: {"permissions": ["edit_page"]}, {"permissions": ["edit_page"]}, PUT),
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
        "members",
        lambda _: {"members": ["ben", "ana"]},
        {"members": ["ana", "ben"], "user_count": 2},
        ("POST /groups/editors/users/",),
        back=("DELETE /groups/editors/users/ben/",),
        reads=2,
    ),
    Row("adopt", lambda _: {"adopt": True}, drifts=False, reads=0),
    Row("portal", lambda _: {"portal": "second"}, drifts=False, reads=0),
)


def prepare(bench: Bench) -> dict[str, Any]:
    """Invite two users who can become members."""
    bench.portal.post("/users/invite/", [{"email": "ana@example.com"}, {"email": "ben@example.com"}])
    return {}


def seen(bench: Bench) -> Any:
    """The group and its members."""
    members = [user["username"] for user in bench.portal.all("/groups/editors/users/")]
    return {**bench.portal.get("/groups/editors/"), "members": members}


def disturb(bench: Bench, path: str, value: Any) -> None:
    """Change the group or its members."""
    if path == "members":
        bench.portal.post("/groups/editors/users/batch/", [{"username": name} for name in value])
    elif path != "user_count":
        bench.portal.put("/groups/editors/", changed(bench.portal.get("/groups/editors/"), path, value))


GROUP = Subject(
    ods.Group,
    {"": lambda _: given()},
    ROWS,
    seen,
    disturb,
    remove=lambda bench: bench.portal.delete("/groups/editors/"),
    left=lambda bench: bench.portal.all("/groups/"),
    prepare=prepare,
)
