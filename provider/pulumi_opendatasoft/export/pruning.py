"""From everything that a portal returns of an object to what somebody wrote: the inputs of a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..schema.canonical import equal, typed
from ..schema.codec import members_of
from ..schema.property import NAME
from ..schema.secrets import MASKED
from ..schema.types import Kind, ListOf, MapOf, Object, OneOf, Shape, Slot

Told = Mapping[str, Any]


def pruned(shape: Shape, actual: Told, *, sections: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The properties that a program gives: without defaults, empty values, and what only the portal sets.

    Args:
        shape: the properties.
        actual: their actual values, in a program's spelling.
        sections: the properties whose empty list is kept: they are managed, and empty.
    """
    inputs: dict[str, Any] = {}
    for slot in shape.settable:
        if slot.behaviour.local and slot.name not in actual:
            continue
        value = _value(slot, actual.get(slot.name), slot.name not in sections)
        if value is not None:
            inputs[slot.name] = value
    return inputs


def _value(slot: Slot, actual: Any, drops_empty: bool = True) -> Any:
    behaviour = slot.behaviour
    if behaviour.secret and behaviour.write_only and behaviour.required and not behaviour.once:
        return actual if isinstance(actual, str) and actual else MASKED
    if actual is None or (behaviour.volatile and not behaviour.required):
        return None
    value = _masked(_inside(slot.kind, actual)) if behaviour.secret else _inside(slot.kind, actual)
    is_meant = behaviour.required or (behaviour.null and value == []) or not drops_empty
    if value in ("", [], {}) and not is_meant:
        return None
    is_default = not behaviour.required and behaviour.default not in (None, NAME) and equal(behaviour.default, value)
    # The tag of a value is always one of its members; see `program.value.Value`.
    return None if is_default and slot.name != "type" else value


def _inside(kind: Kind, actual: Any) -> Any:
    if isinstance(kind, OneOf):
        kind = kind.pick(actual)
    if isinstance(kind, Object) and isinstance(actual, Mapping):
        values = {slot.name: _value(slot, actual.get(slot.name)) for slot in kind.shape.settable}
        return {name: value for name, value in values.items() if value is not None}
    if isinstance(kind, MapOf) and isinstance(actual, Mapping):
        return {str(name): _inside(kind.item, value) for name, value in actual.items() if value is not None}
    if isinstance(kind, ListOf) and isinstance(actual, list):
        return [_inside(kind.item, value) for value in actual]
    return typed(actual)


def _masked(secret: Any) -> Any:
    """A secret, or the mask in the place of one that the portal does not return."""
    if isinstance(secret, Mapping):
        return {name: _masked(value) for name, value in secret.items()}
    return secret if secret not in (None, "") else MASKED


# ---------------------------------------------------------------- metadata

FILLED_IN = {
    "default": {
        "license",
        "license_url",
        "theme",
        "metadata_processed",
        "data_processed",
        "records_count",
        "source_domain",
        "source_domain_title",
        "source_domain_address",
        "source_dataset",
        "parent_domain",
    },
    "internal": {"category_id", "metadata_source_language"},
}
"""The fields that the portal derives from others, or writes by itself."""

TYPED = ("default", "visualization", "internal", "asset_content_configuration")
"""The templates of which the portal sets every boolean that nobody wrote to false."""


def written_metadata(row: Told, actual: Told, timezone: str | None) -> dict[str, Any]:
    """The metadata that somebody wrote.

    Args:
        row: the dataset as the portal lists it.
        actual: its metadata in a program's spelling.
        timezone: the time zone that the portal gives to every dataset.
    """
    entries = members_of(row.get("metadata"))
    is_linked = any(
        "remote_value" in entry or "override_remote_value" in entry
        for fields in entries.values()
        if isinstance(fields, Mapping)
        for entry in fields.values()
        if isinstance(entry, Mapping)
    )

    def is_written(template: str, name: str, value: Any) -> bool:
        entry = (entries.get(template) or {}).get(name) or {}
        if is_linked and not entry.get("override_remote_value"):
            return False  # it follows the remote dataset
        if name in FILLED_IN.get(template, ()) or (template in TYPED and value is False):
            return False
        if (template, name) == ("default", "license_id"):
            return not equal(value, ((entries.get("internal") or {}).get("license_id") or {}).get("value"))
        return (template, name, value) != ("default", "timezone", timezone)

    written: dict[str, Any] = {
        template: {name: value for name, value in actual[template].items() if is_written(template, name, value)}
        for template in TYPED
        if isinstance(actual.get(template), Mapping)
    }
    templates = {
        template: {"fields": {n: v for n, v in one["fields"].items() if is_written(template, n, v)}}
        for template, one in (actual.get("templates") or {}).items()
    }
    written["templates"] = {template: one for template, one in templates.items() if one["fields"]}
    return {template: fields for template, fields in written.items() if fields}


def is_harvested(row: Told, sources: Told) -> bool:
    """Whether a harvester made a dataset: its metadata follow a remote dataset, and no source of it is federated."""
    metadata = row.get("metadata")
    follows = any(
        isinstance(entry, Mapping) and "remote_value" in entry
        for fields in (metadata.values() if isinstance(metadata, Mapping) else ())
        if isinstance(fields, Mapping)
        for entry in fields.values()
    )
    kinds = {(source.get("datasource") or {}).get("type") for source in sources.values()}
    return follows and "federated" not in kinds


def without_automatic_label(rule: Told) -> dict[str, Any]:
    """A rule or processor without its label, where the provider gives the same one to a rule that has none."""
    automatic = f"{rule.get('type')} {rule.get('field') or rule.get('from_name') or ''}".strip()
    return {name: value for name, value in rule.items() if name != "label" or value != automatic}
