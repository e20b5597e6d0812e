"""What users and groups may do on a portal: the permissions that are known, none of them a closed list."""

from __future__ import annotations

import difflib
from typing import Any, Final, Literal, get_args

KnownPermission = Literal[
    "create_dataset",
    "create_external_asset",
    "create_page",
    "edit_causal_dataset",
    "edit_dataset",
    "edit_domain",
    "edit_external_asset",
    "edit_page",
    "edit_reuse",
    "edit_theme",
    "explore_monitoring",
    "explore_restricted_dataset",
    "explore_restricted_external_asset",
    "explore_restricted_page",
    "manage_dataset",
    "manage_glossary",
    "manage_page",
    "manage_showcase_requests",
    "manage_subdomains",
    "publish_dataset",
]
Permission = KnownPermission | str
"""A permission: editors suggest the known ones, the portal decides."""

KNOWN: Final = frozenset(get_args(KnownPermission))


def unknown_permissions(asked: Any) -> list[str]:
    """A line for each permission that looks mistyped: unknown, but close to a known one."""
    lines = []
    for permission in asked if isinstance(asked, list) else []:
        if not isinstance(permission, str) or permission in KNOWN:
            continue
        close = difflib.get_close_matches(permission, KNOWN, n=1)
        if close:
            lines.append(f'permissions: is "{permission}" meant to be "{close[0]}"? The portal will decide')
    return lines
