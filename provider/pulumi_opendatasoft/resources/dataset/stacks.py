"""The two ordered stacks of a dataset: field configurations and processors, changed with the least calls."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ...lifecycle.context import Context
from ...lifecycle.list_plan import plan
from ...lifecycle.operations import Reading, Response, Update
from ...lifecycle.results import State
from ...lifecycle.section import Progress, Section
from ...schema import codec, comparison
from ...schema.types import UNKNOWN, ListOf, Slot
from .publication import patiently

OWN_WORDS = ("uid", "type", "label", "params")
"""What is not a parameter of a processor. (The API has parameters flat beside these.)"""


class StackSection(Section):
    """A list to which the API only appends; their uids are read before every change, and kept nowhere."""

    path: ClassVar[str]

    def read(self, reading: Reading, response: Response) -> Any:
        """The list in a program's spelling."""
        return [self.decode(entry) for entry in self._entries(reading.context, reading.id)]

    def _entries(self, context: Context, id: str) -> list[dict[str, Any]]:
        return list(context.api.all(self._endpoint(id)))

    def _endpoint(self, id: str) -> str:
        return f"/datasets/{id}/{self.path}/"

    def apply(self, update: Update, progress: Progress) -> State:
        """PUT what can stay in its place, DELETE what is not desired, POST the rest at the end."""
        context, id, name = update.context, update.id, self.names[0]
        desired: list[dict[str, Any]] = update.desired[name]
        live = [] if progress.is_new else self._entries(context, id)
        same = functools.partial(self._is_so, [*(update.prior.get(name) or []), *desired])
        steps = plan(live, desired, same=same, alike=self._alike, conflict=self.conflict)
        endpoint = self._endpoint(id)
        for number, (there, target) in enumerate(steps.puts):
            context.progress(f"{name}: changing {number + 1} of {len(steps.puts)}")
            patiently(context, id, context.api.put, f"{endpoint}{live[there]['uid']}/", self.encode(desired[target]))
        for there in steps.deletes:
            patiently(context, id, context.api.delete, f"{endpoint}{live[there]['uid']}/")
        known = {entry["uid"] for n, entry in enumerate(live) if n not in steps.deletes}
        for number, target in enumerate(steps.posts):
            context.progress(f"{name}: adding {number + 1} of {len(steps.posts)}")
            look = self._look(context, id, set(known), desired[target])
            made = patiently(context, id, context.api.post, endpoint, self.encode(desired[target]), look=look)
            known.add(made["uid"])
        return {}

    def _look(self, context: Context, id: str, known: set[str], wanted: dict[str, Any]) -> Callable[[], Any]:
        """Whether a POST that may have arrived did: then the stack's last entry is ours, and was not there before."""

        def look() -> Any:
            entries = self._entries(context, id)
            last = entries[-1] if entries else None
            return last if last and last["uid"] not in known and self._same(last, wanted) else None

        return look

    def _same(self, entry: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
        assert isinstance(self.slot.kind, ListOf)
        return comparison.matches(Slot("", self.slot.kind.item, self.slot.behaviour), wanted, self.decode(entry))

    def _is_so(self, said: list[Any], entry: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
        """Whether an entry is as wanted, and not rather as what says more, elsewhere in the program or before."""
        return self._same(entry, wanted) and not any(
            _says_more(other.get("params"), wanted.get("params")) and self._same(entry, other) for other in said
        )

    @staticmethod
    def _alike(entry: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
        """A PUT keeps the place; whether it may change the type is unknown, so it never does."""
        return entry.get("type") == wanted.get("type")

    conflict: Callable[[Any, Any], bool] | None = None

    def encode(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """An entry on the wire. The API requires a label; left out, one is made of its type and field."""
        assert isinstance(self.slot.kind, ListOf)
        body: dict[str, Any] = codec.encode(Slot("", self.slot.kind.item, self.slot.behaviour), wanted)
        body |= body.pop("params", None) or {}
        named = wanted.get("field") or wanted.get("from_name") or ""
        return {"label": f"{wanted['type']} {named}".strip()} | body

    def decode(self, entry: Mapping[str, Any]) -> Any:
        """An entry in a program's words."""
        raise NotImplementedError


def _says_more(earlier: Any, now: Any) -> bool:
    """Whether a parameter was named before, at any depth, that is named no longer."""
    if not isinstance(earlier, Mapping):
        return False
    there = now if isinstance(now, Mapping) else {}
    return any(name not in there or _says_more(value, there[name]) for name, value in earlier.items())


def as_processor(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A processor, or a rule of a kind that this version does not know: its parameters apart."""
    params = {name: value for name, value in entry.items() if name not in OWN_WORDS and value is not None}
    if "permissions_user" in entry:
        # A join is written with `impersonate_permissions`, and told with the user whose rights it has.
        params["impersonate_permissions"] = entry["permissions_user"] is not None
        params.pop("permissions_user", None)
    actual = {name: entry[name] for name in ("type", "label") if entry.get(name) is not None}
    return actual | ({"params": params} if params else {})


class ProcessorsSection(StackSection):
    """The processors: every one may see what the one before it made, so their order always matters."""

    names = ("processors",)
    path = "processors"

    def decode(self, entry: Mapping[str, Any]) -> Any:
        """A processor in a program's words."""
        return as_processor(entry)


class FieldsSection(StackSection):
    """The field configurations: rules that name no common field commute."""

    names = ("fields",)
    path = "fields"

    def decode(self, entry: Mapping[str, Any]) -> Any:
        """A rule in a program's words. (`order` was called `args` in the description and by older portals.)"""
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


_NAMES = ("from_name", "to_name", "field")


def rules_conflict(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether the order of two field rules matters: they name a common field, or nobody knows what they name.

    `order` only cares about names that come and go: it conflicts with `rename`, `delete` and another `order`.
    """
    kinds = {one.get("type"), other.get("type")}
    if "order" in kinds:
        return len(kinds) == 1 or bool(kinds & {"rename", "delete"}) or not all(map(_is_known, (one, other)))
    if not (_is_known(one) and _is_known(other)):
        return True
    names = [{rule[n] for n in _NAMES if rule.get(n) is not None} for rule in (one, other)]
    return UNKNOWN in names[0] | names[1] or bool(names[0] & names[1])


def _is_known(rule: Mapping[str, Any]) -> bool:
    return "params" not in rule and rule.get("type") in ("rename", "type", "annotate", "description", "order", "delete")


def same_order(prior: list[Any], after: list[Any]) -> bool:
    """Whether two lists of rules do the same: equal but for an order that does not matter."""
    if len(prior) != len(after) or UNKNOWN in after:
        return False
    steps = plan(prior, after, same=lambda a, b: bool(a == b), alike=lambda a, b: False, conflict=rules_conflict)
    return steps.calls == 0
