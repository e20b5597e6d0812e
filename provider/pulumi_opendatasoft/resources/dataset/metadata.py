"""A dataset's metadata, managed field by field: one read, and at most one write per template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lifecycle.operations import Reading, Response, Update
from ...lifecycle.results import State
from ...lifecycle.section import SEEN, Progress, Section
from ...schema import codec, comparison
from ...schema.canonical import canonical_slot, equal, fingerprint
from ...schema.property import Behaviour
from ...schema.types import UNMANAGED, Anything, Object, Shape, Slot
from ...schema.validation import Failure, format_path
from .publication import patiently
from .sources import is_federated

Place = tuple[str, str]
"""A field: its template's name and its own."""

TITLE: Place = ("default", "title")
NAMED = "_named"
"""In the state of a dataset whose metadata were begun and not finished: the fields that were ours, `template.field`."""

TEMPLATES = ("default", "visualization", "internal", "asset_content_configuration")
"""The templates that have a class of their own; the others stand under `templates`."""


class _Follow:
    """Written instead of a value: let the field have the remote dataset's again."""


FOLLOW = _Follow()


class MetadataSection(Section):
    """The fields that a program names; what else the portal has is left alone and is never a diff."""

    names = ("metadata",)
    computes = (NAMED,)
    is_last = True

    def read(self, reading: Reading, response: Response) -> Any:
        """Every field that the portal returns, in a program's spelling."""
        actual: dict[str, Any] = {}
        for template, fields in (response.get("metadata") or {}).items():
            values = {n: e.get("value") for n, e in (fields or {}).items() if isinstance(e, Mapping)}
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
        """The managed fields, as they are; one that is gone is left out, an unmanaged one stays so."""
        state = reading.prior
        desired, live = state["metadata"], _live_fields(response)
        fingerprints = state.get(SEEN) or {}
        reported: dict[str, Any] = {}
        for place, path, value in self._fields(desired):
            slot, there = self._slot(place), live.get(place)
            if _is_absent(value):
                report = value if _is_absent(there) else there
            else:
                report = comparison.report(slot, value, codec.decode(slot, there), fingerprints, path)
            report = canonical_slot(slot, report)
            if report is not None:
                _put(reported, path, report)
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
        """Write what differs: a single field by itself, several of a template together with what else is there."""
        context, desired, response = update.context, update.desired["metadata"], update.response
        sources = (update.desired.get("sources") or {}).values()
        if progress.written and (not progress.is_new or any(map(is_federated, sources))):
            # Uploads take their time, in which others edit; and a link brings the remote dataset's values along.
            response = {**response, "metadata": context.api.get(f"/datasets/{update.id}/metadata/")}
        fingerprints = dict(progress.state.get(SEEN) or {})
        changed = self._changes(update, response, fingerprints)
        paths = {place: format_path(path) for place, path, value in self._fields(desired) if value != UNMANAGED}
        for template, fields in sorted(changed.items()):
            context.progress(f"metadata: writing {', '.join(f'{template}.{n}' for n in sorted(fields))}")
            actual = self._write(update.having(response=response), template, fields)
            for name, value in fields.items():
                place = (template, name)
                there = actual.get(name)
                fingerprints.pop(paths.get(place, ""), None)
                rewritten = (
                    value not in (None, FOLLOW) and there is not None and not self._is_so(place, (), value, there, {})
                )
                if rewritten and self._slot(place).behaviour.normalised:
                    fingerprints[paths[place]] = fingerprint(there)
        return {SEEN: fingerprints or None, NAMED: None}

    def _changes(
        self, update: Update, response: Response, fingerprints: Mapping[str, str]
    ) -> dict[str, dict[str, Any]]:
        """The fields to write, by template and name: a value, `FOLLOW`, or None for a field that goes."""
        live = _live_fields(response)
        prior_fields = self._fields(update.prior.get("metadata") or {})
        prior = {place: value for place, _, value in prior_fields if value != UNMANAGED}
        changed: dict[str, dict[str, Any]] = {}
        named: set[Place] = set()
        for place, path, value in self._fields(update.desired["metadata"]):
            named.add(place)
            if value == UNMANAGED:
                continue
            is_new = not equal(prior.get(place), value)
            settled = self._is_so(place, path, value, live.get(place), {} if is_new else fingerprints)
            if not settled or (is_new and self._slot(place).behaviour.volatile):
                changed.setdefault(place[0], {})[place[1]] = value
        for name in sorted(set(update.desired["metadata"].get("follow_remote") or []) & _overridden(response)):
            template, field = _place(name)
            changed.setdefault(template, {})[field] = FOLLOW
            named.add((template, field))
        for place in (prior.keys() | {_place(name) for name in update.prior.get(NAMED) or []}) - named:
            if place in live and place != TITLE:
                changed.setdefault(place[0], {})[place[1]] = None
        return changed

    def unfinished_state(self, update: Update) -> State:
        """The fields that may be on the portal because of a program, which the next one may not name any more."""
        prior = update.prior
        fields = [*self._fields(prior.get("metadata") or {}), *self._fields(update.desired["metadata"])]
        ours = {".".join(place) for place, _, value in fields if value != UNMANAGED} | set(prior.get(NAMED) or [])
        return {NAMED: sorted(ours)}

    def check(self, desired: State) -> list[Failure]:
        """A template that is unmanaged as a whole, and a field that is named twice, are refused."""
        metadata = desired.get("metadata")
        if not isinstance(metadata, Mapping):
            return []
        whole = [n for n in metadata if metadata[n] == UNMANAGED]
        if whole:
            return [Failure(f"metadata.{n}", "UNMANAGED is said of single fields, each by its name") for n in whole]
        failures, first = [], dict[Place, comparison.Path]()
        for place, path, _ in sorted(self._fields(metadata), key=lambda field: str(field[1])):
            other = first.setdefault(place, path)
            if other != path and isinstance(place[0], str):
                failures.append(Failure(format_path(path), f"is the field that {format_path(other)} names already"))
        return failures

    def has_title(self, desired: State) -> bool:
        """Whether a program gives a title, by whichever path."""
        titles = [value for place, _, value in self._fields(desired.get("metadata") or {}) if place == TITLE]
        return any(not _is_absent(value) and value != UNMANAGED for value in titles)

    def _write(self, update: Update, template: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Write fields of one template; returns the values that the portal then has."""
        context, id = update.context, update.id
        endpoint = f"/datasets/{id}/metadata/{template}/"
        live = (update.response.get("metadata") or {}).get(template) or {}
        if len(fields) == 1:
            name, value = next(iter(fields.items()))
            if _is_absent(value):
                patiently(context, id, context.api.delete, f"{endpoint}{name}/")
                return {}
            body = self._entry(template, name, value, live.get(name))
            actual = patiently(context, id, context.api.put, f"{endpoint}{name}/", body)
            return {name: actual.get("value") if isinstance(actual, Mapping) else None}
        whole = dict(live)
        for name, value in fields.items():
            if _is_absent(value):
                whole.pop(name, None)
            else:
                whole[name] = self._entry(template, name, value, live.get(name))
        actual = patiently(context, id, context.api.put, endpoint, whole)
        return {n: e.get("value") for n, e in (actual or {}).items() if isinstance(e, Mapping)}

    # ------------------------------------------------------------ fields

    def encode(self, desired: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The metadata of a new dataset on the wire; nothing empty, which the portal would refuse."""
        whole: dict[str, dict[str, Any]] = {}
        for (template, name), _, value in self._fields(desired):
            if value != UNMANAGED and not _is_absent(value):
                whole.setdefault(template, {})[name] = {"value": self._encode(template, name, value)}
        return whole

    def _fields(self, desired: Mapping[str, Any]) -> list[tuple[Place, comparison.Path, Any]]:
        """Every named field: its place on the portal, its path in the program, its value; as far as it is known."""
        found: list[tuple[Place, comparison.Path, Any]] = []
        for template, fields in desired.items():
            if template == "follow_remote" or not isinstance(fields, Mapping):
                continue
            if template == "templates":
                for key, other in fields.items():
                    known = other if isinstance(other, Mapping) else {}
                    inner = known.get("fields")
                    found += [
                        ((known.get("template") or key, field), ("metadata", "templates", key, "fields", field), value)
                        for field, value in (inner.items() if isinstance(inner, Mapping) else ())
                    ]
            else:
                found += [((template, n), ("metadata", template, n), v) for n, v in fields.items()]
        return found

    def _template(self, name: str) -> Shape | None:
        assert isinstance(self.slot.kind, Object)
        slot = self.slot.kind.shape.slots.get(name)
        return slot.kind.shape if slot and name != "templates" and isinstance(slot.kind, Object) else None

    def _slot(self, place: Place) -> Slot:
        typed = self._template(place[0])
        if typed is not None and place[1] in typed:
            return typed[place[1]]
        return Slot(place[1], Anything(), Behaviour(None, normalised=True))

    def _is_so(
        self, place: Place, path: comparison.Path, value: Any, there: Any, fingerprints: Mapping[str, str]
    ) -> bool:
        if _is_absent(value):
            return _is_absent(there)
        slot = self._slot(place)
        if there is not None and fingerprints.get(format_path(path)) == fingerprint(there):
            return True
        return there is not None and comparison.matches(slot, value, codec.decode(slot, there))

    def _entry(self, template: str, name: str, value: Any, live: Any) -> dict[str, Any]:
        """A field on the wire. On a linked dataset a write without the override has no effect."""
        if value is FOLLOW:
            return {"value": live.get("remote_value"), "override_remote_value": False}
        linked = isinstance(live, Mapping) and "override_remote_value" in live
        return {"value": self._encode(template, name, value)} | ({"override_remote_value": True} if linked else {})

    def _encode(self, template: str, name: str, value: Any) -> Any:
        return codec.encode(self._slot((template, name)), value)


def _place(name: str) -> Place:
    template, _, field = name.partition(".")
    return template, field


def _live_fields(response: Mapping[str, Any]) -> dict[Place, Any]:
    return {
        (template, name): entry.get("value")
        for template, fields in (response.get("metadata") or {}).items()
        for name, entry in (fields or {}).items()
        if isinstance(entry, Mapping) and entry.get("value") is not None
    }


def _overridden(response: Mapping[str, Any]) -> set[str]:
    """The fields of a linked dataset, as `template.field`, that no longer follow the remote one."""
    return {
        f"{template}.{name}"
        for template, fields in (response.get("metadata") or {}).items()
        for name, entry in (fields or {}).items()
        if isinstance(entry, Mapping) and entry.get("override_remote_value")
    }


def _is_absent(value: Any) -> bool:
    """The portal has no empty values: an empty one in a program asks that the field be absent."""
    return value in (None, "", [], {})


def _put(whole: dict[str, Any], path: comparison.Path, value: Any) -> None:
    at = whole
    for step in path[1:-1]:
        at = at.setdefault(str(step), {})
    at[str(path[-1])] = value
