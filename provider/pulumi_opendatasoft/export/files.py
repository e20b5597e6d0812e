"""The uploaded files of a portal: downloaded beside the program, or only named."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..client.client import Client

Fetch = Callable[[str, str, str], dict[str, Any]]
"""From a path of the API, a path in the project's folder, and the name on the portal, to the value of a `File`."""


def unread(url: str, place: str, filename: str) -> dict[str, Any]:
    """The value of a `File` whose content is not read."""
    return {"path": place, "filename": filename, "sha256": "not read", "size": 0}


class Downloads:
    """Downloads files into a folder. A file that an interrupted export downloaded is not downloaded again.

    Args:
        client: the portal.
        folder: the folder of the project.
        kept: the paths and hashes of the files that an interrupted export downloaded.
        keep: called with the path and the hash of each file that was downloaded.
    """

    def __init__(self, client: Client, folder: Path, *, kept: dict[str, str], keep: Callable[[str, str], None]) -> None:
        self._client = client
        self._folder = folder
        self._kept = kept
        self._keep = keep
        self._lock = threading.Lock()
        self.places: dict[str, str] = {}
        """The paths in the project's folder of all files, each with the path of the API that it is from."""

    def __call__(self, url: str, place: str, filename: str) -> dict[str, Any]:
        """Download a file, unless it is there, and return the value of the `File` that stands for it."""
        with self._lock:
            place = self._free(place, url)
        file = self._folder / place
        sha256 = _hash(file) if self._kept.get(place) else ""
        if not sha256 or sha256 != self._kept.get(place):
            self._client.download(url, file)
            sha256 = _hash(file)
            self._keep(place, sha256)
        return {"path": place, "filename": filename, "sha256": sha256, "size": file.stat().st_size}

    def _free(self, place: str, url: str) -> str:
        stem, dot, suffix = place.rpartition(".") if "." in place.rpartition("/")[2] else (place, "", "")
        number, free = 1, place
        while self.places.setdefault(free, url) != url:
            number += 1
            free = f"{stem}-{number}{dot}{suffix}"
        return free


def place_of(owner: str, section: str, filename: str) -> str:
    """The path of a file in the project's folder: `files/air-quality/sources/2026.csv`."""
    last = re.sub(r"[^A-Za-z0-9._-]+", "_", filename).lstrip(".") or "file"
    return f"files/{folder_name(owner)}/{section}/{last}"


def folder_name(name: str) -> str:
    """A resource's name as that of a folder."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name)


def step(uid: object) -> str:
    """A uid as one step of a path of the API."""
    return quote(str(uid), safe="")


def _hash(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""
