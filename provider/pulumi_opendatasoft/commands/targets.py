"""The objects that a command line names: a dataset by its dataset_id or its uid, one of its parts by a prefix."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import quote

from ..client.client import Client
from ..errors import NotFound
from .exit_codes import Absent

_UID = re.compile("[a-z]{2}_[a-z0-9]+")
"""The form of a uid; a dataset_id may look like one."""


class Dataset(NamedTuple):
    """A dataset that a command line names."""

    uid: str
    dataset_id: str
    response: dict[str, Any]
    """The dataset as the portal returned it."""

    def __str__(self) -> str:
        return f"{self.dataset_id} ({self.uid})" if self.dataset_id else self.uid


def step(text: str) -> str:
    """A name from the command line as one step of a path."""
    return quote(text, safe="")


def dataset(client: Client, name: str) -> Dataset:
    """Find a dataset by its dataset_id or its uid. Raises Absent where the portal shows none to this key."""
    found = None
    if _UID.fullmatch(name):
        with suppress(NotFound):
            found = client.get(f"/datasets/{name}/")
    if found is None:
        results = client.get("/datasets/", dataset_id=name, limit=2).get("results")
        listed = [entry for entry in results or [] if isinstance(entry, dict) and entry.get("dataset_id") == name]
        if not listed:
            raise Absent(
                f'{client.host} has no dataset "{name}" that this API key may edit: give its dataset_id or its uid'
            )
        found = listed[0]
    return Dataset(str(found.get("uid") or name), str(found.get("dataset_id") or ""), found)
