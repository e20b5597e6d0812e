"""The reads of an export: each is made once, none is a write, and those of an interrupted export are used again."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from ..client.client import Client
from ..errors import OpendatasoftError

T = TypeVar("T")

FRESH = 3600.0
"""Seconds for which the reads of an interrupted export are used again."""


class Recording:
    """The reads of an export in a file, for the case that it is interrupted; only its owner can read the file."""

    def __init__(self, file: Path, domain: str, key: str) -> None:
        self._file = file
        self._lock = threading.Lock()
        head = {"portal": domain, "key": hashlib.sha256(key.encode()).hexdigest()}
        self.reads: dict[str, Any] = self._earlier(head)
        self.resumed = len(self.reads)
        """How many reads of an interrupted export are used again."""
        if not self.resumed:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
            file.touch(0o600)
            self._append(head)

    def _earlier(self, head: Mapping[str, str]) -> dict[str, Any]:
        reads: dict[str, Any] = {}
        with suppress(OSError, ValueError):
            if time.time() - self._file.stat().st_mtime > FRESH:
                return {}
            with self._file.open(encoding="utf-8") as lines:
                if json.loads(next(lines, "{}")) != head:
                    return {}
                for line in lines:  # the last line may be cut off
                    entry = json.loads(line)
                    reads[entry["read"]] = entry["value"]
        return reads

    def _append(self, entry: Mapping[str, Any]) -> None:
        with self._lock, self._file.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(entry)}\n")

    def keep(self, read: str, value: Any) -> None:
        """Keep the result of a read."""
        self.reads[read] = value
        self._append({"read": read, "value": value})

    def end(self) -> None:
        """Remove the file: the export is over."""
        self._file.unlink(missing_ok=True)


class Reads:
    """The calls of a portal for handlers that only read; each is made once. Every write raises an error."""

    def __init__(self, client: Client, recording: Recording | None = None) -> None:
        self._client = client
        self._recording = recording
        self._made: dict[str, Any] = {}

    @property
    def host(self) -> str:
        """The host of the portal."""
        return self._client.host

    @property
    def url(self) -> str:
        """The address of the portal."""
        return self._client.url

    def redact(self, text: str) -> str:
        """Redact every known secret."""
        return self._client.redact(text)

    def is_own_key(self, secret: str) -> bool:
        """Whether this is the key that the portal is called with."""
        return self._client.is_own_key(secret)

    def now(self) -> datetime:
        """The time by the portal's clock."""
        return self._client.now()

    def pause(self, seconds: float) -> None:
        """Wait."""
        self._client.pause(seconds)

    def wait_until(
        self,
        poll: Callable[[], T],
        done: Callable[[T], bool],
        *,
        timeout: float,
        progress: Callable[[float, T], None] | None = None,
        work: str | None = None,
    ) -> tuple[T, bool]:
        """Poll once: an export waits for nothing."""
        found = poll()
        return found, done(found)

    def get(self, path: str, /, **query: Any) -> Any:
        """Read one object."""
        return self._once(f"get {path} {sorted(query.items())}", lambda: self._client.get(path, **query))

    def all(self, path: str, /, **query: Any) -> list[dict[str, Any]]:
        """Read a list."""
        read = f"all {path} {sorted(query.items())}"
        found: list[dict[str, Any]] = self._once(read, lambda: self._client.all(path, **query))
        return found

    def _once(self, read: str, call: Callable[[], Any]) -> Any:
        if read not in self._made:
            earlier = self._recording.reads if self._recording else {}
            self._made[read] = earlier[read] if read in earlier else call()
            if self._recording and read not in earlier:
                self._recording.keep(read, self._made[read])
        return self._made[read]

    def post_own_key(self, path: str) -> NoReturn:
        """Raise an error."""
        raise self._refusal()

    def post(self, path: str, body: Any = None, **_: Any) -> NoReturn:
        """Raise an error."""
        raise self._refusal()

    def put(self, path: str, body: Any, **_: Any) -> NoReturn:
        """Raise an error."""
        raise self._refusal()

    def delete(self, path: str, /, **query: Any) -> NoReturn:
        """Raise an error."""
        raise self._refusal()

    def upload(self, path: str, file: Path, **_: Any) -> NoReturn:
        """Raise an error."""
        raise self._refusal()

    @staticmethod
    def _refusal() -> OpendatasoftError:
        return OpendatasoftError("an export only reads")
