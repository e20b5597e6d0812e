"""The two ordered lists of a dataset, field configurations and processors, changed with as few calls as possible."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ...lifecycle.context import Context
from ...lifecycle.list_plan import plan
from ...lifecycle.operations import Reading, Response, Update, has_uid
from ...lifecycle.places import writing
from ...lifecycle.results import State
from ...lifecycle.section import Progress, Section
from ...schema import codec, comparison
from ...schema.types import ListOf, Slot
from .publication import patiently

OWN_MEMBERS = ("uid", "type", "label", "params")
"""The members of a processor that are not its parameters, which the API has beside these."""


class ListSection(Section):
    """A list to which the API only appends. The uids of its entries are read before every change and never kept."""

    path: ClassVar[str]
    """The endpoint of the list below the dataset: `fields`."""

    def read(self, reading: Reading, response: Response) -> Any:
        """The list in a program's spelling."""
        return [self.decode(entry) for entry in self._entries(reading.context, reading.id)]

    def _entries(self, context: Context, id: str) -> list[dict[str, Any]]:
        return list(context.api.all(self._endpoint(id)))

    def _endpoint(self, id: str) -> str:
        return f"/datasets/{id}/{self.path}/"

    def apply(self, update: Update, progress: Progress) -> State:
        """PUT the entries that can stay in their position, DELETE the undesired ones, POST the others at the end."""
        context, id, name = update.context, update.id, self.names[0]
        desired: list[dict[str, Any]] = update.desired[name]
        actual = [] if progress.is_new else self._entries(context, id)
        same = functools.partial(self._is_as_desired, [*(update.prior.get(name) or []), *desired])
        steps = plan(actual, desired, same=same, alike=self._alike, conflict=self.conflict)
        endpoint = self._endpoint(id)
        for number, (position, target) in enumerate(steps.puts):
            context.progress(f"{name}: changing {number + 1} of {len(steps.puts)}")
            with writing(self._place(target, desired[target])):
                body = self.encode(desired[target])
                patiently(context, id, context.api.put, f"{endpoint}{actual[position]['uid']}/", body)
        for position in steps.deletes:
            patiently(context, id, context.api.delete, f"{endpoint}{actual[position]['uid']}/")
        known = {entry["uid"] for n, entry in enumerate(actual) if n not in steps.deletes}
        for number, target in enumerate(steps.posts):
            context.progress(f"{name}: adding {number + 1} of {len(steps.posts)}")
            look = self._find_lost(context, id, set(known), desired[target])
            body = self.encode(desired[target])
            with writing(self._place(target, desired[target])):
                created = patiently(context, id, context.api.post, endpoint, body, look=look, is_usable=has_uid)
            known.add(created["uid"])
        return {}

    def _place(self, number: int, entry: Mapping[str, Any]) -> str:
        """An entry in messages: `fields[7] (height)`."""
        return f"{self.names[0]}[{number}] ({entry.get('field') or entry.get('from_name') or entry.get('type')})"

    def _find_lost(self, context: Context, id: str, known: set[str], desired: Mapping[str, Any]) -> Callable[[], Any]:
        """The look-up after a POST whose response was lost.

        Args:
            context: the call of the engine.
            id: the dataset's uid.
            known: the uids of the entries that existed before the POST.
            desired: the entry that was sent.

        Returns:
            A function that returns the last entry of the list if it is new and equals the one sent, else None.
        """

        def find_lost() -> Any:
            entries = self._entries(context, id)
            last = entries[-1] if entries else None
            return last if last and last["uid"] not in known and self._matches(last, desired) else None

        return find_lost

    def _matches(self, entry: Mapping[str, Any], desired: Mapping[str, Any]) -> bool:
        assert isinstance(self.slot.kind, ListOf)
        return comparison.matches(Slot("", self.slot.kind.item, self.slot.behaviour), desired, self.decode(entry))

    def _is_as_desired(self, declared: list[Any], entry: Mapping[str, Any], desired: Mapping[str, Any]) -> bool:
        """Whether an entry is as desired.

        `params` are compared by the parameters that the program names, so an entry may match several desired ones: it
        is not as desired where it also matches one of the `declared`, now or before, that names more parameters.
        """
        return self._matches(entry, desired) and not any(
            _names_more(other.get("params"), desired.get("params")) and self._matches(entry, other)
            for other in declared
        )

    @staticmethod
    def _alike(entry: Mapping[str, Any], desired: Mapping[str, Any]) -> bool:
        """Whether a PUT, which keeps the position, may make an entry the desired one: never with another type."""
        return entry.get("type") == desired.get("type")

    conflict: Callable[[Any, Any], bool] | None = None

    def encode(self, desired: Mapping[str, Any]) -> dict[str, Any]:
        """An entry on the wire. The API requires a label; a missing one is made of the entry's type and field."""
        assert isinstance(self.slot.kind, ListOf)
        body: dict[str, Any] = codec.encode(Slot("", self.slot.kind.item, self.slot.behaviour), desired)
        body |= body.pop("params", None) or {}
        field = desired.get("field") or desired.get("from_name") or ""
        return {"label": f"{desired['type']} {field}".strip()} | body

    def decode(self, entry: Mapping[str, Any]) -> Any:
        """An entry in a program's spelling."""
        raise NotImplementedError


