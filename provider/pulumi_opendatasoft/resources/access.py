"""Access rules for users and groups, as datasets, connections and pages have them alike."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, ParamSpec, TypeVar
from urllib.parse import quote

from ..lifecycle.context import Context
from ..lifecycle.operations import Reading, Response, Update
from ..lifecycle.places import place_in, writing
from ..lifecycle.results import State
from ..lifecycle.section import Progress, Section
from ..program.descriptors import ListMember, Member, member
from ..program.value import Value
from ..schema import codec, comparison
from ..schema.failure import Failure
from ..schema.types import ListOf, Slot

T = TypeVar("T")
P = ParamSpec("P")

NO_USERNAME = (
    "must be a username, and a user whose invitation is open has none: once it is accepted, `pulumi refresh`, then `up`"
)
"""The explanation of a missing username, wherever a property refers to a user."""


ObjectPermission = Literal["manage_connection", "edit_page", "manage_page"] | str
"""A permission of a rule for one connection or page. A portal may have further ones."""


class UserAccess(Value):
    """The permissions of a user for a connection or a page."""

    user: Member[str] = member(refers_to="User.username", absent=NO_USERNAME)
    """The username: `ana.username`."""

    permissions: ListMember[ObjectPermission] = member(default=[], unordered=True)
    """The user's permissions: `["manage_connection"]` of a connection; `edit_page` and `manage_page` of a page.

    Empty: the user may use the connection, or read the page.
    """


class GroupAccess(Value):
    """The permissions of a group's members for a connection or a page."""

    group: Member[str] = member(refers_to="Group.uid")
    """The uid of the group: `editors.uid`."""

    permissions: ListMember[ObjectPermission] = member(default=[], unordered=True)
    """The members' permissions: `["manage_connection"]` of a connection; `edit_page` and `manage_page` of a page.

    Empty: they may use the connection, or read the page.
    """


class AccessSection(Section):
    """A list of rules, each for one user or group. In a managed list, rules that the program lacks are deleted."""

    target: ClassVar[str]
    """The member of a rule that names its user or group: `group`. On the wire it contains an object."""

    key: ClassVar[str]
    """The member of that object with the name: `uid`."""

    path: ClassVar[str]
    """The endpoint of the rules below the object: `security/groups`."""

    collection: ClassVar[str]
    """The endpoint of the objects: `datasets`."""

    def read(self, reading: Reading, response: Response) -> Any:
        """The rules in a program's spelling."""
        return [self._decode(rule) for rule in reading.context.api.all(self._endpoint(reading.id))]

    def check(self, desired: State) -> list[Failure]:
        """Refuse two rules for one target, of which the portal would keep only one."""
        name, seen, failures = self.names[0], set[str](), list[Failure]()
        rules = desired.get(name)
        for number, rule in enumerate(rules if isinstance(rules, list) else []):
            target = rule.get(self.target) if isinstance(rule, Mapping) else None
            if isinstance(target, str) and target in seen:
                path = f"{name}[{number}].{self.target}"
                failures.append(Failure(path, f'there is another rule for "{target}": make one of the two'))
            seen |= {target} if isinstance(target, str) else set()
        return failures

    def apply(self, update: Update, progress: Progress) -> State:
        """Add and change rules; deletions come last, for one of them may remove the right of the API key in use."""
        context, id, endpoint = update.context, update.id, self._endpoint(update.id)
        desired = update.desired[self.names[0]]
        actual = {self._target(rule): rule for rule in context.api.all(endpoint)}
        for rule in desired:
            body, existing = codec.encode(self._item(), rule), actual.get(rule[self.target])
            with writing(place_in(context, self.slot, rule, rule[self.target])):
                if existing is None:
                    look = self._find_lost(context, endpoint, body)
                    self.write(context, id, context.api.post, endpoint, body, look=look)
                elif not comparison.matches(self._item(), rule, self._decode(existing)):
                    self.write(context, id, context.api.put, f"{endpoint}{rule[self.target]}/", body)
        for target in sorted(actual.keys() - {rule[self.target] for rule in desired}):
            progress.last.append((self.names[0], functools.partial(self._delete, context, id, f"{endpoint}{target}/")))
        return {}

    def _delete(self, context: Context, id: str, path: str) -> None:
        self.write(context, id, context.api.delete, path)

    def write(self, context: Context, id: str, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Send one write. Overridden for objects that can be busy, to wait until they are not."""
        return call(*args, **named)

    def _find_lost(self, context: Context, endpoint: str, body: Mapping[str, Any]) -> Callable[[], Any]:
        """The look-up after a POST whose response was lost: a rule that exists is written again, to be sure of it."""

        def find_lost() -> Any:
            target = self._target(body)
            if all(self._target(rule) != target for rule in context.api.all(endpoint)):
                return None
            return context.api.put(f"{endpoint}{target}/", body)

        return find_lost

    def _endpoint(self, id: str) -> str:
        return f"/{self.collection}/{quote(id, safe='')}/{self.path}/"

    def _item(self) -> Slot:
        assert isinstance(self.slot.kind, ListOf)
        return Slot(self.target, self.slot.kind.item, self.slot.behaviour)

    def _target(self, rule: Mapping[str, Any]) -> str:
        return str(codec.members_of(rule.get(self.target)).get(self.key))

    def _decode(self, rule: Mapping[str, Any]) -> Any:
        return codec.decode(self._item(), rule)


class GroupRules(AccessSection):
    """Rules for groups."""

    names = ("group_access",)
    target, key, path = "group", "uid", "security/groups"


class UserRules(AccessSection):
    """Rules for users."""

    names = ("user_access",)
    target, key, path = "user", "username", "security/users"
