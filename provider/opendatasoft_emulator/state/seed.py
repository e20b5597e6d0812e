"""The seed of a portal: the content of another portal's data folder, with which it begins and to which a reset returns.

The seed is copied into the data folder, so that nothing is ever written into the folder that it comes from.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from .store import StateUnusable

OBJECTS = "portal.sqlite"
RECORDS = "records.duckdb"
FILES = "files"
KEY = "api-key"

_PARTS = (OBJECTS, f"{OBJECTS}-wal", RECORDS, f"{RECORDS}.wal", FILES, KEY)
"""The files of a data folder; the logs of the two databases are there after a kill."""


class Seed:
    """The copy of a seed inside the data folder of a portal."""

    def __init__(self, folder: Path) -> None:
        """Keep the copy in this folder."""
        self._folder = folder

    @property
    def records(self) -> Path:
        """The file of its records, which exists if it has any."""
        return self._folder / RECORDS

    def take(self, source: Path) -> None:
        """Copy the data folder of another portal, in the place of the copy so far.

        Raises StateUnusable when it is none, or belongs to an emulator that runs; OSError.
        """
        if not (source / OBJECTS).is_file():
            raise StateUnusable(
                f"{source} is no data folder of an emulator (it has no {OBJECTS}); see --seed in --help"
            )
        _refuse_running(source)
        shutil.rmtree(self._folder, ignore_errors=True)
        _copy(source, self._folder)
        with closing(sqlite3.connect(self._folder / OBJECTS)) as copied:
            # The log of a killed emulator goes into the file, which is all that is read from now on.
            copied.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def give(self, folder: Path) -> None:
        """Copy it into an empty data folder. Raises OSError."""
        _copy(self._folder, folder)

    def objects(self) -> list[tuple[int, str, str, str, str]]:
        """Every row of its objects: place, kind, parent, id, body."""
        with closing(sqlite3.connect(self._folder / OBJECTS)) as file:
            return file.execute("SELECT seq, kind, parent, id, body FROM objects").fetchall()

    def give_files(self, folder: Path) -> None:
        """Copy its files, if there are any. Raises OSError."""
        if (self._folder / FILES).is_dir():
            shutil.copytree(self._folder / FILES, folder, dirs_exist_ok=True)


def _copy(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in _PARTS:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        elif (source / name).is_file():
            shutil.copy2(source / name, target / name)


def _refuse_running(source: Path) -> None:
    """Raise StateUnusable if an emulator runs on the folder. One that ended by itself left no log."""
    file, shared = source / OBJECTS, source / f"{OBJECTS}-shm"
    if not (source / f"{OBJECTS}-wal").exists():
        return
    had_shared = shared.exists()
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=0.2)) as opened:
            opened.execute("SELECT 1 FROM objects LIMIT 1")
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise StateUnusable(
                f"{source} is in use by another emulator; stop that one, then use its folder"
            ) from error
        # Anything else is found when the copy is opened, which can be written.
    finally:
        if not had_shared:
            shared.unlink(missing_ok=True)
