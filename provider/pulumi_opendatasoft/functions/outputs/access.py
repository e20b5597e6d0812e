"""The forms of the functions of `access` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

import pulumi

from ..access import (
    GroupAccessInfo,
    UserAccessInfo,
    get_group_access,
    get_user_access,
    list_group_access,
    list_user_access,
)
from ..later import later


def list_user_access_output(
    *,
    dataset: pulumi.Input[str | None] = None,
    connection: pulumi.Input[str | None] = None,
    code_editor_page: pulumi.Input[str | None] = None,
    studio_page: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[UserAccessInfo]]:
    """Return the users who have access to one object.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: the uid or the dataset_id of a dataset.
        connection: or the uid of a connection.
        code_editor_page: or the slug of a code editor page.
        studio_page: or the uid of a Studio page.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(
        list_user_access,
        {
            "dataset": dataset,
            "connection": connection,
            "code_editor_page": code_editor_page,
            "studio_page": studio_page,
            "portal": portal,
        },
    )


def get_user_access_output(
    username: pulumi.Input[str],
    *,
    dataset: pulumi.Input[str | None] = None,
    connection: pulumi.Input[str | None] = None,
    code_editor_page: pulumi.Input[str | None] = None,
    studio_page: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[UserAccessInfo]:
    """Return the access of a user to one object.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        username: the user.
        dataset: the uid or the dataset_id of a dataset.
        connection: or the uid of a connection.
        code_editor_page: or the slug of a code editor page.
        studio_page: or the uid of a Studio page.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(
        get_user_access,
        {
            "username": username,
            "dataset": dataset,
            "connection": connection,
            "code_editor_page": code_editor_page,
            "studio_page": studio_page,
            "portal": portal,
        },
    )


def list_group_access_output(
    *,
    dataset: pulumi.Input[str | None] = None,
    connection: pulumi.Input[str | None] = None,
    code_editor_page: pulumi.Input[str | None] = None,
    studio_page: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[GroupAccessInfo]]:
    """Return the groups that have access to one object.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: the uid or the dataset_id of a dataset.
        connection: or the uid of a connection.
        code_editor_page: or the slug of a code editor page.
        studio_page: or the uid of a Studio page.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(
        list_group_access,
        {
            "dataset": dataset,
            "connection": connection,
            "code_editor_page": code_editor_page,
            "studio_page": studio_page,
            "portal": portal,
        },
    )


def get_group_access_output(
    group: pulumi.Input[str],
    *,
    dataset: pulumi.Input[str | None] = None,
    connection: pulumi.Input[str | None] = None,
    code_editor_page: pulumi.Input[str | None] = None,
    studio_page: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[GroupAccessInfo]:
    """Return the access of a group to one object.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        group: the uid of the group.
        dataset: the uid or the dataset_id of a dataset.
        connection: or the uid of a connection.
        code_editor_page: or the slug of a code editor page.
        studio_page: or the uid of a Studio page.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(
        get_group_access,
        {
            "group": group,
            "dataset": dataset,
            "connection": connection,
            "code_editor_page": code_editor_page,
            "studio_page": studio_page,
            "portal": portal,
        },
    )
