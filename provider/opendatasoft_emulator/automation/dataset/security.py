"""Who sees and does what with a dataset: /datasets/{dataset_uid}/security/users/ and …/groups/."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from ...state.store import Document
from .. import access_rules as rules
from ..auth import TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..schemas import EACH_ONCE, Asked, DatasetPermission, RelatedGroup, RelatedUser, Route
from .dependencies import Manageable, changing
from .schemas import DatasetSecurity

router = APIRouter(prefix="/datasets/{dataset_uid}/security", tags=["Dataset security"], route_class=Route)


class _Rule(Asked):
    security: DatasetSecurity = Field(default_factory=DatasetSecurity)
    permissions: Annotated[list[DatasetPermission], EACH_ONCE] = Field(default_factory=list)


class UserRuleChange(_Rule):
    """What a PUT says, whole; the user is in the path."""

    user: RelatedUser | None = None


class UserRule(_Rule):
    """What one user sees and does."""

    user: RelatedUser


class GroupRuleChange(_Rule):
    """What a PUT says, whole; the group is in the path."""

    group: RelatedGroup | None = None


class GroupRule(_Rule):
    """What the members of one group see and do."""

    group: RelatedGroup


@router.get("/users/", response_model=Paginated[UserRule])
def list_user_rules(dataset: Manageable, page: ThePage, portal: ThePortal) -> Document:
    """The rules for users."""
    return page.of(rules.rules_of(portal, "user", dataset["uid"]))


@router.post("/users/", response_model=UserRule, status_code=201)
def create_user_rule(dataset: Manageable, asked: UserRule, caller: TheCaller, portal: ThePortal) -> Document:
    """A new rule for a user."""
    with changing(portal, dataset, caller):
        return rules.create(portal, "user", dataset["uid"], asked.model_dump())


@router.get("/users/{username}/", response_model=UserRule)
def get_user_rule(username: str, dataset: Manageable, portal: ThePortal) -> Document:
    """The rule for one user."""
    return rules.rule_of(portal, "user", dataset["uid"], username)


@router.put("/users/{username}/", response_model=UserRule)
def update_user_rule(
    username: str, dataset: Manageable, asked: UserRuleChange, caller: TheCaller, portal: ThePortal
) -> Document:
    """Replace the rule for one user."""
    with changing(portal, dataset, caller):
        return rules.replace(portal, "user", dataset["uid"], username, asked.model_dump())


@router.delete("/users/{username}/", status_code=204)
def delete_user_rule(username: str, dataset: Manageable, caller: TheCaller, portal: ThePortal) -> None:
    """Delete the rule for one user."""
    with changing(portal, dataset, caller):
        rules.remove(portal, "user", dataset["uid"], username)


@router.get("/groups/", response_model=Paginated[GroupRule])
def list_group_rules(dataset: Manageable, page: ThePage, portal: ThePortal) -> Document:
    """The rules for groups."""
    return page.of(rules.rules_of(portal, "group", dataset["uid"]))


@router.post("/groups/", response_model=GroupRule, status_code=201)
def create_group_rule(dataset: Manageable, asked: GroupRule, caller: TheCaller, portal: ThePortal) -> Document:
    """A new rule for a group."""
    with changing(portal, dataset, caller):
        return rules.create(portal, "group", dataset["uid"], asked.model_dump())


@router.get("/groups/{group_uid}/", response_model=GroupRule)
def get_group_rule(group_uid: str, dataset: Manageable, portal: ThePortal) -> Document:
    """The rule for one group."""
    return rules.rule_of(portal, "group", dataset["uid"], group_uid)


@router.put("/groups/{group_uid}/", response_model=GroupRule)
def update_group_rule(
    group_uid: str, dataset: Manageable, asked: GroupRuleChange, caller: TheCaller, portal: ThePortal
) -> Document:
    """Replace the rule for one group."""
    with changing(portal, dataset, caller):
        return rules.replace(portal, "group", dataset["uid"], group_uid, asked.model_dump())


@router.delete("/groups/{group_uid}/", status_code=204)
def delete_group_rule(group_uid: str, dataset: Manageable, caller: TheCaller, portal: ThePortal) -> None:
    """Delete the rule for one group."""
    with changing(portal, dataset, caller):
        rules.remove(portal, "group", dataset["uid"], group_uid)
