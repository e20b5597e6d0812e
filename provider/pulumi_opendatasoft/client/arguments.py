"""The key, the paths and the uids that a client is given: checked, encoded, recognised."""

from __future__ import annotations

import re
from urllib.parse import quote

from ..errors import ArgumentError

_DATASET_UID = re.compile("da_[a-z0-9]{6}")
"""The form of a dataset's uid, as observed on the service."""


def checked_key(key: str, host: str) -> str:
    """Return the key as a header can carry it. The message about a bad one does not contain it."""
    key = key.strip()
    if not key:
        raise ArgumentError(f"no API key for {host}: make one in the portal's back office")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ArgumentError(f"the API key for {host} holds a character that no key has: copy it again")
    return key


def encoded_path(path: str) -> str:
    """Return the path percent-encoded. An empty step, which would address a whole list, is refused."""
    steps = path.removesuffix("/").split("/")
    if steps[0] != "" or len(steps) < 2 or any(step in ("", ".", "..") for step in steps[1:]):
        raise ArgumentError(f'"{path}" is not a path of the API: it begins with a slash and has no empty step')
    return quote(path, safe="/%:@!$&'()*+,;=~")


def is_dataset_uid(dataset: str) -> bool:
    """Whether a text has the form of a dataset's uid; a dataset_id may have it too."""
    return _DATASET_UID.fullmatch(dataset) is not None
