"""The rules of a dataset under test (fields, processors, access), and another value for each of their properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pulumi_opendatasoft as ods

from .rows import Properties, Row

READS = 3
"""The reads of an update: the dataset, its status, and the section."""

FIELDS = "/datasets/{uid}/fields/{uid}/"
PROCESSORS = "/datasets/{uid}/processors/"
NO_SUCH_RULE = '"facet" is not a valid choice'


def rename(**other: Any) -> ods.RenameField:
    """A rule that renames a field."""
    return ods.RenameField(
        **{"from_name": "id", "to_name": "number", "field_label": "Number", "label": "first", **other}
    )


def typed(**other: Any) -> ods.TypeField:
    """A rule for the type of a field."""
    return ods.TypeField(**{"field": "pm10", "type_param": "int", "label": "second", **other})


def annotate(**other: Any) -> ods.AnnotateField:
    """A rule for the annotation of a field."""
    return ods.AnnotateField(**{"field": "pm25", "annotation": "unit", "args": ["g"], "label": "third", **other})


def describe(**other: Any) -> ods.DescribeField:
    """A rule for the description of a field."""
    return ods.DescribeField(**{"field": "name", "description": "Where", "label": "fourth", **other})


def order(**other: Any) -> ods.OrderFields:
    """A rule for the order of fields."""
    return ods.OrderFields(**{"order": ["name", "number"], "label": "fifth", **other})


def delete(**other: Any) -> ods.DeleteField:
    """A rule that removes a field."""
    return ods.DeleteField(**{"field": "secret", "label": "sixth", **other})


Make = Callable[..., Any]

MAKE: dict[str, tuple[Make, Mapping[str, Any]]] = {
    "rename": (rename, {"from_name": "ident", "to_name": "no", "field_label": "No", "label": "other"}),
    "type": (typed, {"field": "ozone", "type_param": "double", "label": "other"}),
    "annotate": (annotate, {"field": "ozone", "annotation": "decimals", "args": [2], "label": "other"}),
    "description": (describe, {"field": "place", "description": "Which", "label": "other"}),
    "order": (order, {"order": ["number", "name"], "label": "other"}),
    "delete": (delete, {"field": "hidden", "label": "other"}),
}
"""Every type of rule, in the order of the list, and another value for each of its members."""


def fields(**other: Any) -> list[Any]:
    """A rule of every type, with another one in the place of some."""
    return [other.get(kind) or make() for kind, (make, _) in MAKE.items()]


def replace(**other: Any) -> ods.Processor:
    """The first of two processors."""
    params = {"field": "name", "old": "a", "new": "b"}
    return ods.Processor(**{"type": "string_replace", "params": params, "label": "first", **other})


def skip(**other: Any) -> ods.Processor:
    """The last of two processors."""
    return ods.Processor(**{"type": "skip", "params": {"field": "pm10"}, "label": "last", **other})


def security(limit: int = 10, unit: str = "day", **other: Any) -> ods.DatasetSecurity:
    """The visible part of a dataset."""
    return ods.DatasetSecurity(
        **{
            "is_data_visible": True,
            "visible_fields": ["name", "number"],
            "filter_query": "name:Basel",
            "api_calls_quota": ods.Quota(limit=limit, unit=unit),
            **other,
        }
    )


OTHER_SECURITY: dict[str, tuple[Mapping[str, Any], Any]] = {
    "is_data_visible": ({"is_data_visible": False}, False),
    "visible_fields": ({"visible_fields": ["name"]}, ["name"]),
    "filter_query": ({"filter_query": "name:Bern"}, "name:Bern"),
    "api_calls_quota.limit": ({"limit": 20}, 20),
    "api_calls_quota.unit": ({"unit": "hour"}, "hour"),
}
"""Another value for each of its members."""


def group(**other: Any) -> ods.DatasetGroupAccess:
    """An access rule for a group."""
    return ods.DatasetGroupAccess(
        **{"group": "readers", "permissions": ["edit_dataset"], "security": security(), **other}
    )


def user(**other: Any) -> ods.DatasetUserAccess:
    """An access rule for a user."""
    return ods.DatasetUserAccess(**{"user": "ana", "permissions": ["edit_dataset"], "security": security(), **other})


# ---------------------------------------------------------------- rows


def rows() -> Iterator[Row]:
    """A row for every property of every rule."""
    for number, (kind, (make, others)) in enumerate(MAKE.items()):
        for member, other in others.items():
            yield Row(
                f"fields[{kind}].{member}",
                partial(_with_rule, kind, make, {member: other}),
                {f"fields[{number}].{member}": other},
                (f"PUT {FIELDS}",),
                reads=READS,
            )
    unknown: dict[str, Any] = {"type": "facet", "params": {"field": "name"}, "label": "other"}
    for member in unknown:
        yield Row(
            f"fields[…].{member}", lambda _: {"fields": [*fields(), ods.Processor(**unknown)]}, refused=NO_SUCH_RULE
        )
    yield from _of_processors()
    yield from _of_access()


def _with_rule(kind: str, make: Make, other: Mapping[str, Any], facts: Mapping[str, Any]) -> Properties:
    return {"fields": fields(**{kind: make(**other)})}


def _with_access(section: str, make: Make, other: Mapping[str, Any], facts: Mapping[str, Any]) -> Properties:
    return {section: [make(**other)]}


def _with_security(section: str, make: Make, other: Mapping[str, Any], facts: Mapping[str, Any]) -> Properties:
    return {section: [make(security=security(**other))]}


def _of_processors() -> Iterator[Row]:
    yield Row(
        "processors[].type",
        lambda _: {"processors": [replace(), skip(type="keep")]},
        {"processors[1].type": "keep"},
        # Whether a PUT may change the type is unknown, so none does.
        (f"DELETE {PROCESSORS}{{uid}}/", f"POST {PROCESSORS}"),
        reads=READS,
        drifts=False,
    )
    params = {"field": "name", "old": "a", "new": "c"}
    yield Row(
        "processors[].params",
        lambda _: {"processors": [replace(params=params), skip()]},
        {"processors[0].new": "c"},
        (f"PUT {PROCESSORS}{{uid}}/",),
        reads=READS,
        keys=("new",),
    )
    yield Row(
        "processors[].label",
        lambda _: {"processors": [replace(label="other"), skip()]},
        {"processors[0].label": "other"},
        (f"PUT {PROCESSORS}{{uid}}/",),
        reads=READS,
    )


def _of_access() -> Iterator[Row]:
    for section, make, target, key, old, new in (
        ("group_access", group, "group", "uid", "readers", "writers"),
        ("user_access", user, "user", "username", "ana", "ben"),
    ):
        seen, path = f"{target}s[0]", f"/datasets/{{uid}}/security/{target}s/"
        yield Row(
            f"{section}[].{target}",
            partial(_with_access, section, make, {target: new}),
            {f"{seen}.{target}.{key}": new},
            (f"POST {path}", f"DELETE {path}{old}/"),
            back=(f"POST {path}", f"DELETE {path}{new}/"),
            reads=READS,
        )
        yield Row(
            f"{section}[].permissions",
            partial(_with_access, section, make, {"permissions": ["publish_dataset"]}),
            {f"{seen}.permissions": ["publish_dataset"]},
            (f"PUT {path}{old}/",),
            reads=READS,
        )
        for member, (other, actual) in OTHER_SECURITY.items():
            yield Row(
                f"{section}[].security.{member}",
                partial(_with_security, section, make, other),
                {f"{seen}.security.{member}": actual},
                (f"PUT {path}{old}/",),
                reads=READS,
            )
