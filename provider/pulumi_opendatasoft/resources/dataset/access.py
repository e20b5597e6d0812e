"""Who may do what with a dataset: rules for users and groups."""

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
"""What a rule may allow on one dataset; the portal may know more."""


class DatasetSecurity(Value):
    """What of a dataset is seen, and how often it may be asked."""

    is_data_visible: Member[bool] = member(default=True)
    """Whether the records are seen, not only the metadata."""

    visible_fields: ListMember[str] = member(default=None, unordered=True, null=True)
    """The fields that are seen; left out, all."""

    filter_query: Member[str] = member(default="")
    """Which records are seen, as a query; left out, all."""

    api_calls_quota: Member[Quota | None] = member(default=None, null=True)
    """How many API calls a reader may make; left out, no limit of its own."""


class DatasetGroupAccess(Value):
    """What the members of a group may do with a dataset."""

    group: Member[str] = member(refers_to="Group.uid")
    """The uid of the group: `editors.uid`."""

    permissions: ListMember[DatasetPermission] = member(default=[], unordered=True)
    """What the members may do, for example `["edit_dataset"]`."""

    security: Member[DatasetSecurity | None] = member(default=None)
    """What the members see; left out, everything."""


class DatasetUserAccess(Value):
    """What a user may do with a dataset."""

    user: Member[str] = member(refers_to="User.username", absent=NO_USERNAME)
    """The username, as the portal knows it: `ana.username`."""

    permissions: ListMember[DatasetPermission] = member(default=[], unordered=True)
    """What the user may do, for example `["edit_dataset"]`."""

    security: Member[DatasetSecurity | None] = member(default=None)
    """What the user sees; left out, everything."""


class _OnADataset(AccessSection):
    collection = "datasets"

    def write(self, context: Context, id: str, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """One write, once the dataset is not busy."""
        return patiently(context, id, call, *args, **named)


class GroupAccessSection(_OnADataset, GroupRules):
    """Rules for groups."""


class UserAccessSection(_OnADataset, UserRules):
    """Rules for users."""
