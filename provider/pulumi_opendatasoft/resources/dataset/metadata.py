"""A dataset's metadata, managed field by field: one read, and at most one write per template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...lifecycle.operations import Reading, Response, Update
from ...lifecycle.places import writing
from ...lifecycle.results import State
from ...lifecycle.section import SEEN, Progress, Section
from ...schema import codec, comparison
from ...schema.canonical import canonical_slot, equal, fingerprint
from ...schema.failure import Failure, format_path
from ...schema.property import Behaviour
from ...schema.types import UNMANAGED, Anything, Object, Shape, Slot
from .publication import patiently
from .sources import is_federated

FieldKey = tuple[str, str]
"""The key of a field on the portal: the names of its template and of itself."""

TITLE: FieldKey = ("default", "title")
NAMED = "_named"
"""In the state of a dataset whose metadata were not written completely: the managed fields, as `template.field`."""

TEMPLATES = ("default", "visualization", "internal", "asset_content_configuration")
"""The templates that have a class of their own; the others are below `templates`."""


class _Follow:
    """Written instead of a value: the field follows the remote dataset again."""


FOLLOW = _Follow()


@dataclass(frozen=True)
class Field:
    """A field that a program names."""

    key: FieldKey
    path: comparison.Path
    """Its path in the program: `("metadata", "default", "title")`."""

    value: Any


class MetadataSection(Section):
    """The fields that a program names. Other fields on the portal are never changed and never a difference."""

    names = ("metadata",)
    computes = (NAMED,)
    is_last = True

    def read(self, reading: Reading, response: Response) -> Any:
        """Every field that the portal returns, in a program's spelling."""
        actual: dict[str, Any] = {}
        for template, fields in codec.members_of(response.get("metadata")).items():
            values = {n: e.get("value") for n, e in codec.members_of(fields).items() if isinstance(e, Mapping)}
            values = {n: v for n, v in values.items() if v is not None}
            typed = self._template(template)
            if typed is not None:
                actual[template] = codec.decode_members(typed, values)
                values = {n: v for n, v in values.items() if n not in typed}
            if values:
                actual.setdefault("templates", {})[template] = {"fields": values}
        return actual

    def read_unmanaged(self, reading: Reading, response: Response) -> State:
        """Every field, for a program that does not manage them."""
        return {"metadata": self.read(reading, response)}

    def report(self, reading: Reading, response: Response) -> State:
        """The managed fields with their actual values, without those that no longer exist; `UNMANAGED` stays."""
        state = reading.prior
        desired, actual_fields = state["metadata"], _actual_fields(response)
        fingerprints = state.get(SEEN) or {}
        reported: dict[str, Any] = {}
        for field in self._fields(desired):
            slot, actual = self._slot(field.key), actual_fields.get(field.key)
            if _is_absent(field.value):
                report = field.value if _is_absent(actual) else actual
            else:
                report = comparison.report(slot, field.value, codec.decode(slot, actual), fingerprints, field.path)
            report = canonical_slot(slot, report)
            if report is not None:
                _put(reported, field.path, report)
        for key in (*TEMPLATES, "templates"):
            if key in desired:
                reported.setdefault(key, {})
        for key, template in (desired.get("templates") or {}).items():
            kept = {n: v for n, v in template.items() if n != "fields"}
            reported["templates"][key] = kept | {"fields": {}} | reported["templates"].get(key, {})
        if "follow_remote" in desired:
            overridden = _overridden(response)
            reported["follow_remote"] = [name for name in desired["follow_remote"] if name not in overridden]
        return {"metadata": reported}

    def apply(self, update: Update, progress: Progress) -> State:
        """Write the fields that differ: a single one by itself, several of a template in one call.

        The call for a template replaces it, so it contains the template's other fields as they are.
        """
        context, desired, response = update.context, update.desired["metadata"], update.response
        sources = (update.desired.get("sources") or {}).values()
        if progress.written and (not progress.is_new or any(map(is_federated, sources))):
            # Others may have edited the metadata during an upload, and a link replaces them by the remote dataset's.
            response = {**response, "metadata": context.api.get(f"/datasets/{update.id}/metadata/")}
        fingerprints = dict(progress.state.get(SEEN) or {})
        changed = self._changes(update, response, fingerprints)
        paths = {field.key: format_path(field.path) for field in self._fields(desired) if field.value != UNMANAGED}
        for template, values in sorted(changed.items()):
            context.progress(f"metadata: writing {', '.join(f'{template}.{n}' for n in sorted(values))}")
            with writing(_place(template, [paths[template, n] for n in values if (template, n) in paths])):
                written = self._write(update.having(response=response), template, values)
            for name, value in values.items():
                key = (template, name)
                actual = written.get(name)
                fingerprints.pop(paths.get(key, ""), None)
                is_rewritten = (
                    value not in (None, FOLLOW)
                    and actual is not None
                    and not self._is_as_desired(Field(key, (), value), actual, {})
                )
                if is_rewritten and self._slot(key).behaviour.normalised:
                    fingerprints[paths[key]] = fingerprint(actual)
        return {SEEN: fingerprints or None, NAMED: None}

    def _changes(
        self, update: Update, response: Response, fingerprints: Mapping[str, str]
    ) -> dict[str, dict[str, Any]]:
        """The fields to write, by template and name: a value, `FOLLOW`, or None for a field that is removed."""
        actual = _actual_fields(response)
        prior_fields = self._fields(update.prior.get("metadata") or {})
        prior = {field.key: field.value for field in prior_fields if field.value != UNMANAGED}
        changed: dict[str, dict[str, Any]] = {}
        named: set[FieldKey] = set()
        for field in self._fields(update.desired["metadata"]):
            template, name = field.key
            named.add(field.key)
            if field.value == UNMANAGED:
                continue
            is_new = not equal(prior.get(field.key), field.value)
            is_done = self._is_as_desired(field, actual.get(field.key), {} if is_new else fingerprints)
            if not is_done or (is_new and self._slot(field.key).behaviour.volatile):
                changed.setdefault(template, {})[name] = field.value
        for text in sorted(set(update.desired["metadata"].get("follow_remote") or []) & _overridden(response)):
            template, name = _field_key(text)
            changed.setdefault(template, {})[name] = FOLLOW
            named.add((template, name))
        for key in (prior.keys() | {_field_key(text) for text in update.prior.get(NAMED) or []}) - named:
            if key in actual and key != TITLE:
                changed.setdefault(key[0], {})[key[1]] = None
        return changed

    def unfinished_state(self, update: Update) -> State:
        """The fields that a program may have written, so that the next `up` removes those it no longer names."""
        prior = update.prior
        fields = [*self._fields(prior.get("metadata") or {}), *self._fields(update.desired["metadata"])]
        ours = {".".join(field.key) for field in fields if field.value != UNMANAGED} | set(prior.get(NAMED) or [])
        return {NAMED: sorted(ours)}

    def check(self, desired: State) -> list[Failure]:
        """Refuse `UNMANAGED` in the place of a whole template, and a field that is named twice."""
        metadata = desired.get("metadata")
        if not isinstance(metadata, Mapping):
            return []
        whole = [n for n in metadata if metadata[n] == UNMANAGED]
        if whole:
            reason = "UNMANAGED stands for single fields, each by its name: to manage none of a template, leave it out"
            return [Failure(f"metadata.{n}", reason) for n in whole]
        failures, first = [], dict[FieldKey, comparison.Path]()
        for field in sorted(self._fields(metadata), key=lambda field: str(field.path)):
            other = first.setdefault(field.key, field.path)
            if other != field.path and isinstance(field.key[0], str):
                reason = f"is the field that {format_path(other)} names already: remove one of the two"
                failures.append(Failure(format_path(field.path), reason))
        return failures

    def has_title(self, desired: State) -> bool:
        """Whether a program gives a title, by whichever path."""
        titles = [field.value for field in self._fields(desired.get("metadata") or {}) if field.key == TITLE]
        return any(not _is_absent(value) and value != UNMANAGED for value in titles)

    def _write(self, update: Update, template: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Write fields of one template, by their names; returns the values that the portal then has."""
        context, id = update.context, update.id
        endpoint = f"/datasets/{id}/metadata/{template}/"
        actual = codec.members_of(codec.members_of(update.response.get("metadata")).get(template))
        if len(values) == 1:
            name, value = next(iter(values.items()))
            if _is_absent(value):
                patiently(context, id, context.api.delete, f"{endpoint}{name}/")
                return {}
            body = self._entry(template, name, value, actual.get(name))
            response = patiently(context, id, context.api.put, f"{endpoint}{name}/", body)
            return {name: response.get("value") if isinstance(response, Mapping) else None}
        whole = {name: _writable(entry) for name, entry in actual.items()}
        for name, value in values.items():
            if _is_absent(value):
                whole.pop(name, None)
            else:
                whole[name] = self._entry(template, name, value, actual.get(name))
        response = patiently(context, id, context.api.put, endpoint, whole)
        return {n: e.get("value") for n, e in codec.members_of(response).items() if isinstance(e, Mapping)}

    # ------------------------------------------------------------ fields

    def encode(self, desired: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The metadata of a new dataset on the wire, without empty values, which the portal would refuse."""
        whole: dict[str, dict[str, Any]] = {}
        for field in self._fields(desired):
            if field.value != UNMANAGED and not _is_absent(field.value):
                template, name = field.key
                whole.setdefault(template, {})[name] = {"value": self._encode(field.key, field.value)}
        return whole

    def _fields(self, desired: Mapping[str, Any]) -> list[Field]:
        """Every field that a program names; in a preview, as far as it is known."""
        found: list[Field] = []
        for template, values in desired.items():
            if template == "follow_remote" or not isinstance(values, Mapping):
                continue
            if template == "templates":
                for key, other in values.items():
                    known = other if isinstance(other, Mapping) else {}
                    inner = known.get("fields")
                    found += [
                        Field((known.get("template") or key, n), ("metadata", "templates", key, "fields", n), value)
                        for n, value in (inner.items() if isinstance(inner, Mapping) else ())
                    ]
            else:
                found += [Field((template, n), ("metadata", template, n), value) for n, value in values.items()]
        return found

    def _template(self, name: str) -> Shape | None:
        assert isinstance(self.slot.kind, Object)
        slot = self.slot.kind.shape.slots.get(name)
        return slot.kind.shape if slot and name != "templates" and isinstance(slot.kind, Object) else None

    def _slot(self, key: FieldKey) -> Slot:
        template, name = key
        typed = self._template(template)
        if typed is not None and name in typed:
            return typed[name]
        return Slot(name, Anything(), Behaviour(None, normalised=True))

    def _is_as_desired(self, field: Field, actual: Any, fingerprints: Mapping[str, str]) -> bool:
        """Whether an actual value is the desired one, or what the portal made of it before."""
        if _is_absent(field.value):
            return _is_absent(actual)
        slot = self._slot(field.key)
        if actual is not None and fingerprints.get(format_path(field.path)) == fingerprint(actual):
            return True
        return actual is not None and comparison.matches(slot, field.value, codec.decode(slot, actual))

    def _entry(self, template: str, name: str, value: Any, actual: Any) -> dict[str, Any]:
        """A field on the wire. On a linked dataset, a write without the override has no effect.

        Args:
            template: the name of its template.
            name: its own name.
            value: the desired value, or `FOLLOW`.
            actual: the field as the portal has it, on the wire; None where it does not exist.
        """
        if value is FOLLOW:
            return {"value": actual.get("remote_value"), "override_remote_value": False}
        is_linked = isinstance(actual, Mapping) and "override_remote_value" in actual
        override = {"override_remote_value": True} if is_linked else {}
        return {"value": self._encode((template, name), value)} | override

    def _encode(self, key: FieldKey, value: Any) -> Any:
        return codec.encode(self._slot(key), value)


def _writable(entry: Any) -> Any:
    """A field of a template as it may be sent back: the remote value is read-only (the API's description)."""
    return {n: v for n, v in entry.items() if n != "remote_value"} if isinstance(entry, Mapping) else entry


def _place(template: str, paths: list[str]) -> str:
    """The fields of a template that one call writes, by their paths in the program, in messages."""
    if not paths:
        return f"metadata.{template}"
    return paths[0] if len(paths) == 1 else paths[0].rpartition(".")[0]


def _field_key(text: str) -> FieldKey:
    """The key of a field that is written as `template.field`."""
    template, _, name = text.partition(".")
    return template, name


def _actual_fields(response: Mapping[str, Any]) -> dict[FieldKey, Any]:
    """The values of all fields in a response."""
    return {
        (template, name): entry.get("value")
        for template, fields in codec.members_of(response.get("metadata")).items()
        for name, entry in codec.members_of(fields).items()
        if isinstance(entry, Mapping) and entry.get("value") is not None
    }


def _overridden(response: Mapping[str, Any]) -> set[str]:
    """The fields of a linked dataset that do not follow the remote one, as `template.field`."""
    return {
        f"{template}.{name}"
        for template, fields in codec.members_of(response.get("metadata")).items()
        for name, entry in codec.members_of(fields).items()
        if isinstance(entry, Mapping) and entry.get("override_remote_value")
    }


def _is_absent(value: Any) -> bool:
    """Whether a value is empty. The portal has no empty values, so an empty one in a program means no field."""
    return value in (None, "", [], {})


def _put(whole: dict[str, Any], path: comparison.Path, value: Any) -> None:
    at = whole
    for step in path[1:-1]:
        at = at.setdefault(str(step), {})
    at[str(path[-1])] = value
