"""The records that are pushed to realtime resources, and their backups.

Pushed records are synced to the disk before they are acknowledged. If their dataset is published, so are they.
"""

import json
import os
import threading
from pathlib import Path
from typing import Any, BinaryIO

from ..processing import Uploaded
from ..state.files import Files

Record = dict[str, Any]

_BLOCK = 64 * 1024


class PushedRecords:
    """The pushed records of all realtime resources, in files, one record per line."""

    def __init__(self, files: Files) -> None:
        """Truncate files after their last complete line: a record that a kill cut off was never acknowledged."""
        self._files = files
        self._lock = threading.Lock()
        for path in files.all_pushed():
            with path.open("r+b") as file:
                file.truncate(_end_of_last_line(file))

    def resources(self, dataset_uid: str) -> set[str]:
        """The uids of the resources of a dataset that have pushed records or a backup."""
        return self._files.resources_with_pushed_records(dataset_uid)

    def complete_records(self, dataset_uid: str, resource_uid: str) -> Uploaded | None:
        """The complete records of a resource at this time, or None if there never were any."""
        path = self._files.pushed(dataset_uid, resource_uid)
        with self._lock:
            if not path.exists():
                return None
            with path.open("rb") as file:
                return Uploaded(path, "pushed.jsonl", length=_end_of_last_line(file))

    def add(self, dataset_uid: str, resource_uid: str, records: list[Record]) -> None:
        """Append records."""
        with self._lock:
            _append(self._files.pushed(dataset_uid, resource_uid), _lines(records))

    def withdraw(self, dataset_uid: str, resource_uid: str, *, keep: bool) -> None:
        """Remove the records of a resource; `keep` moves them into its backup."""
        pushed = self._files.pushed(dataset_uid, resource_uid)
        with self._lock:
            if keep and pushed.exists():
                _append(self._files.backup(dataset_uid, resource_uid), pushed.read_bytes())
            pushed.unlink(missing_ok=True)

    def recover(self, dataset_uid: str, resource_uid: str) -> None:
        """Put the records of the backup before those that were pushed since."""
        backup, pushed = self._files.backup(dataset_uid, resource_uid), self._files.pushed(dataset_uid, resource_uid)
        with self._lock:
            if not backup.exists():
                return
            _append(backup, pushed.read_bytes() if pushed.exists() else b"")
            backup.replace(pushed)

    def delete_backup(self, dataset_uid: str, resource_uid: str) -> None:
        """Delete the backup of a resource."""
        with self._lock:
            self._files.backup(dataset_uid, resource_uid).unlink(missing_ok=True)

    def delete(self, dataset_uid: str, resource_uid: str) -> None:
        """Delete the records and the backup of a resource."""
        self.withdraw(dataset_uid, resource_uid, keep=False)
        self.delete_backup(dataset_uid, resource_uid)


def _lines(records: list[Record]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _append(path: Path, content: bytes) -> None:
    """Append lines: all of them or, when the disk is full, none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        end = _end_of_last_line(file)
        file.truncate(end)
        try:
            written = 0
            while written < len(content):
                written += file.write(content[written:]) or 0
            os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise


def _end_of_last_line(file: BinaryIO) -> int:
    """The length of a file up to the end of its last complete line."""
    end = file.seek(0, os.SEEK_END)
    while end > 0:
        begin = max(0, end - _BLOCK)
        file.seek(begin)
        found = file.read(end - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return 0
