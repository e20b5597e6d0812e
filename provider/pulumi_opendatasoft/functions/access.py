"""Functions that read who has access to datasets, connections and pages."""

from __future__ import annotations

from collections.abc import Sequence

from .calls import Portal, exactly_one
from .info import Info
from .related import RelatedGroup, RelatedUser, SecurityInfo

_COLLECTIONS = {
    "dataset": "/datasets/",
    "connection": "/datasource_connections/",
    "code_editor_page": "/code_editor_pages/",
    "studio_page": "/studio_pages/",
}


class UserAccessInfo(Info):
    """The access of a user; `security` is there for datasets alone."""

    user: RelatedUser
    permissions: Sequence[str]
    security: SecurityInfo | None


class GroupAccessInfo(Info):
    """The access of a group; `security` is there for datasets alone."""

    group: RelatedGroup
    permissions: Sequence[str]
    security: SecurityInfo | None


def list_user_access(
    *,
    dataset: str | None = None,
    connection: str | None = None,
    code_editor_page: str | None = None,
    studio_page: str | None = None,
    portal: str | None = None,
) -> list[UserAccessInfo]:
    """Return the users who have access to one object.

    Args:
        dataset: the uid or the dataset_id of a dataset.
        connection: or the uid of a connection.
        code_editor_page: or the slug of a code editor page.
        studio_page: or the uid of a Studio page.
        portal: one of the portals under `opendatasoft:portals`.
    """
    at = Portal(portal)
    place = _place(at, "list_user_access", dataset, connection, code_editor_page, studio_page)
    return UserAccessInfo.of(at.all(f"{place[0]}{{}}/security/users/", place[1]))


def get_user_access(
    username: str,
    *,
    dataset: str | None = None,
    connection: str | None = None,
    code_editor_page: str | None = None,
    studio_page: str | None = None,
    portal: str | None = None,
) -> UserAccessInfo:
    """Return the access of a user to one object.

    Args:
        username: the user.
        dataset: the uid or the dataset_id of a dataset.
        connection: or the uid of a connection.
        code_editor_page: or the slug of a code editor page.
        studio_page: or the uid of a Studio page.
        portal: one of the portals under `opendatasoft:portals`.
    """
    at = Portal(portal)
    place = _place(at, "get_user_access", dataset, connection, code_editor_page, studio_page)
    return UserAccessInfo(at.get(f"{place[0]}{{}}/security/users/{{}}/", place[1], username))


def list_group_access(
    *,
    dataset: str | None = None,
    connection: str | None = None,
    code_editor_page: str | None = None,
    studio_page: str | None = None,
    portal: str | None = None,
) -> list[GroupAccessInfo]:
    """Return the groups that have access to one object.

    Args:
        dataset: the uid or the dataset_id of a dataset.
        connection: or the uid of a connection.
        code_editor_page: or the slug of a code editor page.
        studio_page: or the uid of a Studio page.
        portal: one of the portals under `opendatasoft:portals`.
    """
    at = Portal(portal)
    place = _place(at, "list_group_access", dataset, connection, code_editor_page, studio_page)
    return GroupAccessInfo.of(at.all(f"{place[0]}{{}}/security/groups/", place[1]))


def get_group_access(
    group: str,
    *,
    dataset: str | None = None,
    connection: str | None = None,
    code_editor_page: str | None = None,
    studio_page: str | None = None,
    portal: str | None = None,
) -> GroupAccessInfo:
    """Return the access of a group to one object.

    Args:
        group: the uid of the group.
        dataset: the uid or the dataset_id of a dataset.
        connection: or the uid of a connection.
        code_editor_page: or the slug of a code editor page.
        studio_page: or the uid of a Studio page.
        portal: one of the portals under `opendatasoft:portals`.
    """
    at = Portal(portal)
    place = _place(at, "get_group_access", dataset, connection, code_editor_page, studio_page)
    return GroupAccessInfo(at.get(f"{place[0]}{{}}/security/groups/{{}}/", place[1], group))


def _place(
    at: Portal,
    function: str,
    dataset: str | None,
    connection: str | None,
    code_editor_page: str | None,
    studio_page: str | None,
) -> tuple[str, str]:
    """The collection of the object that was given, and its identifier."""
    name, value = exactly_one(
        function,
        dataset=dataset,
        connection=connection,
        code_editor_page=code_editor_page,
        studio_page=studio_page,
    )
    return _COLLECTIONS[name], at.dataset(value) if name == "dataset" else value
