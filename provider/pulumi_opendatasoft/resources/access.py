"""Who may do what with one object: rules for users and groups, which several nouns have alike."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, ParamSpec, TypeVar

from ..lifecycle.context import Context
from ..lifecycle.operations import Reading, Response, Update
from ..lifecycle.results import State
from ..lifecycle.section import Progress, Section
from ..program.descriptors import ListMember, Member, member
from ..program.value import Value
from ..schema import codec, comparison
from ..schema.types import ListOf, Slot
from ..schema.validation import Failure

T = TypeVar("T")
P = ParamSpec("P")

NO_USERNAME = (
    "must be a username, and a user whose invitation is open has none: once it is accepted, `pulumi refresh`, then `up`"
)
"""What explains a username that is not there, wherever a user is named by it."""


class UserAccess(Value):
    """What a user may do with a connection."""

    user: Member[str] = member(refers_to="User.username", absent=NO_USERNAME)
    """The username, as the portal knows it: `ana.username`."""

    permissions: ListMember[Literal["manage_connection"] | str] = member(default=[], unordered=True)
    """What the user may do, for example `["manage_connection"]`; empty, use it."""


class GroupAccess(Value):
    """What the members of a group may do with a connection."""

    group: Member[str] = member(refers_to="Group.uid")
    """The uid of the group: `editors.uid`."""

    permissions: ListMember[Literal["manage_connection"] | str] = member(default=[], unordered=True)
    """What the members may do, for example `["manage_connection"]`; empty, use it."""


class AccessSection(Section):
    """Rules that are keyed by whom they are for. Whole when managed: a rule that the program does not name goes."""

    target: ClassVar[str]
    """The member that says whom a rule is for, and under which the API wraps `key`."""

    key: ClassVar[str]
    path: ClassVar[str]
    """Below the object: `security/groups`."""

    collection: ClassVar[str]
    """Where the API keeps the objects: `datasets`."""

    def read(self, reading: Reading, response: Response) -> Any:
        """The rules in a program's spelling."""
        return [self._decode(rule) for rule in reading.context.api.all(self._endpoint(reading.id))]

    def check(self, desired: State) -> list[Failure]:
        """Two rules for one target, of which the portal keeps only one, are refused."""
        name, seen, failures = self.names[0], set[str](), list[Failure]()
        rules = desired.get(name)
        for number, rule in enumerate(rules if isinstance(rules, list) else []):
            target = rule.get(self.target) if isinstance(rule, Mapping) else None
            if isinstance(target, str) and target in seen:
                path = f"{name}[{number}].{self.target}"
                failures.append(Failure(path, f'there is another rule for "{target}"'))
            seen |= {target} if isinstance(target, str) else set()
        return failures

    def apply(self, update: Update, progress: Progress) -> State:
        """Add and change; rules that the program does not name go last: a key may so remove its own right."""
        context, id, endpoint = update.context, update.id, self._endpoint(update.id)
        desired = update.desired[self.names[0]]
        live = {self._target(rule): rule for rule in context.api.all(endpoint)}
        for rule in desired:
            body, existing = codec.encode(self._item(), rule), live.get(rule[self.target])
            if existing is None:
                self.write(context, id, context.api.post, endpoint, body, look=self._look(context, endpoint, body))
            elif not comparison.matches(self._item(), rule, self._decode(existing)):
                self.write(context, id, context.api.put, f"{endpoint}{rule[self.target]}/", body)
        for target in sorted(live.keys() - {rule[self.target] for rule in desired}):
            delete = functools.partial(self.write, context, id, context.api.delete, f"{endpoint}{target}/")
            progress.last.append((self.names[0], delete))
        return {}

    def write(self, context: Context, id: str, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """One write; a section of an object that can be busy waits here."""
        return call(*args, **named)

    def _look(self, context: Context, endpoint: str, body: Mapping[str, Any]) -> Callable[[], Any]:
        """After a lost POST: a rule that is there is written again, to be sure of its content."""

        def look() -> Any:
            target = self._target(body)
            if all(self._target(rule) != target for rule in context.api.all(endpoint)):
                return None
            return context.api.put(f"{endpoint}{target}/", body)

        return look

    def _endpoint(self, id: str) -> str:
        return f"/{self.collection}/{id}/{self.path}/"

    def _item(self) -> Slot:
        assert isinstance(self.slot.kind, ListOf)
        return Slot(self.target, self.slot.kind.item, self.slot.behaviour)

    def _target(self, rule: Mapping[str, Any]) -> str:
        return str((rule.get(self.target) or {}).get(self.key))

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
