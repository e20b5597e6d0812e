"""The commands of a dataset's metadata as a whole: metadata show, set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from ..errors import NotFound
from ..lifecycle.context import Context
from ..resources.dataset import publication
from ..schema.codec import members_of
from . import targets
from .exit_codes import Absent
from .group import PASS_SESSION, Command
from .inputs import JSON_FILE, json_object_in
from .session import Session
from .texts import cell

ENTRY = frozenset({"value", "remote_value", "override_remote_value"})
"""The members of a field as the API has it."""

TITLE = "default.title"

Fields = dict[str, Any]
"""Metadata fields by `template.field`, each as the API has it."""


@click.group(help="Show and set the metadata of a dataset, all templates at once.")
def metadata() -> None:
    """The group of these commands."""


@metadata.command(cls=Command, example="opendatasoft metadata show air-quality --json > metadata.json")
@click.argument("dataset")
@PASS_SESSION
def show(session: Session, dataset: str) -> None:
    """Show the metadata of DATASET. With --json it is the file that `metadata set` takes."""
    found = targets.dataset(session.client, dataset)
    response = session.client.get(f"/datasets/{found.uid}/metadata/")
    if session.as_json:
        session.object(response)
        return
    rows = [{"field": name, "value": cell(entry.get("value"))} for name, entry in _fields(response).items()]
    session.table(rows, {"field": "field", "value": "value"}, empty=f"{found} has no metadata")


@metadata.command("set", cls=Command, asks=True, example="opendatasoft metadata set air-quality metadata.json")
@click.argument("dataset")
@click.argument("file", type=JSON_FILE)
@click.option("--replace", is_flag=True, help="Remove every field that FILE does not name.")
@PASS_SESSION
def set_(session: Session, dataset: str, file: str, replace: bool) -> None:
    """Set metadata of DATASET from FILE, in one call: the fields that it names, and no others.

    FILE is JSON: `{"default": {"title": "Air", "keyword": ["air"]}}`, or what `metadata show --json` prints; - is
    standard input. A field with null, "" or [] is removed; it asks before it removes any. What was changed is public
    after `opendatasoft publish --metadata-only`. A program that manages a field sets it back with its next `up`.
    """
    found = targets.dataset(session.client, dataset)
    path = f"/datasets/{found.uid}/metadata/"
    given = _given(file)
    live = _fields(session.client.get(path))
    whole = {} if replace else {name: _writable(entry) for name, entry in live.items()}
    for name, value in given.items():
        if value in (None, "", []):
            whole.pop(name, None)
        else:
            override = {"override_remote_value": True} if "override_remote_value" in live.get(name, {}) else {}
            whole[name] = {"value": value, **override}
    changed = sorted(name for name, entry in whole.items() if entry["value"] != live.get(name, {}).get("value"))
    removed = sorted(live.keys() - whole.keys())
    if TITLE in removed or TITLE not in {*live, *whole}:
        raise click.UsageError("a dataset without a title is refused by the portal: name default.title in the file")
    if removed:
        session.confirm(f"Remove {len(removed)} metadata fields of {found}: {', '.join(removed)}?")
    if changed or removed:
        context = Context(session.client, str(found))
        try:
            publication.patiently(context, found.uid, session.client.put, path, _nested(whole))
        except NotFound as error:
            new = ", ".join(name for name in changed if name not in live)
            raise Absent(f"{session.client.host} has no such metadata field, one of {new} ({error})") from error
    value = {"uid": found.uid, "dataset_id": found.dataset_id, "set": changed, "removed": removed}
    done = [f"set {', '.join(changed)}"] * bool(changed) + [f"removed {', '.join(removed)}"] * bool(removed)
    session.done(f"{found}: {'; '.join(done) or 'nothing was to be changed'}", value)


def _given(file: str) -> dict[str, Any]:
    """The values of a file, by `template.field`."""
    content = json_object_in(file, "FILE")
    if not all(isinstance(fields, dict) for fields in content.values()):
        form = '{"default": {"title": "Air"}}'
        raise click.BadParameter(f"it has an object for each template, such as {form}", param_hint="FILE")
    return {
        f"{template}.{name}": value["value"] if _is_entry(value) else value
        for template, fields in content.items()
        for name, value in fields.items()
    }


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and "value" in value and value.keys() <= ENTRY


def _fields(response: Any) -> Fields:
    return {
        f"{template}.{name}": dict(entry)
        for template, fields in members_of(response).items()
        for name, entry in members_of(fields).items()
        if isinstance(entry, Mapping) and entry.get("value") is not None
    }


def _writable(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A field as it may be sent back: the remote value of a linked dataset is read-only."""
    return {name: value for name, value in entry.items() if name != "remote_value"}


def _nested(fields: Fields) -> dict[str, dict[str, Any]]:
    whole: dict[str, dict[str, Any]] = {}
    for key, entry in fields.items():
        template, _, name = key.partition(".")
        whole.setdefault(template, {})[name] = entry
    return whole
