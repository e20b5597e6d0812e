"""The objects of a portal as its lists contain them, before anything else of them is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import NotFound, NotPermitted
from ..program.resource import REGISTRY
from .found import KINDS, Found
from .naming import named
from .reads import Reads

LISTS = {
    "/metadata/templates/": "metadata templates",
    "/groups/": "groups",
    "/users/": "users",
    "/datasource_connections/": "connections",
    "/medias/images/": "images",
    "/datasets/": "datasets",
    "/harvesters/": "harvesters",
    "/code_editor_pages/": "code editor pages",
    "/studio_pages/": "Studio pages",
}
"""The lists of the API, each with the name of what it contains."""


IS_SYSTEM = "it is the portal's own"


@dataclass
class Listing:
    """The objects that a portal lists for an API key."""

    found: list[Found] = field(default_factory=list)
    seen_as: str | None = None
    left_out: list[str] = field(default_factory=list)
    system_templates: int = 0


def listing(reads: Reads) -> Listing:
    """List everything that an export reads, with names. One call for each list and page."""
    result = Listing(seen_as=_owner(reads))
    for path, what in LISTS.items():
        try:
            rows = reads.all(path)
        except (NotPermitted, NotFound):
            result.left_out.append(f"all {what}: the API key may not list them")
            continue
        result.found += _objects(path, rows, result)
    if result.system_templates:
        templates = f"{result.system_templates} metadata templates of the portal's own"
        result.left_out.append(f"{templates}: they are switched on and off in the back office")
    result.found = named(result.found)
    return result


def _objects(path: str, rows: list[dict[str, Any]], result: Listing) -> Iterator[Found]:
    kinds = [kind for kind in KINDS if REGISTRY[kind].lifecycle().handler.collection == path]
    by_type = {REGISTRY[kind].declaration().constants.get("type"): kind for kind in kinds}
    for row in rows:
        kind = by_type.get(row.get("type"), "OtherConnection") if len(kinds) > 1 else kinds[0]
        handler = REGISTRY[kind].lifecycle().handler
        reason = _REASONS[kind](row, result.seen_as) if kind in _REASONS else ""
        if not handler.is_whole(row) and not row.get("email"):
            reason = "it has no id"
        if reason == IS_SYSTEM:
            result.system_templates += 1
        elif reason:
            result.left_out.append(f"{kind} {_title(row)}: {reason}")
        else:
            yield Found(kind, handler.id_of(row), row)


def _title(row: Mapping[str, Any]) -> str:
    names = ("dataset_id", "email", "slug", "name", "title", "uid", "url")
    return f'"{next((row[name] for name in names if row.get(name)), "")}"'


def _owner(reads: Reads) -> str | None:
    """The username of the owner of the API key: a portal lists to each user their own keys."""
    try:
        owners = {(key.get("user") or {}).get("username") for key in reads.all("/apikeys/")}
    except (NotPermitted, NotFound):
        return None
    return str(owners.pop()) if len(owners) == 1 and None not in owners else None


def _of_user(row: Mapping[str, Any], owner: str | None) -> str:
    return "it is the owner of the API key, who needs it" if owner and row.get("username") == owner else ""


def _of_template(row: Mapping[str, Any], owner: str | None) -> str:
    return IS_SYSTEM if row.get("is_system") else ""


def _of_page(row: Mapping[str, Any], owner: str | None) -> str:
    return "it comes from the portal of which this one is a subdomain" if row.get("is_pushed_by_parent") else ""


def _of_harvester(row: Mapping[str, Any], owner: str | None) -> str:
    return "it is being deleted" if row.get("status") == "deleting" else ""


_REASONS: Mapping[str, Callable[[Mapping[str, Any], str | None], str]] = {
    "User": _of_user,
    "MetadataTemplate": _of_template,
    "CodeEditorPage": _of_page,
    "Harvester": _of_harvester,
}
"""By type, the reason for which an object is not exported; empty where there is none."""
