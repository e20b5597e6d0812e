"""Groups of users, and what their members may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ..kernel.declare import Resource
from ..kernel.lifecycle import Lifecycle
from ..kernel.outcome import Problem, State
from ..kernel.run import Run
from ..kernel.section import Section, Work
from ..kernel.slots import ListProp, Prop, computed, prop
from .limits import ExploreLimits
from .permissions import Permission


class MembersSection(Section):
    """The members of a group, by their usernames."""

    names = ("members",)

    def live(self, run: Run, id: str, answer: Mapping[str, Any], state: State) -> Any:
        """The usernames."""
        return [str(user.get("username")) for user in run.api.all(f"/groups/{id}/users/")]

    def apply(self, run: Run, id: str, answer: Mapping[str, Any], asked: State, before: State, work: Work) -> State:
        """One is added by a call of its own, whose error is a real one; several in one call."""
        place, wanted = f"/groups/{id}/users/", set(asked["members"])
        live = {str(user.get("username")) for user in run.api.all(place)}
        new = [{"username": name} for name in sorted(wanted - live)]
        # Adding somebody twice does no more than once, so that a lost call may simply be sent again.
        if len(new) == 1:
            run.api.post(place, new[0], repeatable=True)
        elif new:
            refused = _refused(run.api.post(f"{place}batch/", new, repeatable=True), new)
            if refused:
                raise Problem(f"the portal did not add {refused}")
        for name in sorted(live - wanted):
            run.api.delete(f"{place}{quote(name, safe='')}/")
        # The group itself was answered before its members came and went.
        return {"user_count": len(wanted)}


def _refused(answer: Any, sent: list[dict[str, str]]) -> str:
    """Who of a batch was not added, and why: errors hide in a success."""
    items = answer if isinstance(answer, Mapping) else {}
    told = {number: items.get(str(number)) for number in range(len(sent))}
    return "; ".join(
        f"{sent[number]['username']}: {item.get('error')}"
        for number, item in told.items()
        if isinstance(item, Mapping) and item.get("status_code") == "error"
    )


class GroupLife(Lifecycle):
    """A group is known by its title; its uid is made from the first one and stays."""

    section_types = (MembersSection,)

    def existing(self, run: Run, asked: State) -> list[Mapping[str, Any]]:
        """The groups with exactly this title: the portal's search is looser."""
        title = asked.get("title")
        return [g for g in run.api.all("/groups/", search=title) if g.get("title") == title]


class Group(Resource, path="/groups/{uid}/", natural_key=("title",), lifecycle=GroupLife):
    """A group of users, and what its members may do."""

    title: Prop[str] = prop()
    """The name shown in the back office, by which an existing group is found again."""

    description: Prop[str | None] = prop(default=None)
    """What the group is for."""

    permissions: ListProp[Permission] = prop(default=None, unordered=True)
    """What every member may do on the portal, for example `["create_dataset", "edit_dataset"]`."""

    explore_limits: Prop[ExploreLimits | None] = prop(default=None)
    """How many calls of the Explore API each member may make."""

    members: ListProp[str] = prop(default=None, unordered=True)
    """Who belongs to the group, by username; whole when managed. Say it here or in users' `groups`, never in both."""

    uid: Prop[str] = computed(is_id=True)
    """The portal's own identifier, made from the first title; access rules and users name the group by it."""

    created_at: Prop[str] = computed()
    """When the group was made."""

    user_count: Prop[int] = computed(volatile=True)
    """How many members the group has."""
