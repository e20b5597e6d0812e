"""A portal in memory that answers the calls of a lifecycle, and records them. Nothing leaves this process."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from ..client import polling
from ..client.clock import Clock
from ..errors import Call, NotFound

T = TypeVar("T")

READ, WRITE, UPLOAD, LOOK = "read", "write", "upload", "look"
"""The kinds of calls; a look is a read of a status during the wait for a job of the portal."""

_STATUS = re.compile(r"(/datasets/[^/]+/)status/")
_METADATA = re.compile(r"(/datasets/[^/]+/)metadata/((?:[^/]+/){0,2})")
_JOBS = {"publish": "dataset", "start": "harvester"}
"""The actions that begin work of the portal which a lifecycle waits for, by the last step of their paths."""

AT_CREATION = ("default", "visualization", "internal", "asset_content_configuration")
"""The templates of metadata that every portal takes when a dataset is created."""

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
"""The time of the first event on the portal: long ago, so that nothing waits for its second to be over."""


@dataclass(frozen=True)
class Recorded:
    """One call that a lifecycle made."""

    method: str
    path: str
    kind: str
    """`READ`, `WRITE`, `UPLOAD` or `LOOK`."""

    body: Any = None
    """The body of a write, in memory only: it may contain secrets."""

    size: int = 0
    """The bytes of an upload."""


class _Time(Clock):
    """A time that passes only while somebody waits."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def monotonic(self) -> float:
        return self._seconds

    def sleep(self, seconds: float) -> None:
        self._seconds += seconds


