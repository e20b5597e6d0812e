"""Reads that share a list: the refresh of a thousand objects need not be a thousand calls."""

from __future__ import annotations

import copy
import math
import threading
from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from ..errors import NotFound, PortalError, PortalFailed, Refused, Throttled
from .client import Client
from .pagination import PAGE

Row = dict[str, Any]


class _Snapshot(NamedTuple):
    started: float
    rows: Mapping[str, Row]


class ListCache:
    """Reads single objects, out of one list of them all where that is cheaper. Safe for threads.

    It is for reads only. A row may be as old as `max_age` seconds, so **no write is ever decided on it**: an operation
    that writes reads the object by itself, and calls `invalidate` afterwards.

    The list is read once there have been as many single reads within `max_age` as it has pages; one thread reads it
    while the others wait for it.

    Args:
        client: The portal.
        path: The list's (`/groups/`); an object's is one step below (`/groups/editors/`).
        key: The member of a row that is the object's step.
        max_age: Seconds for which the list is used.
    """

    def __init__(self, client: Client, path: str, *, key: str = "uid", max_age: float = 5.0) -> None:
        self._client = client
        self._path = path
        self._key = key
        self._max_age = max_age
        self._clock = client.clock
        self._changed = threading.Condition()
        self._snapshot: _Snapshot | None = None
        self._is_fetching = False
        self._not_before = -math.inf
        self._generation = 0
        self._pages = 1  # until a first page shows how many there are
        self._singles: deque[float] = deque()

    def get(self, uid: str) -> Row | None:
        """Return the object, or None where a GET of the object itself got a 404.

        Absence from the list means nothing: drafts are hidden there, and a page may have shifted.
        """
        rows = self._rows(self._clock.monotonic())
        if uid in rows:
            return copy.deepcopy(rows[uid])
        try:
            row: Row = self._client.get(f"{self._path}{quote(uid, safe='')}/")
        except NotFound:
            return None
        return row

    def invalidate(self) -> None:
        """Discard the list, also one that is being read: to be called after each write to one of the objects."""
        with self._changed:
            self._snapshot = None
            self._generation += 1

    def _rows(self, requested: float) -> Mapping[str, Row]:
        """The list as it was at most `max_age` before `requested`; empty where a single read is cheaper."""
        with self._changed:
            while self._is_fetching and not self._is_fresh(requested):
                self._changed.wait()
            if self._snapshot and self._is_fresh(requested):
                return self._snapshot.rows
            if not self._is_worth_it(requested):
                self._singles.append(requested)
                return {}
            self._is_fetching = True
            singles, generation = len(self._singles), self._generation
        snapshot: _Snapshot | None = None
        try:
            snapshot = self._fetch(singles)
        finally:
            with self._changed:
                self._is_fetching = False
                if generation != self._generation:
                    snapshot = None
                if snapshot:
                    self._snapshot = snapshot
                else:
                    self._singles.append(requested)
                self._changed.notify_all()
        return snapshot.rows if snapshot else {}

    def _is_fresh(self, requested: float) -> bool:
        # The age counts from the start of the fetch to the moment of the request: who waits for a long fetch uses it.
        return self._snapshot is not None and requested - self._snapshot.started <= self._max_age

    def _is_worth_it(self, requested: float) -> bool:
        while self._singles and self._singles[0] < requested - self._max_age:
            self._singles.popleft()
        return requested >= self._not_before and len(self._singles) >= self._pages

    def _fetch(self, singles: int) -> _Snapshot | None:
        """Read the whole list; None if it failed, or if its first page shows that it is not worth it yet."""
        started = self._clock.monotonic()
        try:
            rows = self._first_page() if self._pages == 1 else None
            if rows is None:
                if singles < self._pages:
                    return None
                rows = self._client.all(self._path)
                self._pages = max(1, math.ceil(len(rows) / PAGE))
        except PortalError as error:
            # Single reads still work, or fail with an error of their own that names the object.
            is_final = isinstance(error, Refused) and not isinstance(error, (Throttled, PortalFailed))
            self._not_before = math.inf if is_final else self._clock.monotonic() + self._max_age
            return None
        return _Snapshot(started, {row[self._key]: row for row in rows if isinstance(row.get(self._key), str)})

    def _first_page(self) -> list[Row] | None:
        """Read the first page; return it if it is the whole list, else None, and count the pages."""
        page = self._client.page(self._path)
        if len(page.rows) == page.total or (page.total is None and not page.has_next):
            return page.rows
        self._pages = max(2, math.ceil((page.total or 0) / max(1, len(page.rows))))
        return None
