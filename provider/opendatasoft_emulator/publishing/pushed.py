"""Realtime resources: what is pushed to them, what becomes of it when their dataset is no longer public.

Pushed records are written to the disk before they are acknowledged, and are public at once if their dataset is.
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
    """The pushed records of all realtime resources, in files, one record in a line."""

    def __init__(self, files: Files) -> None:
        """Records of which a kill left only a part were never acknowledged, and go."""
        self._files = files
        self._lock = threading.Lock()
        for path in files.all_pushed():
            with path.open("r+b") as file:
                file.truncate(_end_of_last_line(file))

    def resources(self, dataset_uid: str) -> set[str]:
        """The resources of a dataset of which there is anything, by their uid."""
        return self._files.pushed_to(dataset_uid)

    def complete_records(self, dataset_uid: str, resource_uid: str) -> Uploaded | None:
        """The records that are there now, without those of a push that is under way; nothing where none ever came."""
        path = self._files.pushed(dataset_uid, resource_uid)
        with self._lock:
            if not path.exists():
                return None
            with path.open("rb") as file:
                return Uploaded(path, "pushed.jsonl", length=_end_of_last_line(file))

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

    def delete_backup(self, dataset_uid: str, resource_uid: str) -> None:
        """Drop the backup."""
        with self._lock:
            self._files.backup(dataset_uid, resource_uid).unlink(missing_ok=True)

    def delete(self, dataset_uid: str, resource_uid: str) -> None:
        """Drop everything of a resource that is gone."""
        self.withdraw(dataset_uid, resource_uid, keep=False)
        self.delete_backup(dataset_uid, resource_uid)


def _lines(records: list[Record]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _append(path: Path, content: bytes) -> None:
    """Put lines behind those that are there: all of them or, where the disk takes no more, none."""
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
    """How long a file is without a line that does not end."""
    end = file.seek(0, os.SEEK_END)
    while end > 0:
        begin = max(0, end - _BLOCK)
        file.seek(begin)
        found = file.read(end - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return 0
