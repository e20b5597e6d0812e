"""The uploaded files and pushed records of a portal, on disk, each under a name of its own."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

IMAGES = "images"
"""The folder of the images of a portal, which belong to no dataset."""

_PUSHED = ("pushed", "backup")


class Files:
    """A folder of files by dataset uid (or `IMAGES`). A file is synced to the disk before it is acknowledged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def store(self, dataset_uid: str, content: BinaryIO) -> str:
        """Store a file, and return the name by which `path` finds it."""
        name = uuid.uuid4().hex
        path = self.path(dataset_uid, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())
        return name

    def path(self, dataset_uid: str, name: str) -> Path:
        """The path of a stored file."""
        return self._folder / dataset_uid / name

    def pushed(self, dataset_uid: str, resource_uid: str) -> Path:
        """The path of the records pushed to a realtime resource, one record per line. The file may not exist."""
        return self._folder / dataset_uid / f"pushed-{resource_uid}"

    def backup(self, dataset_uid: str, resource_uid: str) -> Path:
        """The path of the backup of pushed records, made when a dataset is unpublished. The file may not exist."""
        return self._folder / dataset_uid / f"backup-{resource_uid}"

    def resources_with_pushed_records(self, dataset_uid: str) -> set[str]:
        """The uids of the resources of a dataset that have pushed records or a backup."""
        folder = self._folder / dataset_uid
        return {path.name.partition("-")[2] for kind in _PUSHED for path in folder.glob(f"{kind}-*")}

    def all_pushed(self) -> Iterator[Path]:
        """Every file of pushed records, backups included."""
        for kind in _PUSHED:
            yield from self._folder.glob(f"*/{kind}-*")

    def drop(self, dataset_uid: str) -> None:
        """Delete the files of a dataset."""
        shutil.rmtree(self._folder / dataset_uid, ignore_errors=True)

    def clear(self) -> None:
        """Delete all files."""
        shutil.rmtree(self._folder, ignore_errors=True)
