"""Checks the inputs of a program against their declared types, and describes each mistake with its path.

Unknown values pass at any depth, and nothing that a portal may extend (permissions, types, languages) is closed.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator, ValidationError
from pydantic_core.core_schema import (
    any_schema,
    dict_schema,
    list_schema,
    literal_schema,
    no_info_after_validator_function,
    no_info_wrap_validator_function,
    nullable_schema,
    str_schema,
    tagged_union_schema,
    typed_dict_field,
    typed_dict_schema,
)

from .failure import Failure, format_path
from .types import UNKNOWN, UNMANAGED, Anything, Kind, ListOf, MapOf, Object, OneOf, Scalar, Shape, Slot


def failures(shape: Shape, inputs: Mapping[str, Any]) -> list[Failure]:
    """Every mistake in the inputs of one resource."""
    try:
        _validator(shape).validate_python(dict(inputs))
    except ValidationError as error:
        return [_failure(shape, e) for e in error.errors(include_url=False, include_input=False)]
    return []


# ---------------------------------------------------------------- the derived validators
# They are made of the parts of pydantic, without its models: to load and to build these takes a tenth of a second.


@functools.cache
def _validator(shape: Shape) -> SchemaValidator:
    return SchemaValidator(_object(shape))


def _check_if_known(value: Any, check: Callable[[Any], Any]) -> Any:
    return value if value is UNKNOWN else check(value)


def _check_if_managed(value: Any, check: Callable[[Any], Any]) -> Any:
    return value if value is UNKNOWN or value == UNMANAGED else check(value)


def _or_unknown(schema: CoreSchema) -> CoreSchema:
    return no_info_wrap_validator_function(_check_if_known, schema)


def _or_unmanaged(schema: CoreSchema) -> CoreSchema:
    return no_info_wrap_validator_function(_check_if_managed, schema)


@functools.cache
def _object(shape: Shape) -> CoreSchema:
    fields = {}
    for slot in shape.settable:
        schema = _or_unmanaged(_schema(slot.kind)) if slot.behaviour.loose else _or_unknown(_schema(slot.kind))
        is_required = slot.behaviour.required
        fields[slot.name] = typed_dict_field(schema if is_required else nullable_schema(schema), required=is_required)
    return typed_dict_schema(fields, extra_behavior="forbid")


def _schema(kind: Kind) -> CoreSchema:
    match kind:
        case Anything():
            return any_schema()
        case Scalar(choices=(_, *_)):
            return literal_schema(list(kind.choices))
        case Scalar():
            return no_info_after_validator_function(functools.partial(_scalar, kind.types), any_schema())
        case ListOf():
            return list_schema(_or_unknown(_schema(kind.item)))
        case MapOf():
            return dict_schema(str_schema(), _or_unknown(_schema(kind.item)))
        case Object():
            return _object(kind.shape)
        case OneOf():
            return _union(kind)


_SCALARS = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}


def _scalar(types: tuple[type, ...], value: Any) -> Any:
    """The value, if it is of one of the types: nothing is converted, and `true` is no number."""
    if type(value) in types or (float in types and type(value) is int):
        return value
    expected = " or ".join(_SCALARS[t] for t in types)
    kind: Literal["scalar_null", "scalar_type"] = "scalar_null" if value is None else "scalar_type"
    raise PydanticCustomError(kind, "must be {expected}", {"expected": expected})


def _union(kind: OneOf) -> CoreSchema:
    alternatives = {str(tag): _object(value.shape) for tag, value in kind.tagged.items()}
    alternatives["unknown"] = any_schema()
    if kind.open:
        alternatives["open"] = _object(kind.open.shape)
    if kind.plain:
        alternatives["plain"] = _schema(kind.plain)
    if kind.listed:
        alternatives["listed"] = _schema(kind.listed)

    def tag(value: Any) -> str | None:
        if isinstance(value, list):
            return "listed" if kind.listed else None
        if not isinstance(value, Mapping):
            return "plain" if kind.plain else None
        if value.get("type") is UNKNOWN:
            return "unknown"
        if value.get("type") is None and kind.open and "type" in kind.open.shape:
            return None  # one mistake, not one for each key that the open type does not have
        found = str(value.get("type"))
        return found if found in kind.tagged else "open" if kind.open else None

    return tagged_union_schema(alternatives, tag)


# ---------------------------------------------------------------- messages


def _failure(shape: Shape, error: Any) -> Failure:
    kind, loc = error["type"], error["loc"]
    path, at, absent = _located(shape, loc)
    if kind in ("missing", "scalar_null") and absent:
        return Failure(format_path(path), absent)
    if kind == "extra_forbidden":
        _, at, _ = _located(shape, loc[:-1])
    return Failure(format_path(path), _reason(kind, at, error))


def _located(shape: Shape, loc: tuple[str | int, ...]) -> tuple[tuple[str | int, ...], Kind | Shape | None, str | None]:
    """The path as a person knows it, the type there, and what the property explains of its absence.

    Pydantic's location also names the alternatives of unions; the path does not.
    """
    path: list[str | int] = []
    at: Kind | Shape | None = shape
    absent: str | None = None
    for step in loc:
        if isinstance(at, OneOf):
            tags = {str(t): o for t, o in at.tagged.items()}
            others = {"open": at.open, "plain": at.plain, "listed": at.listed}
            chosen = tags.get(str(step)) or others.get(str(step))
            at = chosen.shape if isinstance(chosen, Object) else chosen
            continue
        path.append(step)
        if isinstance(at, Shape):
            absent = at[str(step)].behaviour.absent if str(step) in at else None
        at = _inside(at, step)
    return tuple(path), at, absent


def _inside(at: Kind | Shape | None, step: str | int) -> Kind | Shape | None:
    if isinstance(at, Shape):
        slot: Slot | None = at.slots.get(str(step))
        kind: Kind | None = slot.kind if slot else None
    else:
        kind = at.item if isinstance(at, ListOf | MapOf) else None
    return kind.shape if isinstance(kind, Object) else kind


_EXPECTED = {
    "list_type": 'a list, in square brackets: ["…"]',
    "dict_type": 'a mapping, in curly brackets: {"…": …}',
}


def _reason(kind: str, at: Kind | Shape | None, error: Any) -> str:
    if kind == "missing":
        return "must be given"
    if kind == "extra_forbidden":
        assert isinstance(at, Shape)
        return _undeclared(str(error["loc"][-1]), at)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return f"must be one of these: {_alternatives(at)}"
    if kind == "literal_error":
        return f"must be {error['ctx']['expected']}"
    if kind == "dict_type" and isinstance(at, Shape | Object):
        return f"must be {_written(at)}"
    return f"must be {_EXPECTED[kind]}" if kind in _EXPECTED else str(error["msg"])


def _written(at: Kind | Shape | None) -> str:
    """A declared object as a program writes it: `ods.File(…)`."""
    shape = at if isinstance(at, Shape) else at.shape if isinstance(at, Object) else None
    return f"ods.{shape.name}(…)" if shape else "an object"


def _alternatives(at: Kind | Shape | None) -> str:
    assert isinstance(at, OneOf)
    plain = [_SCALARS[t] for t in at.plain.types] if at.plain else []
    objects = dict.fromkeys(map(_written, [*at.tagged.values(), *([at.open] if at.open else [])]))
    return ", ".join([*objects, *plain, *(["a list"] if at.listed else [])])


def _undeclared(name: str, shape: Shape) -> str:
    known = [slot.name for slot in shape.settable]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}?" if close else shape.others or f"it has {', '.join(known)}"
    return f"is not a property of {shape.name}; {hint}"
