"""Realtime resources: what is pushed to them, what becomes of it when their dataset is no longer public.

Pushed records are written to the disk before they are acknowledged, and are public at once if their dataset is.
"""

import json
import os
import threading
from pathlib import Path
from typing import Any

from .files import Files

Record = dict[str, Any]


class Pushed:
    """The pushed records of all realtime resources, in files, one record in a line."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._lock = threading.Lock()

    def add(self, dataset_uid: str, resource_uid: str, records: list[Record]) -> None:
        """Keep records behind those that are there."""
        with self._lock:
            _append(self._files.pushed(dataset_uid, resource_uid), _lines(records))

    def withdraw(self, dataset_uid: str, resource_uid: str, *, keep: bool) -> None:
        """Take the records away, for good, or into the backup."""
        pushed = self._files.pushed(dataset_uid, resource_uid)
        with self._lock:
            if keep and pushed.exists():
                _append(self._files.backup(dataset_uid, resource_uid), pushed.read_bytes())
            pushed.unlink(missing_ok=True)

    def recover(self, dataset_uid: str, resource_uid: str) -> None:
        """Put the records of the backup before those that have been pushed since."""
        backup, pushed = self._files.backup(dataset_uid, resource_uid), self._files.pushed(dataset_uid, resource_uid)
        with self._lock:
            if not backup.exists():
                return
            _append(backup, pushed.read_bytes() if pushed.exists() else b"")
            backup.replace(pushed)

    def forget_backup(self, dataset_uid: str, resource_uid: str) -> None:
        """Drop the backup."""
        with self._lock:
            self._files.backup(dataset_uid, resource_uid).unlink(missing_ok=True)

    def forget(self, dataset_uid: str, resource_uid: str) -> None:
        """Drop everything of a resource that is gone."""
        self.withdraw(dataset_uid, resource_uid, keep=False)
        self.forget_backup(dataset_uid, resource_uid)


def _lines(records: list[Record]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _append(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
