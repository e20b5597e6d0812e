"""Groups of users, and what their members may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..kernel.declare import Resource
from ..kernel.lifecycle import Lifecycle
from ..kernel.outcome import State
from ..kernel.run import Run
from ..kernel.slots import ListProp, Prop, computed, prop
from .limits import ExploreLimits
from .permissions import Permission, unknown_permissions


class GroupLife(Lifecycle):
    """A group is known by its title; its uid is made from the first one and stays."""

    def existing(self, run: Run, asked: State) -> list[Mapping[str, Any]]:
        """The groups with exactly this title: the portal's search is looser."""
        title = asked.get("title")
        return [g for g in run.api.all("/groups/", search=title) if g.get("title") == title]

    def remarks(self, before: State, asked: State) -> list[str]:
        """Permissions that no portal was seen to have: they may be new, or mistyped."""
        return unknown_permissions(asked.get("permissions"))


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

    uid: Prop[str] = computed(is_id=True)
    """The portal's own identifier, made from the first title; access rules and users name the group by it."""

    created_at: Prop[str] = computed()
    """When the group was made."""

    user_count: Prop[int] = computed(volatile=True)
    """How many members the group has."""
