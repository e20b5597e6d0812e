"""The objects of a portal or a program in a form that another one's can be compared with: no ids, no secrets."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from ..dry_run.preview import SECRET, UNKNOWN, Step
from ..export.found import KINDS, Found, Portal
from ..export.listing import LISTS
from ..program.file import File
from ..program.resource import REGISTRY
from ..resources import connection_login
from ..schema.canonical import typed
from ..schema.secrets import MASKED
from ..schema.traversal import Position, map_value
from ..schema.types import ListOf, Object, Shape, stand_in_of
from .nouns import NOUNS

Refer = Callable[[str, str], str]
"""The natural key of the object of a reference: from (`Group.uid`, an id)."""

ReadText = Callable[[Mapping[str, Any]], str | None]
"""The text of a `TextFile`; None where it is not known."""


@dataclass(frozen=True)
class Secret:
    """A value that is never shown: the digest of a secret, or None for a value that is not known."""

    digest: str | None

    def __str__(self) -> str:
        return "[secret]"


@dataclass(frozen=True)
class Content:
    """An uploaded file: its name, and the hash of its content, as far as that is known."""

    filename: str
    sha256: str

    @property
    def is_known(self) -> bool:
        """Whether the hash is one: a portal returns none, and the content may not have been read."""
        return re.fullmatch("[0-9a-f]{64}", self.sha256) is not None

    def is_other(self, other: Content) -> bool:
        """Whether the content of two files differs, or their names where a content is not known."""
        if self.is_known and other.is_known:
            return self != other
        return self.filename != other.filename

    def __str__(self) -> str:
        return f"{self.filename} ({self.sha256[:12]})" if self.is_known else self.filename


@dataclass(frozen=True)
class Thing:
    """An object without anything that only its portal knows."""

    noun: str
    """Its kind as `NOUNS` names it."""

    key: str
    """The natural key, by which the same object of another portal is found."""

    kind: str
    """Its resource type."""

    values: Mapping[str, Any]
    """The properties: references as natural keys, long texts whole, secrets as `Secret`."""

    step: Step | None = field(default=None, compare=False)
    """(a program) The resource."""


@dataclass(frozen=True)
class Side:
    """One of the two that are compared."""

    name: str
    things: Mapping[tuple[str, str], Thing]
    """The objects by noun and key."""

    is_program: bool = False
    """Whether only what a program declares is here, so that nothing else is a difference."""

    unseen: frozenset[str] = frozenset()
    """The nouns that the API key may not list."""

    notes: tuple[str, ...] = ()
    """The objects that were left out, with the reasons."""


def kinds_of(nouns: Iterable[str]) -> frozenset[str]:
    """The resource types of some nouns; all of them without any."""
    wanted = set(nouns)
    return frozenset(kind for kind in KINDS if not wanted or noun_of(kind) in wanted)


def noun_of(kind: str) -> str:
    """The noun of a resource type."""
    path = REGISTRY[kind].lifecycle().handler.collection
    return next(noun.name for noun in NOUNS if noun.path == path)


def key_of(kind: str, values: Mapping[str, Any]) -> str:
    """The natural key of an object, from its inputs or from its row in a list of the portal."""
    if kind in ("Dataset", "MetadataTemplate", "CodeEditorPage", "StudioPage"):
        return str(values.get({"Dataset": "dataset_id", "MetadataTemplate": "name"}.get(kind, "slug")))
    if kind == "User":
        return str(values.get("email")).lower()
    if kind == "Image":
        file = values.get("file")
        name = file.get("filename") if isinstance(file, Mapping) else None
        return str(name or unquote(str(values.get("url") or "").rstrip("/").rpartition("/")[2]))
    if kind in ("Group", "Harvester"):
        return str(values.get("title" if kind == "Group" else "name"))
    login = connection_login.name_of(values.get("auth"))
    type_ = REGISTRY[kind].declaration().constants.get("type") or values.get("type")
    name = f" as {login[1]}" if login and login[1] else ""
    return f"{type_} {values.get('url') or ''}{name}".strip()


def comparable(shape: Shape, inputs: Mapping[str, Any], refer: Refer, read_text: ReadText) -> dict[str, Any]:
    """The properties of an object in a form that is the same for an equal object of another portal.

    Args:
        shape: The properties of its type.
        inputs: The inputs of the resource.
        refer: Returns the natural key of the object of a reference.
        read_text: Returns the text of a `TextFile`.
    """

    def leaf(at: Position, value: Any) -> Any:
        if value == SECRET:
            return Secret(None)
        if at.behaviour.secret:
            is_known = isinstance(value, str) and value not in (MASKED, UNKNOWN)
            return Secret(hashlib.sha256(value.encode()).hexdigest() if is_known else None)
        if at.behaviour.refers_to and isinstance(value, str):
            value = refer(at.behaviour.refers_to, value)
        return Secret(None) if value == UNKNOWN else typed(value)

    def finish(at: Position, value: Any) -> Any:
        if stand_in_of(at.kind):
            text = read_text(value)
            return f"a text with the SHA-256 {value.get('sha256')}" if text is None else text
        if isinstance(at.kind, Object) and issubclass(at.kind.cls, File):
            # The key of an attachment is its name on the portal, whatever the file is called here.
            name = at.path[-1] if at.path[0] == "attachments" else value.get("filename")
            return Content(str(name), str(value.get("sha256")))
        if isinstance(at.kind, ListOf) and at.behaviour.unordered:
            return sorted(value, key=lambda one: json.dumps(one, sort_keys=True, default=str))
        return value

    compared = {
        name: value
        for name, value in inputs.items()
        if name in shape and not shape[name].behaviour.local and not _is_never_returned(shape, name)
    }
    whole: dict[str, Any] = map_value(shape, compared, leaf, finish=finish)
    return whole


def _is_never_returned(shape: Shape, name: str) -> bool:
    """Whether a portal never returns a property that is no secret, so that nothing can be compared."""
    behaviour = shape[name].behaviour
    return behaviour.write_only and not behaviour.secret and name != "file"


def numbered(things: Iterable[Thing]) -> dict[tuple[str, str], Thing]:
    """Objects by noun and key; of several with one key, the further ones get a number."""
    counts: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, str], Thing] = {}
    for one in things:
        counts[one.noun, one.key] += 1
        number = counts[one.noun, one.key]
        found[one.noun, one.key if number == 1 else f"{one.key} ({number})"] = one
    return found


def side_of_portal(name: str, portal: Portal) -> Side:
    """A portal, as an export read it."""

    def refer(refers_to: str, id: str) -> str:
        target = portal.target(refers_to, id)
        return key_of(target.kind, target.inputs or target.row) if target else id

    def thing(one: Found) -> Thing:
        shape = one.lifecycle.shape
        values = comparable(shape, one.inputs, refer, lambda file: one.texts.get(str(file.get("path"))))
        return Thing(noun_of(one.kind), key_of(one.kind, one.inputs), one.kind, values)

    images = [one for one in portal.others if one.kind == "Image"]
    things = [thing(one) for one in portal.found]
    things += [Thing("images", key_of("Image", one.row), "Image", {}) for one in images]
    unseen = {path for path, what in LISTS.items() if any(f.startswith(f"all {what}:") for f in portal.left_out)}
    nouns = frozenset(noun.name for noun in NOUNS if noun.path in unseen)
    return Side(name, numbered(things), unseen=nouns, notes=tuple(portal.left_out))