class PortalInMemory:
    """A portal in memory, as a lifecycle needs it: it stores what is written, and returns it.

    It knows no rule of the service. An object of which nothing was written does not exist.

    Args:
        ids: The member by which an object of each collection is addressed: `{"/groups/": "uid"}`.
        processing: Seconds that a job of the portal takes, such as a publication.
    """

    def __init__(self, ids: Mapping[str, str], processing: float) -> None:
        self.calls: list[Recorded] = []
        """The calls, in order."""
        self.next_id = ""
        """The id of the next object that is created; empty for a new one."""
        self.sizes: dict[str, int] = {}
        """The sizes of files by their SHA-256."""
        self._ids = ids
        self._objects: dict[str, dict[str, Any]] = {}
        self._processing = processing
        self._ends: dict[str, float] = {}
        self._time = _Time()
        self._events = 0
        self._made = 0
        self._is_looking = False

    # ------------------------------------------------------------ what a lifecycle asks of a client

    host = "portal.invalid"
    url = "https://portal.invalid"

    def redact(self, text: str) -> str:
        """The text: nothing is printed."""
        return text

    def is_own_key(self, secret: str) -> bool:
        """No key is the one in use."""
        return False

    def post_own_key(self, path: str) -> Any:
        """The answer to a search for the key in use."""
        self._record("POST", path, READ)
        return {"found": True, "result": {"uid": "in-use"}}

    def now(self) -> datetime:
        """The present time."""
        return datetime.now(UTC)

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        self._time.sleep(seconds)

    def wait_until(
        self,
        poll: Callable[[], T],
        done: Callable[[T], bool],
        *,
        timeout: float,
        progress: Callable[[float, T], None] | None = None,
        work: str | None = None,
    ) -> tuple[T, bool]:
        """Poll as the client does, by a time that passes at once."""
        polls = 0

        def look() -> T:
            nonlocal polls
            polls += 1
            self._is_looking = work is not None or polls > 1
            try:
                return poll()
            finally:
                self._is_looking = False

        durations = polling.Durations() if work else None
        return polling.wait_until(look, done, timeout=timeout, clock=self._time, durations=durations)

    def get(self, path: str, /, **query: Any) -> Any:
        """The object at `path`, or the first page of a list. Raises NotFound."""
        self._record("GET", path, READ)
        if status := _STATUS.fullmatch(path):
            return self._status(status[1])
        if (whole := _METADATA.fullmatch(path)) and not whole[2]:
            return copy.deepcopy(self._at(whole[1], path).get("metadata") or {})
        if path in self._objects:
            return copy.deepcopy(self._of(path))
        if path in self._ids or self._owner(path) in self._objects:
            rows = [row for row in self._rows(path) if all(_fits(row, *asked) for asked in query.items())]
            return {"total_count": len(rows), "results": rows}
        raise self._not_found("GET", path)

    def all(self, path: str, /, **query: Any) -> list[dict[str, Any]]:
        """The whole list at `path`."""
        self._record("GET", path, READ)
        return self._rows(path)

    def post(self, path: str, body: Any = None, **_: Any) -> Any:
        """Store what a POST creates, or carry out an action."""
        self._record("POST", path, WRITE, body)
        if path in ("/users/invite/", "/users/provision/"):
            user = {**body[0], "username": self._new_id()}
            self._objects[f"/users/{user['username']}/"] = user
            return {"0": {"status_code": "success", "data": copy.deepcopy(user)}}
        if isinstance(body, list):
            return {}
        if body is None or path.endswith("/revoke/"):
            return self._act(path)
        return self._create(path, body)

    def put(self, path: str, body: Any = None, *, repeatable: bool = True) -> Any:
        """Store what a PUT sets."""
        self._record("PUT", path, WRITE, body)
        if metadata := _METADATA.fullmatch(path):
            self._put_metadata(self._at(metadata[1], path), metadata[2], body)
            return copy.deepcopy(body)
        self._at(path, path).update(copy.deepcopy(body or {}))
        return copy.deepcopy(self._of(path))

    def delete(self, path: str, /, **query: Any) -> bool:
        """Remove an object with everything below it."""
        self._record("DELETE", path, WRITE)
        if metadata := _METADATA.fullmatch(path):
            template, _, name = metadata[2].rstrip("/").partition("/")
            self._at(metadata[1], path).setdefault("metadata", {}).get(template, {}).pop(name, None)
        for known in [known for known in self._objects if known.startswith(path)]:
            del self._objects[known]
        return True

    def upload(
        self,
        path: str,
        file: Path,
        *,
        filename: str,
        sha256: str | None = None,
        fields: Mapping[str, str] | None = None,
        **_: Any,
    ) -> Any:
        """Store an uploaded file. The file itself is not opened."""
        self._record("POST", path, UPLOAD, size=self.sizes.get(sha256 or "", 0))
        return self._create(path, {**(fields or {}), "filename": filename, "url": f"/{filename}"})

    # ------------------------------------------------------------ for those who run a lifecycle

    def seed(self, path: str, body: dict[str, Any]) -> None:
        """Let an object exist, unless it does already."""
        self._objects.setdefault(path, body)

    @contextmanager
    def unrecorded(self) -> Iterator[None]:
        """Calls that happened before: they are carried out, and not recorded."""
        count = len(self.calls)
        try:
            yield
        finally:
            del self.calls[count:]

    # ------------------------------------------------------------ the store

    def _record(self, method: str, path: str, kind: str, body: Any = None, size: int = 0) -> None:
        self.calls.append(Recorded(method, path, LOOK if self._is_looking else kind, body, size))

    def _create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        name = self._ids.get(path, "uid")
        stored = {"uid": "", **copy.deepcopy(dict(body))}
        if path.endswith("/security/groups/"):
            id = str(body["group"]["uid"])
        elif path.endswith("/security/users/"):
            id = str(body["user"]["username"])
        elif path.endswith("/users/"):
            id = str(body["username"])
        else:
            id = str(body.get(name) or self._new_id())
        stored["uid"] = stored["uid"] or id
        stored.setdefault(name, id)
        stored.setdefault("created_at", "2020-01-01T00:00:00Z")
        if path == "/datasets/":
            # Not every portal takes other templates at creation: then they are written afterwards, which costs more.
            stored["metadata"] = {n: v for n, v in stored.get("metadata", {}).items() if n in AT_CREATION}
        elif path == "/apikeys/":
            stored["key"] = "the portal shows it once"
        elif _is_federated(stored) and self._owner(path) in self._objects:
            self._objects[self._owner(path)]["metadata"] = {}  # those of the remote dataset, which nobody knows here
        self._objects[f"{path}{id}/"] = stored
        return copy.deepcopy(stored)

    def _act(self, path: str) -> dict[str, Any]:
        owner, _, action = path.rstrip("/").rpartition("/")
        found = self._objects.setdefault(f"{owner}/", {"uid": "new"})
        if action in _JOBS and _JOBS[action] in owner:
            self._ends[f"{owner}/"] = self._time.monotonic() + self._processing
            self._events += 1
        if action in ("publish", "unpublish"):
            found["is_published"] = action == "publish"
        elif action in ("archive", "unarchive"):
            found["is_archived"] = action == "archive"
        return copy.deepcopy(found)

    def _of(self, path: str) -> dict[str, Any]:
        """An object with the members that its job determines."""
        found = self._objects[path]
        if not path.startswith("/harvesters/") or path.count("/") > 3:
            return found
        return {"has_error": False, **found, "status": self._job(path), "last_started_at": self._since(path)}

    def _status(self, path: str) -> dict[str, Any]:
        found = self._at(path, f"{path}status/")
        is_published = bool(found.get("is_published"))
        return {"status": self._job(path), "since": self._since(path), "is_published": is_published}

    def _job(self, path: str) -> str:
        return "processing" if self._time.monotonic() < self._ends.get(path, 0.0) else "idle"

    def _since(self, path: str) -> str | None:
        """The time of the last event of an object; a running job and its end are two."""
        if path not in self._ends:
            return None
        event = 2 * self._events + (self._job(path) == "idle")
        return (BEGINNING + timedelta(minutes=event)).isoformat()

    def _put_metadata(self, dataset: dict[str, Any], below: str, body: Any) -> None:
        template, _, name = below.rstrip("/").partition("/")
        metadata = dataset.setdefault("metadata", {})
        if name:
            metadata.setdefault(template, {})[name] = copy.deepcopy(body)
        elif template:
            metadata[template] = copy.deepcopy(body)
        else:
            dataset["metadata"] = copy.deepcopy(body)

    def _rows(self, path: str) -> list[dict[str, Any]]:
        """The objects of a collection, without what is below them."""
        depth = path.count("/") + 1
        known = [known for known in self._objects if known.startswith(path) and known.count("/") == depth]
        return [copy.deepcopy(self._of(name)) for name in known]

    def _at(self, path: str, asked: str) -> dict[str, Any]:
        if path not in self._objects:
            raise self._not_found("GET", asked)
        return self._objects[path]

    def _owner(self, path: str) -> str:
        """The object to which a list belongs: that of `/datasets/a/security/groups/` is `/datasets/a/`."""
        steps = path.split("/")
        return "/".join([*steps[:3], ""])

    def _new_id(self) -> str:
        if self.next_id:
            id, self.next_id = self.next_id, ""
            return id
        self._made += 1
        return f"new-{self._made}"

    def _not_found(self, method: str, path: str) -> NotFound:
        return NotFound(Call(self.host, method, path), status=404, code="not_found", message="Not found.")


def _is_federated(stored: Mapping[str, Any]) -> bool:
    datasource = stored.get("datasource")
    return isinstance(datasource, Mapping) and datasource.get("type") == "federated"


def _fits(row: Mapping[str, Any], name: str, value: Any) -> bool:
    return name not in row or row[name] == value
