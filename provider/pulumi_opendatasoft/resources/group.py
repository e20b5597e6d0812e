"""Groups of users, and what their members may do."""

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
        """The usernames. A member whose invitation is open has none, and can be neither named nor removed."""
        return self._usernames(reading.context, reading.id)

    @staticmethod
    def _usernames(context: Context, id: str) -> list[str]:
        return [user["username"] for user in context.api.all(f"/groups/{id}/users/") if user.get("username")]

    def apply(self, update: Update, progress: Progress) -> State:
        """Add and remove members: one by a call of its own, whose error is a real one; several in one call."""
        context, desired = update.context, set(update.desired["members"])
        live = set(self._usernames(context, update.id))
        with membership_lock(context.domain, live ^ desired):
            self._write(context, f"/groups/{update.id}/users/", sorted(desired - live), sorted(live - desired))
        # The group itself was returned before its members were added and removed.
        return {"user_count": len(desired)}

    @staticmethod
    def _write(context: Context, endpoint: str, added: Sequence[str], removed: Sequence[str]) -> None:
        # Adding somebody twice does no more than once, so that a lost call may simply be sent again.
        new = [{"username": name} for name in added]
        if len(new) == 1:
            context.api.post(endpoint, new[0], repeatable=True)
        elif new:
            refused = _refused(context.api.post(f"{endpoint}batch/", new, repeatable=True), new)
            if refused:
                raise ResourceError(f"the portal did not add {refused}")
        for name in removed:
            context.api.delete(f"{endpoint}{quote(name, safe='')}/")


def _refused(response: Any, sent: list[dict[str, str]]) -> str:
    """Who of a batch was not added, and why: errors hide in a success."""
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
        """The groups with exactly this title: the portal's search is looser, and may find less than there is."""
        title = desired.get("title")
        for query in ({"search": title}, {}):
            found = context.api.all("/groups/", **query)
            if same := [group for group in found if group.get("title") == title]:
                return list(same)
        return []


class Group(Resource, path="/groups/{uid}/", natural_key=("title",), handler=GroupHandler):
    """A group of users, and what its members may do."""

    title: Prop[str] = prop()
    """The name shown in the back office, by which an existing group is found again."""

    description: Prop[str | None] = prop(default=None)
    """What the group is for."""

    permissions: ListProp[Permission] = prop(default=None, unordered=True)
    """What every member may do on the portal, for example `["create_dataset", "edit_dataset"]`."""

    explore_limits: Prop[ExploreLimits | None] = prop(default=None)
    """How many calls of the Explore API each member may make."""

    members: ListProp[str] = prop(default=None, unordered=True, refers_to="User.username", absent=NO_USERNAME)
    """Who belongs to the group, by username; whole when managed. Say it here or in users' `groups`, never in both."""

    uid: Prop[str] = computed(is_id=True)
    """The portal's own identifier, made from the first title; access rules and users name the group by it."""

    created_at: Prop[str] = computed()
    """When the group was made."""

    user_count: Prop[int] = computed(volatile=True)
    """How many members the group has."""
