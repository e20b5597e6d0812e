"""The resource type `Group`: a group of users, its permissions and its members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ..errors import ResourceError
from ..lifecycle.context import Context
from ..lifecycle.handler import Handler
from ..lifecycle.operations import Reading, Response, Update
from ..lifecycle.results import State
from ..lifecycle.section import Progress, Section
from ..program.descriptors import ListProp, Prop, computed, prop
from ..program.resource import Resource
from .access import NO_USERNAME
from .limits import ExploreLimits
from .membership_lock import membership_lock
from .permissions import Permission


class MembersSection(Section):
    """The members of a group, by their usernames."""

    names = ("members",)

    def read(self, reading: Reading, response: Response) -> list[str]:
        """The usernames. Members whose invitation is open have none: they can be neither listed nor removed."""
        return self._usernames(reading.context, reading.id)

    @staticmethod
    def _usernames(context: Context, id: str) -> list[str]:
        return [user["username"] for user in context.api.all(f"/groups/{id}/users/") if user.get("username")]

    def apply(self, update: Update, progress: Progress) -> State:
        """Add members, several of them in one call, and remove members, each by a call of its own."""
        context, desired = update.context, set(update.desired["members"])
        actual = set(self._usernames(context, update.id))
        with membership_lock(context.domain, actual ^ desired):
            self._write(context, f"/groups/{update.id}/users/", sorted(desired - actual), sorted(actual - desired))
        # The group itself was returned before its members were added and removed.
        return {"user_count": len(desired)}

    @staticmethod
    def _write(context: Context, endpoint: str, added: Sequence[str], removed: Sequence[str]) -> None:
        """Write the changes of a group's members.

        Args:
            context: the call of the engine.
            endpoint: the path of the members.
            added: the usernames to add.
            removed: the usernames to remove.

        Raises:
            ResourceError: the portal did not add some of them.
        """
        # To add a user twice has no further effect, so a call whose response was lost is simply sent again.
        new = [{"username": name} for name in added]
        if len(new) == 1:
            # The call for one user fails with an HTTP status; the batch reports its errors in a success.
            context.api.post(endpoint, new[0], repeatable=True)
        elif new:
            refused = _refused(context.api.post(f"{endpoint}batch/", new, repeatable=True), new)
            if refused:
                raise ResourceError(f"the portal did not add {refused}")
        for name in removed:
            context.api.delete(f"{endpoint}{quote(name, safe='')}/")


def _refused(response: Any, sent: list[dict[str, str]]) -> str:
    """The users of a batch that were not added, each with the reason; empty if all were.

    The response of a batch has status 200 and reports the error of each item by its position.
    """
    items = response if isinstance(response, Mapping) else {}
    actual = {number: items.get(str(number)) for number in range(len(sent))}
    return "; ".join(
        f"{sent[number]['username']}: {item.get('error')}"
        for number, item in actual.items()
        if isinstance(item, Mapping) and item.get("status_code") == "error"
    )


class GroupHandler(Handler):
    """A group is known by its title; its uid is made from the first one and stays."""

    section_types = (MembersSection,)

    def find(self, context: Context, desired: State) -> list[Response]:
        """The groups with exactly this title. The portal's search is inexact, so the whole list is read after it."""
        title = desired.get("title")
        for query in ({"search": title}, {}):
            found = context.api.all("/groups/", **query)
            if same := [group for group in found if group.get("title") == title]:
                return list(same)
        return []


class Group(Resource, path="/groups/{uid}/", natural_key=("title",), handler=GroupHandler):
    """A group of users, and the permissions of its members."""

    title: Prop[str] = prop()
    """The name in the back office. An existing group is recognised by it."""

    description: Prop[str | None] = prop(default=None)
    """A description for the back office."""

    permissions: ListProp[Permission] = prop(default=None, unordered=True)
    """The permissions of every member on the portal, for example `["create_dataset", "edit_dataset"]`."""

    explore_limits: Prop[ExploreLimits | None] = prop(default=None)
    """The number of calls of the Explore API that each member may make."""

    members: ListProp[str] = prop(default=None, unordered=True, refers_to="User.username", absent=NO_USERNAME)
    """The usernames of the members. Use either this or the `groups` of the users, not both."""

    uid: Prop[str] = computed(is_id=True)
    """The id of the group, made from its first title. Access rules and users refer to it."""

    created_at: Prop[str] = computed()
    """The time of creation."""

    user_count: Prop[int] = computed(volatile=True)
    """The number of members."""
