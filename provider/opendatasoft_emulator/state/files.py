"""The files that were sent to the portal: on disk beside the objects, each under a name of its own."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_PUSHED = ("pushed", "backup")


class Files:
    """A folder of files, by the uid of their dataset. A file is on the disk before it is acknowledged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, dataset_uid: str, content: BinaryIO) -> str:
        """Keep a file; returns the name by which `path` finds it."""
        name = uuid.uuid4().hex
        path = self.path(dataset_uid, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())
        return name

    def path(self, dataset_uid: str, name: str) -> Path:
        """Where a kept file lies."""
        return self._folder / dataset_uid / name

    def pushed(self, dataset_uid: str, resource_uid: str) -> Path:
        """Where the records lie that were pushed to a realtime resource, one in a line; there may be none."""
        return self._folder / dataset_uid / f"pushed-{resource_uid}"

    def backup(self, dataset_uid: str, resource_uid: str) -> Path:
        """Where the pushed records of a dataset go that is unpublished, if they are kept; there may be none."""
        return self._folder / dataset_uid / f"backup-{resource_uid}"

    def pushed_to(self, dataset_uid: str) -> set[str]:
        """The resources of a dataset for which there are pushed records or a backup, by their uid."""
        folder = self._folder / dataset_uid
        return {path.name.partition("-")[2] for kind in _PUSHED for path in folder.glob(f"{kind}-*")}

    def all_pushed(self) -> Iterator[Path]:
        """Every file of pushed records, those of a backup too."""
        for kind in _PUSHED:
            yield from self._folder.glob(f"*/{kind}-*")

    def drop(self, dataset_uid: str) -> None:
        """Remove the files of a dataset."""
        shutil.rmtree(self._folder / dataset_uid, ignore_errors=True)

    def clear(self) -> None:
        """Remove all files."""
        shutil.rmtree(self._folder, ignore_errors=True)
