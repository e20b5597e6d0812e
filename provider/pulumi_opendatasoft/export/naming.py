"""The names of exported resources, by the content of the objects: never by a uid or a time of the portal."""

from __future__ import annotations

import builtins
import json
import keyword
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ..resources import connection_login
from ..schema.codec import members_of
from .found import CONNECTIONS, KINDS, MODULES, Found

DESCRIBING = ("title", "name", "slug", "email", "description", "permissions", "url", "headers", "auth", "is_reusable")
"""The members by which two objects of one name are put in an order: none is an id or a time."""

RESERVED = frozenset({*MODULES.values(), "connections", "ods", "pulumi", "portal", "secret", "text", "values"})
"""The names that the modules of the program use themselves."""


def slug(text: str) -> str:
    """A text in small letters, digits and single dashes; `x` where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"


def named(found: Iterable[Found], uses: Mapping[str, Sequence[str]] | None = None) -> list[Found]:
    """Give each object its name, different from those of the others of its type.

    Args:
        found: the objects.
        uses: by id, the objects that refer to a group or a connection: they tell apart two that are alike.

    Returns:
        The objects by type and name.
    """
    used_by = uses or {}
    taken: defaultdict[str, set[str]] = defaultdict(set)
    ordered = sorted(
        found,
        key=lambda one: (KINDS.index(one.kind), _natural_name(one), _likeness(one), used_by.get(one.id, ()), one.id),
    )
    for one in ordered:
        one.name = _free(_natural_name(one), taken[one.kind], "-")
        taken[one.kind].add(one.name)
    variables: defaultdict[str, set[str]] = defaultdict(set)
    for one in ordered:
        module = MODULES.get(one.kind, "connections")
        one.variable = _free(identifier(one.name), variables[module], "_")
        variables[module].add(one.variable)
    return ordered


def _free(name: str, taken: set[str], separator: str) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}{separator}{number}"
    return free


def identifier(name: str) -> str:
    """A name as one of Python that hides none of Python's own, and none of the program's modules."""
    word = slug(name).replace("-", "_")
    is_taken = keyword.iskeyword(word) or keyword.issoftkeyword(word) or word in RESERVED or word in dir(builtins)
    return f"x_{word}" if word[0].isdigit() or is_taken else word


def _natural_name(found: Found) -> str:
    row = found.row
    if found.kind == "Dataset":
        return str(row.get("dataset_id") or found.id)
    if found.kind in ("MetadataTemplate", "CodeEditorPage"):
        return found.id
    if found.kind in CONNECTIONS:
        login = connection_login.name_of(row.get("auth"))
        address = str(row.get("url") or "").partition("://")[2]
        return slug(" ".join(filter(None, (str(row.get("type")), address, login[1] if login else ""))))
    text: dict[str, Any] = {
        "Group": row.get("title"),
        "User": found.id.partition("@")[0],
        "Image": unquote(found.id.rstrip("/").rpartition("/")[2]).rpartition(".")[0],
        "Harvester": row.get("name"),
        "StudioPage": row.get("slug"),
    }
    return slug(str(text[found.kind] or found.id))


def _likeness(found: Found) -> str:
    auth = {n: v for n, v in members_of(found.row.get("auth")).items() if n not in ("external_id", "is_valid")}
    told = {name: found.row[name] for name in DESCRIBING if name in found.row} | {"auth": auth}
    return json.dumps(told, sort_keys=True, default=str)
