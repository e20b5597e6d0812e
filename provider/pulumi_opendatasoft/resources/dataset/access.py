"""The access rules of a dataset, for users and for groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, ParamSpec, TypeVar

from ...lifecycle.context import Context
from ...program.descriptors import ListMember, Member, member
from ...program.value import Value
from ..access import NO_USERNAME, AccessSection, GroupRules, UserRules
from ..limits import Quota
from .publication import patiently

T = TypeVar("T")
P = ParamSpec("P")

DatasetPermission = Literal["explore_restricted_dataset", "edit_dataset", "publish_dataset", "manage_dataset"] | str
"""A permission of a rule for one dataset. A portal may have further ones."""


class DatasetSecurity(Value):
    """The visible part of a dataset, and a limit of API calls."""

    is_data_visible: Member[bool] = member(default=True)
    """Whether the records are visible, and not only the metadata."""

    visible_fields: ListMember[str] = member(default=None, unordered=True, null=True)
    """The visible fields. Left out, all fields are visible."""

    filter_query: Member[str] = member(default="")
    """A query that selects the visible records. Left out, all records are visible."""

    api_calls_quota: Member[Quota | None] = member(default=None, null=True)
    """The number of API calls that a reader may make. Left out, there is no limit for this dataset."""


class DatasetGroupAccess(Value):
    """The permissions of a group's members for a dataset."""

    group: Member[str] = member(refers_to="Group.uid")
    """The uid of the group: `editors.uid`."""

    permissions: ListMember[DatasetPermission] = member(default=[], unordered=True)
    """The members' permissions, for example `["edit_dataset"]`."""

    security: Member[DatasetSecurity | None] = member(default=None)
    """The part of the dataset that the members see. Left out, they see everything."""


class DatasetUserAccess(Value):
    """The permissions of a user for a dataset."""

    user: Member[str] = member(refers_to="User.username", absent=NO_USERNAME)
    """The username: `ana.username`."""

    permissions: ListMember[DatasetPermission] = member(default=[], unordered=True)
    """The user's permissions, for example `["edit_dataset"]`."""

    security: Member[DatasetSecurity | None] = member(default=None)
    """The part of the dataset that the user sees. Left out, the user sees everything."""


class _OnADataset(AccessSection):
    collection = "datasets"

    def write(self, context: Context, id: str, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Send one write, once the dataset is not busy."""
        return patiently(context, id, call, *args, **named)


class GroupAccessSection(_OnADataset, GroupRules):
    """Rules for groups."""


class UserAccessSection(_OnADataset, UserRules):
    """Rules for users."""
