"""The objects of a portal in one SQLite file: an acknowledged write survives a kill at any time.

Every object is one JSON document, identified by its kind, its parent (the uid of the object it belongs to, or "")
and its id. Documents are returned in the order of their creation, as the service lists them. `PublicView` is the
part of them that needs no permission.
"""

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]
"""One object as it is stored."""

_EVERY_KIND = ""
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
    """The document that a write replaced, with its place in the order of creation; None for a new document."""

    kind: str
    id: str
    parent: str
    body: Document | None
    place: int | None

    def as_document(self) -> Document:
        """The form in which it is stored."""
        return asdict(self)

    @classmethod
    def of_document(cls, document: Document) -> "Replaced":
        """Read the stored form."""
        return cls(**document)


class StateUnusable(Exception):
    """The state in a folder cannot be opened. The message gives the reason and the remedy in one line."""


class Store:
    """Documents in a SQLite file, used by any thread of one process at a time.

    A write outside a transaction is one by itself: it waits for that of another thread, and is no part of it.

    Raises StateUnusable when the file is in use by another emulator, or was written by another version of it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._replaced: list[Replaced] | None = None
        self._versions: Counter[str] = Counter()
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
                    f"{self._path} was written by another version of the emulator (layout {layout}, this one reads "
                    f"{_LAYOUT}); install that version, or choose another folder and bring it up anew with `pulumi up`"
                )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction: committed at the end of the block, rolled back when it raises. It may be nested."""
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
    def if_free(self) -> Iterator[bool]:
        """Whether no other thread uses the store: then none does within the block. It never waits."""
        is_free = self._lock.acquire(blocking=False)
        try:
            yield is_free
        finally:
            if is_free:
                self._lock.release()

    @contextmanager
    def recording_changes(self) -> Iterator[list[Replaced]]:
        """A transaction that yields the list of the documents which its writes replaced, in their order."""
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
        """One document, or None."""
        found = self._bodies("SELECT body FROM objects WHERE kind = ? AND parent = ? AND id = ?", kind, parent, id)
        return found[0] if found else None

    def all(self, kind: str, parent: str = "") -> list[Document]:
        """Every document of a kind with one parent, the oldest first."""
        return self._bodies("SELECT body FROM objects WHERE kind = ? AND parent = ? ORDER BY seq", kind, parent)

    def all_with_parents(self, kind: str) -> list[tuple[str, Document]]:
        """Every document of a kind with its parent, the oldest first."""
        rows = self._run("SELECT parent, body FROM objects WHERE kind = ? ORDER BY seq", kind).fetchall()
        return [(parent, json.loads(body)) for parent, body in rows]

    def find(self, kind: str, member: str, value: str) -> list[Document]:
        """The documents of a kind in which a top-level member has this value."""
        return self._bodies(
            f"SELECT body FROM objects WHERE kind = '{kind}' AND json_extract(body, '$.{member}') = ? ORDER BY seq",
            value,
        )

    def put(self, kind: str, id: str, body: Document, parent: str = "") -> None:
        """Write a document, new or existing. An existing one keeps its place in the order.

        Args:
            kind: The kind of document.
            id: Its id, unique for kind and parent.
            body: The document.
            parent: The uid of the object that it belongs to, or "".
        """
        with self._lock:
            self._record_change(kind, id, parent)
            self._run(
                "INSERT INTO objects (kind, parent, id, body) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (kind, parent, id) DO UPDATE SET body = excluded.body",
                kind,
                parent,
                id,
                json.dumps(body, allow_nan=False),
            )
            self._versions[kind] += 1

    def version(self, *kinds: str) -> int:
        """A number that increases with each write to documents of these kinds, also one that is not committed yet."""
        return sum(self._versions[kind] for kind in (*kinds, _EVERY_KIND))

    def delete(self, kind: str, id: str, parent: str = "") -> bool:
        """Delete a document; return whether it existed."""
        with self._lock:
            self._record_change(kind, id, parent)
            cursor = self._run("DELETE FROM objects WHERE kind = ? AND parent = ? AND id = ?", kind, parent, id)
            self._versions[kind] += 1
            return cursor.rowcount > 0

    def restore_document(self, replaced: Replaced) -> None:
        """Undo a write: restore the replaced document in its old place."""
        with self.transaction():
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
                self._versions[replaced.kind] += 1

    def delete_children(self, parent: str) -> None:
        """Delete every document with this parent."""
        with self._lock:
            self._run("DELETE FROM objects WHERE parent = ?", parent)
            self._versions[_EVERY_KIND] += 1

    def clear(self) -> None:
        """Delete everything."""
        with self._lock:
            self._run("DELETE FROM objects")
            self._versions[_EVERY_KIND] += 1

    def add_rows(self, rows: Iterable[tuple[int, str, str, str, str]]) -> None:
        """Add documents with their places, as `Seed.objects` returns them; there must be none of these."""
        with self._lock:
            self._connection.executemany(
                "INSERT INTO objects (seq, kind, parent, id, body) VALUES (?, ?, ?, ?, ?)", rows
            )
            self._versions[_EVERY_KIND] += 1

    def close(self) -> None:
        """Close the file. A second call does nothing."""
        with self._lock:
            self._connection.close()
