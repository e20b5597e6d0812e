"""The strict face of a declaration: what a program may ask, checked before any call, with a path for each mistake.

Unknown values pass at any depth, and nothing that a portal may extend (permissions, types, languages) is closed.
"""

from __future__ import annotations

import difflib
import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pydantic

from .shape import UNKNOWN, UNMANAGED, Anything, Kind, ListOf, MapOf, Object, OneOf, Scalar, Shape, Slot


@dataclass(frozen=True)
class Failure:
    """One mistake of a program: where, and what would be right. Never the value, which may be a secret."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


def failures(shape: Shape, inputs: Mapping[str, Any]) -> list[Failure]:
    """Every mistake in what a program asks of one resource."""
    try:
        _model(shape).model_validate(dict(inputs))
    except pydantic.ValidationError as error:
        found = error.errors(include_url=False, include_context=True, include_input=False)
        return [Failure(dotted(_walked(shape, e["loc"])), _reason(shape, e)) for e in found]
    return []


def dotted(path: tuple[str | int, ...]) -> str:
    """A path as Pulumi writes it: `fields[3].from_name`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


# ---------------------------------------------------------------- the derived models


def _step_round(value: Any, check: pydantic.ValidatorFunctionWrapHandler) -> Any:
    return value if value is UNKNOWN else check(value)


def _step_round_loose(value: Any, check: pydantic.ValidatorFunctionWrapHandler) -> Any:
    return value if value is UNKNOWN or value == UNMANAGED else check(value)


def _patient(hint: Any, *, loose: bool = False) -> Any:
    return Annotated[hint, pydantic.WrapValidator(_step_round_loose if loose else _step_round)]


@functools.cache
def _model(shape: Shape) -> type[pydantic.BaseModel]:
    fields: dict[str, Any] = {}
    for number, slot in enumerate(shape.settable):
        hint = _patient(_hint(slot.kind), loose=slot.behaviour.loose)
        # Derived names: a member may be called like something that pydantic keeps for itself (`schema`, `copy`).
        if slot.behaviour.required:
            fields[f"m{number}"] = (hint, pydantic.Field(alias=slot.name))
        else:
            fields[f"m{number}"] = (hint | None, pydantic.Field(default=None, alias=slot.name))
    return pydantic.create_model(shape.name, __config__=pydantic.ConfigDict(extra="forbid"), **fields)


def _hint(kind: Kind) -> Any:
    match kind:
        case Anything():
            return Any
        case Scalar(choices=(_, *_)):
            return Literal[kind.choices]
        case Scalar():
            return functools.reduce(operator.or_, [_scalar(t) for t in kind.types])
        case ListOf():
            return list[_patient(_hint(kind.item))]  # type: ignore[misc]  # a type made at run time
        case MapOf():
            return dict[str, _patient(_hint(kind.item))]  # type: ignore[misc]  # a type made at run time
        case Object():
            return _model(kind.shape)
        case OneOf():
            return _union(kind)


def _scalar(hint: type) -> Any:
    if hint is float:
        return Annotated[int | float, pydantic.Strict()]
    return Annotated[hint, pydantic.Strict()]


def _union(kind: OneOf) -> Any:
    alternatives: list[Any] = [
        Annotated[_model(value.shape), pydantic.Tag(str(tag))] for tag, value in kind.tagged.items()
    ]
    if kind.open:
        alternatives.append(Annotated[_model(kind.open.shape), pydantic.Tag("open")])
    if kind.plain:
        alternatives.append(Annotated[_hint(kind.plain), pydantic.Tag("plain")])
    if kind.listed:
        alternatives.append(Annotated[_hint(kind.listed), pydantic.Tag("listed")])

    def tag(value: Any) -> str | None:
        if isinstance(value, list):
            return "listed" if kind.listed else None
        if not isinstance(value, Mapping):
            return "plain" if kind.plain else None
        said = str(value.get("type"))
        return said if said in kind.tagged else "open" if kind.open else None

    return Annotated[functools.reduce(operator.or_, alternatives), pydantic.Discriminator(tag)]


# ---------------------------------------------------------------- the words for people


def _walked(shape: Shape, loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The path that a person knows: pydantic also names the alternatives of unions that it went through."""
    path: list[str | int] = []
    at: Kind | Shape | None = shape
    for step in loc:
        if isinstance(at, OneOf):
            tags = {str(t): o for t, o in at.tagged.items()}
            others = {"open": at.open, "plain": at.plain, "listed": at.listed}
            chosen = tags.get(str(step)) or others.get(str(step))
            at = chosen.shape if isinstance(chosen, Object) else chosen
            continue
        path.append(step)
        at = _inside(at, step)
    return tuple(path)


def _inside(at: Kind | Shape | None, step: str | int) -> Kind | Shape | None:
    if isinstance(at, Shape):
        slot: Slot | None = at.slots.get(str(step))
        kind: Kind | None = slot.kind if slot else None
    else:
        kind = at.item if isinstance(at, ListOf | MapOf) else None
    return kind.shape if isinstance(kind, Object) else kind


def _at(shape: Shape, loc: tuple[str | int, ...]) -> Kind | Shape | None:
    at: Kind | Shape | None = shape
    for step in _walked(shape, loc):
        at = _inside(at, step) if not isinstance(at, OneOf) else None
    return at


_EXPECTED = {
    "string_type": "a string",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "an object",
    "model_attributes_type": "an object",
}


def _reason(shape: Shape, error: Any) -> str:
    kind, loc = error["type"], error["loc"]
    if kind == "missing":
        return "must be given"
    if kind == "extra_forbidden":
        owner = _at(shape, loc[:-1])
        return _no_such_word(str(loc[-1]), [s.name for s in owner.settable] if isinstance(owner, Shape) else [])
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        at = _at(shape, loc)
        known = ", ".join(str(t) for t in at.tagged) if isinstance(at, OneOf) else ""
        return f"is none of the kinds that can stand here{': ' + known if known else ''}"
    if kind == "literal_error":
        return f"must be {error['ctx']['expected']}"
    if kind in _EXPECTED:
        return f"must be {_EXPECTED[kind]}"
    return str(error["msg"])


def _no_such_word(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    if close:
        return f"there is no such word here; did you mean {close[0]}?"
    return f"there is no such word here; there are {', '.join(known)}" if known else "there is no such word here"
