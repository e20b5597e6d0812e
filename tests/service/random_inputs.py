"""Random and nearly valid inputs and states of every resource type, unknown values anywhere, the same for each seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from pulumi_opendatasoft.schema.types import (
    UNKNOWN,
    UNMANAGED,
    Anything,
    Kind,
    ListOf,
    MapOf,
    Object,
    OneOf,
    Scalar,
    Shape,
)

from ..schema.fuzz import any_json

TEXTS = ("", "a", "air", "é", "0 6 * * *", "co_000000", "another value on the portal", UNMANAGED, "a.b", "x" * 300)
NUMBERS = (0, 1, -1, 3.0, 2.5, -0.0, 1e15, 2.0**60, float("nan"), float("inf"))
NAMES = ("a", "b", "type", "path", "title", "template", "fields", "default", "file", "auth", "params", "x.y", "")


class Inputs:
    """A source of values for the properties of one shape."""

    def __init__(self, seed: str, *, mistakes: float, unknowns: float) -> None:
        self._chance = random.Random(seed)
        self._mistakes, self._unknowns = mistakes, unknowns

    def of(self, shape: Shape, *, computed: bool = False, depth: int = 6) -> dict[str, Any]:
        """Values for some members of a shape, for those that only the portal sets as well if `computed`."""
        slots = [slot for slot in shape if computed or not slot.behaviour.computed]
        given = {
            slot.name: self._value(slot.kind, depth)
            for slot in slots
            if slot.behaviour.required or self._chance.random() < 0.6
        }
        if self._chance.random() < self._mistakes:
            given[self._chance.choice(NAMES)] = self._json()
        if given and self._chance.random() < self._mistakes:
            given.pop(self._chance.choice(list(given)))
        return given

    def changed(self, values: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
        """Values of which some are those of `other`, some left out, and some unknown."""
        kept = {n: v for n, v in {**values, **other}.items() if self._chance.random() < 0.9}
        return {n: self._mixed(values.get(n, v), v, 4) for n, v in kept.items()}

    def _mixed(self, one: Any, other: Any, depth: int) -> Any:
        if self._chance.random() < self._unknowns:
            return UNKNOWN
        if depth and isinstance(one, Mapping) and isinstance(other, Mapping):
            return {
                n: self._mixed(one.get(n, other.get(n)), other.get(n, one.get(n)), depth - 1) for n in {**one, **other}
            }
        if depth and isinstance(one, list) and isinstance(other, list):
            return [self._mixed(item, item, depth - 1) for item in self._chance.choice((one, other, [*one, *other]))]
        return self._chance.choice((one, other))

    def _value(self, kind: Kind, depth: int) -> Any:
        chance = self._chance.random()
        if chance < self._unknowns:
            return UNKNOWN
        if chance < self._unknowns + self._mistakes:
            return self._json()
        match kind:
            case Scalar(choices=(_, *_)):
                return self._chance.choice(kind.choices)
            case Scalar():
                return self._scalar(kind)
            case ListOf():
                return [self._value(kind.item, depth - 1) for _ in range(self._chance.randrange(4))] if depth else []
            case MapOf():
                names = self._chance.sample(NAMES, self._chance.randrange(4))
                return {name: self._value(kind.item, depth - 1) for name in names} if depth else {}
            case Object():
                return self.of(kind.shape, depth=depth - 1) if depth else {}
            case OneOf():
                others = (kind.open, kind.plain, kind.listed)
                alternatives = [*kind.tagged.values(), *(other for other in others if other)]
                return self._value(self._chance.choice(alternatives), depth)
            case Anything():
                return self._json()

    def _scalar(self, kind: Scalar) -> Any:
        of_type = self._chance.choice(kind.types)
        if of_type is bool:
            return self._chance.random() < 0.5
        if of_type is str:
            return self._chance.choice((*TEXTS, *kind.known))
        return self._chance.choice((0, 1, 7) if of_type is int else (0.5, 2.0))

    def _json(self) -> Any:
        value = any_json(self._chance, NAMES, 3)
        return self._chance.choice((value, value, self._chance.choice(NUMBERS), self._chance.choice(TEXTS), UNKNOWN))
