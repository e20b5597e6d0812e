"""The members of a group: /groups/{group_uid}/users/."""

from fastapi import APIRouter

from ..errors import invalid, not_found
from ..portal import Portal
from ..state.store import Document
from .auth import Administrator, ThePortal
from .batches import BatchItem, BatchResult, batch
from .group import group_of
from .paging import Paginated, ThePage
from .routes import Route
from .schemas import RelatedUser
from .user import User, users_of
from .user import show as show_user

router = APIRouter(prefix="/groups/{group_uid}/users", tags=["User groups"], route_class=Route)


@router.get("/", response_model=Paginated[User])
def list_members(group_uid: str, page: ThePage, caller: Administrator, portal: ThePortal) -> Document:
    """The members of a group."""
    with portal.store.transaction():
        group_of(portal, group_uid)
        members = [user for user in users_of(portal) if group_uid in user["groups"]]
    return page.render(members, lambda user: show_user(portal, user))


@router.post("/", response_model=User, status_code=201)
def add_member(group_uid: str, body: RelatedUser, caller: Administrator, portal: ThePortal) -> Document:
    """Add a user. A user who is a member already stays one."""
    return _add_member(portal, group_uid, body.username)


@router.post("/batch/", response_model=dict[str, BatchResult[User]])
def add_members(
    group_uid: str, body: list[BatchItem[RelatedUser]], caller: Administrator, portal: ThePortal
) -> dict[str, Document]:
    """Add several users. Each has a result of its own, by number, in a 200."""
    group_of(portal, group_uid)
    return batch(body, lambda item: _add_member(portal, group_uid, item.username))


def _add_member(portal: Portal, group_uid: str, username: str) -> Document:
    with portal.store.transaction():
        group_of(portal, group_uid)
        user = portal.store.get("user", username)
        if user is None:
            raise invalid(username=f'User "{username}" does not exist.')
        if group_uid not in user["groups"]:
            user["groups"].append(group_uid)
            portal.store.put("user", username, user)
    return show_user(portal, user)


@router.delete("/{username}/", status_code=204)
def remove_member(group_uid: str, username: str, caller: Administrator, portal: ThePortal) -> None:
    """Remove a user from a group."""
    with portal.store.transaction():
        group_of(portal, group_uid)
        user = portal.store.get("user", username)
        if user is None or group_uid not in user["groups"]:
            raise not_found()
        user["groups"].remove(group_uid)
        portal.store.put("user", username, user)
