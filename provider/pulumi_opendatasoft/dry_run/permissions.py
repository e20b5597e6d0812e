"""The permissions that calls of the API need, as far as public descriptions have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .portal import Recorded

_OF_DATASETS = ("is_restricted", "default_security")
"""The properties of a dataset that only `manage_dataset` lets change."""

_OF_PAGES = ("is_restricted", "public")
"""The properties of a page that only `manage_page` lets change."""

_ROWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"POST", r"/datasets/", ("create_dataset",)),
    (r"POST", r"/datasets/[^/]+/copy/", ("create_dataset",)),
    (r"POST", r"/datasets/[^/]+/(publish|unpublish|abort|publish_metadata)/", ("edit_dataset", "publish_dataset")),
    (r".*", r"/datasets/[^/]+/security/.*", ("edit_dataset", "manage_dataset")),
    (r".*", r"/datasets/[^/]+/.*", ("edit_dataset",)),
    (r".*", r"/harvesters/.*", ("create_dataset", "edit_dataset", "publish_dataset")),
    (r".*", r"/(users|groups)/.*", ("edit_domain",)),
    (r".*", r"/metadata/templates/.*", ("edit_domain",)),
    (r".*", r"/apikeys/search_key/", ("edit_domain",)),
    (r"POST", r"/(code_editor_pages|studio_pages)/", ("create_page",)),
    (r"POST|PUT|DELETE", r"/(code_editor_pages|studio_pages)/[^/]+/security/.*", ("edit_page", "manage_page")),
    (r"POST|PUT|DELETE", r"/(code_editor_pages|studio_pages)/[^/]+/.*", ("edit_page",)),
    (r"POST", r"/datasource_connections/", ("create_dataset or edit_dataset or edit_domain",)),
    (r"POST", r"/medias/images/", ("edit_theme or edit_domain",)),
)
"""Method, path and permissions; the first row that fits a call counts. A call that none fits needs nothing known.

` or ` separates permissions of which one is enough.
"""


def permissions_of(call: Recorded) -> frozenset[str]:
    """The permissions that one call needs. A rule of a single dataset or page may grant them as well."""
    needed = next((p for m, path, p in _ROWS if re.fullmatch(m, call.method) and re.fullmatch(path, call.path)), ())
    return frozenset(needed) | _of_body(call.path, call.body if isinstance(call.body, Mapping) else {})


def permissions_needed(calls: Iterable[Recorded]) -> dict[str, list[str]]:
    """The permissions that calls need, each with the paths of the calls that need it, without their ids."""
    needed: dict[str, set[str]] = {}
    for call in calls:
        for permission in permissions_of(call):
            needed.setdefault(permission, set()).add(f"/{call.path.split('/')[1]}/")
    single = [need for need in needed if " or " not in need]
    return {
        need: sorted(paths)
        for need, paths in sorted(needed.items())
        if need in single or not is_granted(need, single)  # else it is satisfied by another need
    }


def is_granted(need: str, permissions: Iterable[str]) -> bool:
    """Whether permissions satisfy a need, as `permissions_needed` names it."""
    return not set(need.split(" or ")).isdisjoint(permissions)


def _of_body(path: str, body: Mapping[str, Any]) -> frozenset[str]:
    if re.fullmatch(r"/datasets/([^/]+/)?", path) and any(body.get(name) for name in _OF_DATASETS):
        return frozenset({"manage_dataset"})
    if re.fullmatch(r"/(code_editor_pages|studio_pages)/([^/]+/)?", path) and any(body.get(n) for n in _OF_PAGES):
        return frozenset({"manage_page"})
    return frozenset()