def _names_more(one: Any, other: Any) -> bool:
    """Whether `one` names a parameter, at any depth, that `other` does not."""
    if not isinstance(one, Mapping):
        return False
    names = other if isinstance(other, Mapping) else {}
    return any(name not in names or _names_more(value, names[name]) for name, value in one.items())


def as_processor(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A processor, or a rule of an unknown type, in a program's spelling: with its parameters below `params`."""
    params = {name: value for name, value in entry.items() if name not in OWN_MEMBERS and value is not None}
    if "permissions_user" in entry:
        # A join is written with `impersonate_permissions`, and returned with the user whose permissions it uses.
        params["impersonate_permissions"] = entry["permissions_user"] is not None
        params.pop("permissions_user", None)
    actual = {name: entry[name] for name in ("type", "label") if entry.get(name) is not None}
    return actual | ({"params": params} if params else {})


class ProcessorsSection(ListSection):
    """The processors. Each may use what the one before it produced, so their order always matters."""

    names = ("processors",)
    path = "processors"

    def decode(self, entry: Mapping[str, Any]) -> Any:
        """A processor in a program's spelling."""
        return as_processor(entry)


class FieldsSection(ListSection):
    """The field configurations. The order of two rules matters where they name a common field."""

    names = ("fields",)
    path = "fields"

    def decode(self, entry: Mapping[str, Any]) -> Any:
        """A rule in a program's spelling. (The official description and older portals have `order` as `args`.)"""
        item = self.slot.kind.item if isinstance(self.slot.kind, ListOf) else None
        if entry.get("type") == "order" and "order" not in entry:
            entry = {**entry, "order": entry.get("args")}
        tagged = getattr(item, "tagged", {})
        if str(entry.get("type")) not in tagged:
            return as_processor(entry)
        actual = codec.decode(Slot("", tagged[str(entry["type"])], self.slot.behaviour), entry)
        return {name: value for name, value in actual.items() if value != []}

    @staticmethod
    def conflict(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """Whether the order of two rules matters."""
        return rules_conflict(one, other)


_FIELD_NAMES = ("from_name", "to_name", "field")
"""The members of a rule that contain the name of a field."""


def rules_conflict(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether the order of two field rules matters: they name a common field, or what they name is unknown.

    The order of an `order` and another rule matters for `rename`, `delete` and another `order` alone.
    """
    kinds = {str(one.get("type")), str(other.get("type"))}
    if "order" in kinds:
        return len(kinds) == 1 or bool(kinds & {"rename", "delete"}) or not all(map(_is_known, (one, other)))
    if not (_is_known(one) and _is_known(other)):
        return True
    names = [[rule[n] for n in _FIELD_NAMES if rule.get(n) is not None] for rule in (one, other)]
    return not all(isinstance(name, str) for name in names[0] + names[1]) or bool(set(names[0]) & set(names[1]))


def _is_known(rule: Mapping[str, Any]) -> bool:
    return "params" not in rule and rule.get("type") in ("rename", "type", "annotate", "description", "order", "delete")


def have_same_effect(prior: list[Any], desired: list[Any]) -> bool:
    """Whether two lists of rules are equal but for an order that does not matter."""
    if len(prior) != len(desired) or not all(isinstance(rule, Mapping) for rule in (*prior, *desired)):
        return False
    steps = plan(prior, desired, same=lambda a, b: bool(a == b), alike=lambda a, b: False, conflict=rules_conflict)
    return steps.calls == 0
