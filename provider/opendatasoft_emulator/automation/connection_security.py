"""Who may manage a connection: /datasource_connections/{connection_uid}/security/users/ and …/groups/."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from ..errors import not_found, permission_denied
from ..state.store import Document
from . import access_rules as rules
from . import connection as connections
from .auth import TheCaller, ThePortal
from .paging import Paginated, ThePage
from .schemas import Asked, RelatedGroup, RelatedUser, Route, choice

router = APIRouter(
    prefix="/datasource_connections/{connection_uid}/security",
    tags=["Datasource connection security"],
    route_class=Route,
)


class _Rule(Asked):
    permissions: list[Annotated[str, choice("manage_connection")]] = Field(default_factory=list)


class UserRuleChange(_Rule):
    """What a PUT says, whole; the user is in the path."""

    user: RelatedUser | None = None


class UserRule(_Rule):
    """What one user may do with a connection; the rule alone, without a permission, lets them use it."""

    user: RelatedUser


class GroupRuleChange(_Rule):
    """What a PUT says, whole; the group is in the path."""

    group: RelatedGroup | None = None


class GroupRule(_Rule):
    """What the members of one group may do with a connection."""

    group: RelatedGroup


def _managed(connection_uid: str, caller: TheCaller, portal: ThePortal) -> Document:
    connection = portal.store.get("connection", connection_uid)
    if connection is None:
        raise not_found()
    if not connections.manageable(portal, caller, connection):
        raise permission_denied()
    return connection


Managed = Annotated[Document, Depends(_managed)]
"""The connection of the path, of which the caller may say who has access."""


@router.get("/users/", response_model=Paginated[UserRule])
def list_user_rules(connection: Managed, page: ThePage, portal: ThePortal) -> Document:
    """The rules for users."""
    return page.of(rules.rules_of(portal, "user", connection["uid"]))


@router.post("/users/", response_model=UserRule)
def create_user_rule(connection: Managed, asked: UserRule, portal: ThePortal, response: Response) -> Document:
    """A new rule for a user."""
    response.status_code = portal.settings.connection_rule_status
    with portal.store.transaction():
        return rules.create(portal, "user", connection["uid"], asked.model_dump())


@router.get("/users/{username}/", response_model=UserRule)
def get_user_rule(username: str, connection: Managed, portal: ThePortal) -> Document:
    """The rule for one user."""
    return rules.rule_of(portal, "user", connection["uid"], username)


@router.put("/users/{username}/", response_model=UserRule)
def update_user_rule(username: str, connection: Managed, asked: UserRuleChange, portal: ThePortal) -> Document:
    """Replace the rule for one user."""
    with portal.store.transaction():
        return rules.replace(portal, "user", connection["uid"], username, asked.model_dump())


@router.delete("/users/{username}/", status_code=204)
def delete_user_rule(username: str, connection: Managed, portal: ThePortal) -> None:
    """Delete the rule for one user."""
    rules.remove(portal, "user", connection["uid"], username)


@router.get("/groups/", response_model=Paginated[GroupRule])
def list_group_rules(connection: Managed, page: ThePage, portal: ThePortal) -> Document:
    """The rules for groups."""
    return page.of(rules.rules_of(portal, "group", connection["uid"]))


@router.post("/groups/", response_model=GroupRule)
def create_group_rule(connection: Managed, asked: GroupRule, portal: ThePortal, response: Response) -> Document:
    """A new rule for a group."""
    response.status_code = portal.settings.connection_rule_status
    with portal.store.transaction():
        return rules.create(portal, "group", connection["uid"], asked.model_dump())


@router.get("/groups/{group_uid}/", response_model=GroupRule)
def get_group_rule(group_uid: str, connection: Managed, portal: ThePortal) -> Document:
    """The rule for one group."""
    return rules.rule_of(portal, "group", connection["uid"], group_uid)


@router.put("/groups/{group_uid}/", response_model=GroupRule)
def update_group_rule(group_uid: str, connection: Managed, asked: GroupRuleChange, portal: ThePortal) -> Document:
    """Replace the rule for one group."""
    with portal.store.transaction():
        return rules.replace(portal, "group", connection["uid"], group_uid, asked.model_dump())


@router.delete("/groups/{group_uid}/", status_code=204)
def delete_group_rule(group_uid: str, connection: Managed, portal: ThePortal) -> None:
    """Delete the rule for one group."""
    rules.remove(portal, "group", connection["uid"], group_uid)
