"""The permissions of users and groups on a portal, as far as this version knows them."""

from __future__ import annotations

from typing import Literal

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
"""A permission: editors suggest the known ones, and a portal may accept others."""
