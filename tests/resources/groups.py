"""The life of a group: a sample, and another value for each property."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from .life import Life
from .rows import Properties, Row, changed

if TYPE_CHECKING:
    from .home import Home

PUT = ("PUT /groups/editors/",)


def limits(limit: int = 10, unit: str = "day") -> ods.ExploreLimits:
    """What somebody may call."""
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


def prepare(home: Home) -> dict[str, Any]:
    """Two users who may be members."""
    home.portal.post("/users/invite/", [{"email": "ana@example.com"}, {"email": "ben@example.com"}])
    return {}


def seen(home: Home) -> Any:
    """The group, and who belongs to it."""
    members = [user["username"] for user in home.portal.all("/groups/editors/users/")]
    return {**home.portal.get("/groups/editors/"), "members": members}


def disturb(home: Home, path: str, value: Any) -> None:
    """Change the group, or who belongs to it."""
    if path == "members":
        home.portal.post("/groups/editors/users/batch/", [{"username": name} for name in value])
    elif path != "user_count":
        home.portal.put("/groups/editors/", changed(home.portal.get("/groups/editors/"), path, value))


GROUP = Life(
    ods.Group,
    {"": lambda _: given()},
    ROWS,
    seen,
    disturb,
    remove=lambda home: home.portal.delete("/groups/editors/"),
    left=lambda home: home.portal.all("/groups/"),
    prepare=prepare,
)
