"""The objects of a portal in one SQLite file: what has been acknowledged survives a kill at any moment.

Every object is one JSON document, found by its kind, its parent (the uid of the object it belongs to, or nothing)
and its id. Documents come back in the order in which they were made, as the service lists them. What people and the
public may see of them, without secrets, is `portal.Portal.view`.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]
"""One object as it is stored."""

_LAYOUT = 1
_TABLES = """
CREATE TABLE objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, parent, id)
);
CREATE INDEX by_dataset_id ON objects (json_extract(body, '$.dataset_id')) WHERE kind = 'dataset';
CREATE INDEX by_key ON objects (json_extract(body, '$.key')) WHERE kind = 'api_key';
"""


@dataclass(frozen=True)
class Replaced:
    """What a write replaced: the document that was there, with its place in the order; nothing for a new one."""

    kind: str
    id: str
    parent: str
    body: Document | None
    place: int | None

    def as_document(self) -> Document:
        """To be stored."""
        return asdict(self)

    @classmethod
    def of_document(cls, document: Document) -> "Replaced":
        """As it was stored."""
        return cls(**document)


class StateUnusable(Exception):
    """The state in a folder cannot be opened; the message says why and what to do, in one line."""


class Store:
    """Documents in a SQLite file, used from any thread, by one process at a time.

    Raises StateUnusable when the file belongs to another running emulator or to another version of it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._replaced: list[Replaced] | None = None
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0.2)
        except sqlite3.Error as error:
            raise StateUnusable(f"{path} cannot be opened as the state of a portal ({error})") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            if "locked" in str(error):
                raise StateUnusable(
                    f"{path.parent} is in use by another emulator; stop that one or choose another folder"
                ) from error
            raise StateUnusable(f"{path} cannot be opened as the state of a portal ({error})") from error
        except StateUnusable:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        with self.transaction():
            layout = run("PRAGMA user_version").fetchone()[0]
            if layout == 0:
                for statement in _TABLES.split(";"):
                    run(statement)
                run(f"PRAGMA user_version = {_LAYOUT}")
            elif layout != _LAYOUT:
                raise StateUnusable(
                    f"{self._path} was written by another version of the emulator; choose another folder"
                )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: commits at the end, takes everything back when the block raises. May be nested."""
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def recording_changes(self) -> Iterator[list[Replaced]]:
        """A transaction that tells what its writes replaced, in their order."""
        with self.transaction():
            replaced: list[Replaced] = []
            self._replaced = replaced
            try:
                yield replaced
            finally:
                self._replaced = None

    def _record_change(self, kind: str, id: str, parent: str) -> None:
        if self._replaced is None:
            return
        row = self._connection.execute(
            "SELECT body, seq FROM objects WHERE kind = ? AND parent = ? AND id = ?", (kind, parent, id)
        ).fetchone()
        body, place = (json.loads(row[0]), row[1]) if row else (None, None)
        self._replaced.append(Replaced(kind, id, parent, body, place))

    def _run(self, statement: str, *values: str | int) -> sqlite3.Cursor:
        with self._lock:
            return self._connection.execute(statement, values)

    def _bodies(self, statement: str, *values: str) -> list[Document]:
        with self._lock:
            rows = self._connection.execute(statement, values).fetchall()
        return [json.loads(body) for (body,) in rows]

    def get(self, kind: str, id: str, parent: str = "") -> Document | None:
        """One document, or nothing."""
        found = self._bodies("SELECT body FROM objects WHERE kind = ? AND parent = ? AND id = ?", kind, parent, id)
        return found[0] if found else None

    def all(self, kind: str, parent: str = "") -> list[Document]:
        """Every document of a kind below one parent, the oldest first."""
        return self._bodies("SELECT body FROM objects WHERE kind = ? AND parent = ? ORDER BY seq", kind, parent)

    def everywhere(self, kind: str) -> list[tuple[str, Document]]:
        """Every document of a kind with its parent, the oldest first."""
        rows = self._run("SELECT parent, body FROM objects WHERE kind = ? ORDER BY seq", kind).fetchall()
        return [(parent, json.loads(body)) for parent, body in rows]

    def find(self, kind: str, member: str, value: str) -> list[Document]:
        """The documents of a kind of which a member at the top has just this value."""
        return self._bodies(
            f"SELECT body FROM objects WHERE kind = '{kind}' AND json_extract(body, '$.{member}') = ? ORDER BY seq",
            value,
        )

    def put(self, kind: str, id: str, body: Document, parent: str = "") -> None:
        """Write a document, new or known; a known one keeps its place in the order."""
        self._record_change(kind, id, parent)
        self._run(
            "INSERT INTO objects (kind, parent, id, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (kind, parent, id) DO UPDATE SET body = excluded.body",
            kind,
            parent,
            id,
            json.dumps(body, allow_nan=False),
        )

    def delete(self, kind: str, id: str, parent: str = "") -> bool:
        """Remove a document; says whether it was there."""
        self._record_change(kind, id, parent)
        cursor = self._run("DELETE FROM objects WHERE kind = ? AND parent = ? AND id = ?", kind, parent, id)
        return cursor.rowcount > 0

    def put_back(self, replaced: Replaced) -> None:
        """Undo a write: what it replaced is there again, in its old place."""
        self.delete(replaced.kind, replaced.id, replaced.parent)
        if replaced.body is not None and replaced.place is not None:
            self._run(
                "INSERT INTO objects (seq, kind, parent, id, body) VALUES (?, ?, ?, ?, ?)",
                replaced.place,
                replaced.kind,
                replaced.parent,
                replaced.id,
                json.dumps(replaced.body, allow_nan=False),
            )

    def delete_children(self, parent: str) -> None:
        """Remove everything that belongs to one object."""
        self._run("DELETE FROM objects WHERE parent = ?", parent)

    def clear(self) -> None:
        """Remove everything."""
        self._run("DELETE FROM objects")

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        with self._lock:
            self._connection.close()
