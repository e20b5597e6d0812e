"""Who may do what with a dataset: rules for users and groups."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

from ...kernel import compare, wire
from ...kernel.declare import Value
from ...kernel.outcome import State
from ...kernel.run import Run
from ...kernel.section import Section, Work
from ...kernel.shape import ListOf, Slot
from ...kernel.slots import ListMember, Member, member
from ..limits import Quota
from .publication import patiently

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

    user: Member[str] = member(refers_to="User.username")
    """The username, as the portal knows it: `ana.username`."""

    permissions: ListMember[DatasetPermission] = member(default=[], unordered=True)
    """What the user may do, for example `["edit_dataset"]`."""

    security: Member[DatasetSecurity | None] = member(default=None)
    """What the user sees; left out, everything."""


class AccessSection(Section):
    """Rules that are keyed by whom they are for. Whole when managed: a rule that the program does not name goes."""

    target: ClassVar[str]
    key: ClassVar[str]
    path: ClassVar[str]

    def live(self, run: Run, id: str, answer: Mapping[str, Any], state: State) -> Any:
        """The rules in a program's words."""
        return [self._told(rule) for rule in run.api.all(self._place(id))]

    def apply(self, run: Run, id: str, answer: Mapping[str, Any], asked: State, before: State, work: Work) -> State:
        """Add and change; rules that the program does not name go last: a key may so remove its own right."""
        place = self._place(id)
        live = {self._target(rule): rule for rule in run.api.all(place)}
        for wanted in asked[self.names[0]]:
            body, there = wire.sent(self._item(), wanted), live.get(wanted[self.target])
            if there is None:
                patiently(run, id, run.api.post, place, body, look=self._look(run, place, body))
            elif not compare.holds(self._item(), wanted, self._told(there)):
                patiently(run, id, run.api.put, f"{place}{wanted[self.target]}/", body)
        for target in sorted(live.keys() - {wanted[self.target] for wanted in asked[self.names[0]]}):
            work.later.append(functools.partial(patiently, run, id, run.api.delete, f"{place}{target}/"))
        return {}

    def _look(self, run: Run, place: str, body: Mapping[str, Any]) -> Callable[[], Any]:
        """After a lost POST: a rule that is there is written again, to be sure of its content."""

        def look() -> Any:
            target = self._target(body)
            if all(self._target(rule) != target for rule in run.api.all(place)):
                return None
            return run.api.put(f"{place}{target}/", body)

        return look

    def _place(self, id: str) -> str:
        return f"/datasets/{id}/security/{self.path}/"

    def _item(self) -> Slot:
        assert isinstance(self.slot.kind, ListOf)
        return Slot(self.target, self.slot.kind.item, self.slot.behaviour)

    def _target(self, rule: Mapping[str, Any]) -> str:
        return str((rule.get(self.target) or {}).get(self.key))

    def _told(self, rule: Mapping[str, Any]) -> Any:
        return wire.told(self._item(), rule)


class GroupAccessSection(AccessSection):
    """Rules for groups."""

    names = ("group_access",)
    target, key, path = "group", "uid", "groups"


class UserAccessSection(AccessSection):
    """Rules for users."""

    names = ("user_access",)
    target, key, path = "user", "username", "users"
