"""The content of an empty portal: one administrator with one API key, which lies in a file."""

import os
from pathlib import Path

from .identifiers import new_key, new_uid, now
from .permissions import DOMAIN_PERMISSIONS
from .store import Document, Store

ADMINISTRATOR = "admin"
"""The username of the administrator."""


def read_or_create_key(path: Path, given: str | None = None) -> str:
    """Return the key in a file that only its owner may read; create the file if it does not exist.

    Another key that is given takes its place there. Raises OSError.
    """
    if path.exists():
        stored = path.read_text(encoding="ascii").strip()
        if given in (None, stored):
            return stored
    key = given or new_key()
    new_file = path.with_name(f"{path.name}.new")
    new_file.unlink(missing_ok=True)
    with os.fdopen(os.open(new_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    new_file.replace(path)
    return key


def create_administrator(store: Store, key: str) -> None:
    """Create the administrator of an empty portal, with this API key."""
    timestamp = now()
    administrator: Document = {
        "username": ADMINISTRATOR,
        "email": "admin@localhost.localdomain",
        "first_name": "",
        "last_name": "",
        "permissions": list(DOMAIN_PERMISSIONS),
        "groups": [],
        "explore_limits": {},
        "joined_at": timestamp,
        "last_seen_at": timestamp,
        "is_active": True,
        "account_type": "global",
        "identity_providers": [],
    }
    with store.transaction():
        store.put("user", ADMINISTRATOR, administrator)
        add_administrator_key(store, key)


def add_administrator_key(store: Store, key: str) -> None:
    """Add the administrator's API key unless it exists; its file may have been created anew."""
    if not store.find("api_key", "key", key):
        add_key(store, key, ADMINISTRATOR, "Administrator")


def add_key(store: Store, key: str, username: str, label: str) -> None:
    """Add an API key of a user, which grants all that the user may do.

    Args:
        store: The objects of the portal.
        key: The key.
        username: Its owner.
        label: The label that the API returns.
    """
    uid = new_uid("ak")
    store.put(
        "api_key",
        uid,
        {
            "uid": uid,
            "key": key,
            "label": label,
            "username": username,
            "permissions": list(DOMAIN_PERMISSIONS),
            "created_at": now(),
            "revoked_at": None,
            "revocation_reason": "",
        },
    )
