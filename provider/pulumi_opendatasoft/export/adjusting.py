"""The steps of single resource types before their objects are inputs of a program: files, texts, titles and links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import OpendatasoftError
from ..lifecycle.context import Context
from ..program.text_file import TextFile
from ..resources.connection import READ_ONLY
from ..resources.dataset.publication import FAILED, IS_PUBLIC
from ..schema.codec import members_of
from ..schema.secrets import MASKED
from ..schema.types import Kind, ListOf, MapOf, Object, OneOf, stand_in_of
from .files import Fetch, place_of, step
from .found import FilledIn, Found, Portal
from .pruning import is_harvested, without_automatic_label, written_metadata

KEPT_EMPTY = frozenset({"sources", "fields", "processors"})
"""The sections of a dataset that `Selection.empty` manages although they are empty."""

LONG = 160
"""Characters of a text that lies in a file of its own."""

ONCE = "its consent is valid once, and cannot be read: give it anew with a resource of your own"

Actual = dict[str, Any]


class LeftOut(OpendatasoftError):
    """The reason for which an object is not exported."""


@dataclass(frozen=True)
class Surroundings:
    """The things that all objects of one export share."""

    context: Context
    portal: Portal
    filled_in: FilledIn
    fetch: Fetch


def learned(found: Found) -> dict[str, Any]:
    """The members of a user that the state must contain for a read without a search."""
    row = found.row if found.kind == "User" else {}
    return {name: row[name] for name in ("username", "joined_at") if row.get(name)}


def adjust(found: Found, actual: Actual, around: Surroundings) -> dict[str, Any]:
    """Change the actual values of an object into those that a program can give.

    Args:
        found: the object.
        actual: its actual values, in a program's spelling.
        around: the portal, and how files are read.

    Returns:
        What the state contains besides the inputs: the uids of uploaded files.

    Raises:
        LeftOut: a program cannot declare it.
    """
    defaults = found.lifecycle.handler.defaults()
    for name, value in defaults.items():
        if found.kind in ("MetadataTemplate", "CodeEditorPage") and actual.get(name) == value:
            actual[name] = None
    return _BY_KIND.get(found.kind, _as_it_is)(found, actual, around) or {}


def _as_it_is(found: Found, actual: Actual, around: Surroundings) -> None:
    auth = found.lifecycle.shape.slots.get("auth")
    if auth is not None and isinstance(auth.kind, OneOf | Object) and actual.get("auth"):
        kind = auth.kind.pick(actual["auth"]) if isinstance(auth.kind, OneOf) else auth.kind
        members = kind.shape.settable if isinstance(kind, Object) else ()
        if any(slot.behaviour.once and slot.behaviour.required for slot in members):
            raise LeftOut(ONCE)


def _user(found: Found, actual: Actual, around: Surroundings) -> None:
    for name in ("first_name", "last_name"):  # the account's own, which all portals of a user share
        actual.pop(name, None)


def _other_connection(found: Found, actual: Actual, around: Surroundings) -> None:
    params = members_of(actual.get("params"))
    actual["params"] = {name: value for name, value in params.items() if name not in READ_ONLY}
    found.remarks.append("secret_params: a portal does not return them, so they are not managed")


def _harvester(found: Found, actual: Actual, around: Surroundings) -> None:
    actual["delete_attached_datasets"] = False
    source = found.lifecycle.shape["source"].kind
    picked = source.pick(actual.get("source")) if isinstance(source, OneOf) else source
    for slot in picked.shape.settable if isinstance(picked, Object) else ():
        # A portal returns null for a secret that exists, and the empty text for none.
        if slot.behaviour.secret and slot.behaviour.write_only and found.row.get(slot.name, "") is None:
            actual["source"] = {**actual["source"], slot.name: MASKED}


def _page(found: Found, actual: Actual, around: Surroundings) -> None:
    if not actual.get("is_archived"):
        actual["is_archived"] = None
    if actual.get("template") == "custom.html":
        actual["template"] = None


def _image(found: Found, actual: Actual, around: Surroundings) -> None:
    raise LeftOut("the API returns the addresses of images, and not their contents")


# ---------------------------------------------------------------- datasets


def _dataset(found: Found, actual: Actual, around: Surroundings) -> dict[str, Any]:
    if is_harvested(found.row, members_of(actual.get("sources"))):
        raise LeftOut("a harvester makes it")
    actual["published"] = True if found.row.get("is_published") else None
    actual["metadata"] = written_metadata(found.row, actual.get("metadata") or {}, around.filled_in.timezone)
    for name in ("fields", "processors"):
        if actual.get(name):
            actual[name] = [without_automatic_label(rule) for rule in actual[name]]
    uids = {"file_uids": _source_files(found, actual, around)}
    uids["attachment_uids"] = _other_files(found, actual, around, "attachments", "filename")
    uids["export_uids"] = _other_files(found, actual, around, "alternative_exports", "title")
    return {name: value for name, value in uids.items() if value}


def _source_files(found: Found, actual: Actual, around: Surroundings) -> dict[str, str]:
    """Give the sources their files and keys; returns the uids of the files."""
    if not actual.get("sources"):
        return {}
    entries = around.context.api.all(f"/datasets/{found.id}/resources/")
    titles = Counter(str(entry.get("title")) for entry in entries)
    repeated = [title for title, count in titles.items() if count > 1]
    if repeated:
        actual["sources"] = None
        found.remarks.append(
            f'sources: several have the title "{repeated[0]}", by which a program knows them: give each its own'
        )
        return {}
    uids: dict[str, str] = {}
    sources: dict[str, Any] = {}
    for entry in entries:
        title = str(entry.get("title"))
        source, datasource = dict(actual["sources"][title]), members_of(entry.get("datasource"))
        uid = members_of(datasource.get("file")).get("uid")
        if datasource.get("type") == "federated":
            title = str(datasource.get("dataset") if isinstance(datasource.get("dataset"), str) else "federated")
            title = str(members_of(datasource.get("dataset")).get("dataset_id") or title)
        if datasource.get("type") == "uploaded_file" and uid:
            path = f"/datasets/{found.id}/resources/files/{step(uid)}/"
            filename = str(around.context.api.get(path).get("filename") or uid)
            place = place_of(found.variable, "sources", filename)
            file = around.fetch(f"{path}download/", place, filename)
            source["datasource"] = {**source["datasource"], "file": file}
            uids[title] = str(uid)
        sources[title] = source
    actual["sources"] = sources
    return uids


def _other_files(found: Found, actual: Actual, around: Surroundings, section: str, key: str) -> dict[str, str]:
    """Give attachments or exports their files.

    Args:
        found: the dataset.
        actual: its actual values.
        around: how files are read.
        section: the property.
        key: the member of an entry that is its key in a program.

    Returns:
        The uids of the files, by their keys.
    """
    values = actual.get(section) or {}
    uids: dict[str, str] = {}
    for entry in around.context.api.all(f"/datasets/{found.id}/{section}/") if values else []:
        name = str(entry.get(key) or entry.get("uid"))
        if name not in values or (section == "alternative_exports" and entry.get("type") != "uploaded_file"):
            continue
        filename = str(entry.get("filename") or name)
        url = f"/datasets/{found.id}/{section}/{step(entry['uid'])}/download/"
        file = around.fetch(url, place_of(found.variable, section, filename), filename)
        values[name] = file if section == "attachments" else {**values[name], "file": file}
        uids[name] = str(entry["uid"])
    return uids


_BY_KIND: Mapping[str, Callable[[Found, Actual, Surroundings], dict[str, Any] | None]] = {
    "User": _user,
    "OtherConnection": _other_connection,
    "Harvester": _harvester,
    "CodeEditorPage": _page,
    "Image": _image,
    "Dataset": _dataset,
}


# ---------------------------------------------------------------- after what nobody wrote is left out


def finish(found: Found, inputs: dict[str, Any], portal: Portal) -> dict[str, Any]:
    """The inputs with long texts as those of files, and with references to the metadata templates of the portal."""
    whole = {
        name: _with_text_files(found, found.lifecycle.shape[name].kind, value, (name,))
        for name, value in inputs.items()
    }
    templates = members_of(members_of(whole.get("metadata")).get("templates"))
    for name in templates:
        if portal.target("MetadataTemplate.name", name):
            templates[name]["template"] = name
    return whole


def settle(found: Found) -> None:
    """Let a dataset whose last processing failed be as one that is at rest: the first `up` would publish it again."""
    failed = found.outputs.get("status")
    if found.kind != "Dataset" or failed not in FAILED:
        return
    message = found.outputs.pop("message", None) or failed
    for name in ("records_errors", IS_PUBLIC):
        found.outputs.pop(name, None)
    found.outputs["status"] = "idle"
    found.remarks.append(f"its last processing failed on the portal ({message}); `opendatasoft publish` repeats it")


def _with_text_files(found: Found, kind: Kind, value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(kind, OneOf):
        if kind.open is not None and stand_in_of(kind.open) and isinstance(value, str) and is_for_a_file(value):
            place = f"pages/{found.variable}/{'.'.join(path[2:])}.{path[1]}"
            found.texts[place] = value
            return {"path": place, **TextFile.of(value)}
        kind = kind.pick(value)
    if isinstance(kind, Object) and isinstance(value, Mapping):
        return {n: _with_text_files(found, kind.shape[n].kind, v, (*path, n)) for n, v in value.items()}
    if isinstance(kind, MapOf) and isinstance(value, Mapping):
        return {n: _with_text_files(found, kind.item, v, (*path, n)) for n, v in value.items()}
    if isinstance(kind, ListOf) and isinstance(value, list):
        return [_with_text_files(found, kind.item, v, (*path, str(n))) for n, v in enumerate(value)]
    return value


def is_for_a_file(text: str) -> bool:
    """Whether a text is long, and is the same when it is read from a file."""
    is_long = len(text) > LONG or "\n" in text
    return is_long and "\r" not in text and not text.startswith("\ufeff") and _is_utf8(text)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
