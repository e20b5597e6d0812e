"""The kinds of objects of a portal: where each is listed, and by what people know one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..schema.codec import members_of

Row = Mapping[str, Any]
"""An object in a list of the portal."""


def _title(row: Row) -> str:
    title = row.get("title") or row.get("label") or row.get("name") or ""
    if isinstance(title, Mapping):  # by language
        return str(next(iter(title.values()), ""))
    return str(title)


def _title_of_dataset(row: Row) -> str:
    entry = members_of(members_of(row.get("metadata")).get("default")).get("title")
    return str(members_of(entry).get("value") or "")


def _always(_: Row) -> bool:
    return True


@dataclass(frozen=True)
class Noun:
    """One kind of objects."""

    name: str
    """The word for it, as `--ignore` and `--only` name it: `datasets`."""

    path: str
    """Its list: `/datasets/`."""

    id: str
    """The member by which a state knows the object."""

    key: str
    """The member by which people know it."""

    title: Callable[[Row], str] = _title
    is_made: Callable[[Row], bool] = _always
    """Whether somebody made the object, so that a program could manage it."""


NOUNS = (
    Noun("groups", "/groups/", "uid", "title"),
    Noun("users", "/users/", "email", "email", title=lambda row: str(row.get("username") or "")),
    Noun("connections", "/datasource_connections/", "uid", "url", title=lambda row: str(row.get("type") or "")),
    Noun(
        "metadata-templates",
        "/metadata/templates/",
        "name",
        "name",
        is_made=lambda row: row.get("type") in (None, "basic", "admin") and not row.get("is_system"),
    ),
    Noun("datasets", "/datasets/", "uid", "dataset_id", title=_title_of_dataset),
    Noun("pages", "/code_editor_pages/", "slug", "slug"),
    Noun("studio-pages", "/studio_pages/", "uid", "slug"),
    Noun("harvesters", "/harvesters/", "uid", "name", is_made=lambda row: row.get("status") != "deleting"),
    Noun("images", "/medias/images/", "url", "url"),
    Noun("api-keys", "/apikeys/", "uid", "label", is_made=lambda row: not row.get("is_revoked")),
)
"""Every kind, in the order in which a program declares them."""


def chosen(names: Iterable[str]) -> list[Noun]:
    """The kinds of these names; all of them where none is given."""
    wanted = set(names)
    return [noun for noun in NOUNS if not wanted or noun.name in wanted]
