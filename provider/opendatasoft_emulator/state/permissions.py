"""The permissions that the service knows."""

DOMAIN_PERMISSIONS = (
    "edit_domain",
    "create_page",
    "edit_page",
    "manage_page",
    "explore_restricted_page",
    "create_dataset",
    "edit_dataset",
    "publish_dataset",
    "manage_dataset",
    "explore_restricted_dataset",
    "edit_reuse",
    "manage_subdomains",
    "explore_monitoring",
    "edit_theme",
    "edit_form",
    "submit_private_form",
    "create_external_asset",
    "edit_external_asset",
    "explore_restricted_external_asset",
    "manage_glossary",
    "manage_showcase_requests",
)
"""Permissions on a portal: those of the service's description, then five later ones that it omits."""

DATASET_PERMISSIONS = ("explore_restricted_dataset", "edit_dataset", "publish_dataset", "manage_dataset")
"""Permissions on one dataset."""

DEFAULT_KEY_PERMISSIONS = ("explore_restricted_dataset",)
"""The permissions of an API key that is created without any (documentation of the older Management API)."""
