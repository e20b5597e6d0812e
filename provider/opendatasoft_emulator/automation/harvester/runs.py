"""The runs of harvesters, and their deletion: work that is acknowledged at once and done in a thread of its own.

A harvester's document names the work that is under way. Where that was interrupted, because the portal was stopped or
killed, it is begun again by the first call about the harvester: twice is the same as once.
"""

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any, Literal

from ...errors import ApiError
from ...portal import Portal
from ...publishing.status import Task
from ...state.identifiers import now
from ...state.store import Document
from . import datasets
from .catalogs import CatalogError, RemoteDataset, read_catalog

log = logging.getLogger(__name__)

Work = Literal["harvest", "delete", "delete_all"]
"""The work that is under way: a run, the deletion of the harvester, or that with its datasets."""

_SLICE = 0.02
"""Seconds between two looks at whether work is to end."""

_under_way: set[str] = set()
"""The tokens of the work that threads of this process do."""


class Discarded(Exception):
    """The work is of no use any more: its harvester is gone, or the portal stops."""


def begin(portal: Portal, harvester: Document, work: Work) -> None:
    """Note work in the document of a harvester, and start it. Called within a transaction."""
    harvester["work"] = {"kind": work, "token": uuid.uuid4().hex}
    portal.store.put("harvester", harvester["uid"], harvester)
    _start(portal, harvester)


def resume(portal: Portal, harvester: Document) -> None:
    """Start noted work again that no thread of this process does."""
    work = harvester.get("work")
    if work and work["token"] not in _under_way:
        _start(portal, harvester)


def _start(portal: Portal, harvester: Document) -> None:
    work = _Work(portal, harvester["uid"], harvester["work"]["token"])
    perform: dict[str, Callable[[], None]] = {
        "harvest": work.harvest,
        "delete": lambda: work.delete(with_datasets=False),
        "delete_all": lambda: work.delete(with_datasets=True),
    }
    _under_way.add(work.token)
    kind = harvester["work"]["kind"]
    threading.Thread(target=work.run, args=(perform[kind],), name=f"harvester-{kind}", daemon=True).start()


class _Work:
    """One piece of work, in its thread."""

    def __init__(self, portal: Portal, uid: str, token: str) -> None:
        self._portal, self._uid, self.token = portal, uid, token

    def run(self, perform: Callable[[], None]) -> None:
        """Perform it; an unexpected failure ends a run with an error of the service."""
        try:
            perform()
        except Discarded:
            pass
        except Exception:
            if not self._portal.closing.is_set():
                log.exception("the work on harvester %s failed", self._uid)
                self._end_after_failure()
        finally:
            _under_way.discard(self.token)

    def _end_after_failure(self) -> None:
        with contextlib.suppress(Discarded):
            self._change(status="idle", has_error=True, work=None, fatal="A server error occurred.")

    # ------------------------------------------------------------ the document

    def _current(self) -> Document:
        """The harvester's document. Raises Discarded where it no longer names this work."""
        if self._portal.closing.is_set():
            raise Discarded
        harvester = self._portal.store.get("harvester", self._uid)
        if harvester is None or (harvester.get("work") or {}).get("token") != self.token:
            raise Discarded
        return harvester

    def _change(self, **members: Any) -> Document:
        with self._portal.store.transaction():
            harvester = self._current()
            harvester.update(members)
            self._portal.store.put("harvester", self._uid, harvester)
            return harvester

    def _is_stopped(self) -> bool:
        return bool(self._current()["status"] == "aborting")

    def _pause(self, milliseconds: int) -> None:
        """Wait, unless the run is aborted meanwhile."""
        end = time.monotonic() + milliseconds / 1000
        while time.monotonic() < end and not self._is_stopped():
            self._portal.closing.wait(_SLICE)

    # ------------------------------------------------------------ a run

    def harvest(self) -> None:
        """Read the catalog, and write a dataset for each of its datasets."""
        self._pause(self._portal.settings.queued_after_ms)
        with self._portal.store.transaction():
            harvester = self._current()
            if harvester["status"] != "aborting":
                is_shown = harvester["status"] in ("queued", "processing")
                started = harvester["last_started_at"] if is_shown else now()
                harvester = self._change(status="processing", last_started_at=started)
        self._pause(self._portal.settings.processing_ms)
        self._change(has_error=False, fatal=None, resource_errors={}, remote=0, harvested=0)
        try:
            found = [] if self._is_stopped() else self._read(harvester)
        except CatalogError as error:
            self._change(status="idle", work=None, has_error=True, fatal=f"A fatal error occured. {_sentence(error)}")
            return
        self._change(remote=len(found))
        self._write_all(found)
        missing: list[str] = []
        with self._portal.store.transaction():
            is_complete = not self._is_stopped()
            if is_complete and harvester["configuration"].get("delete_missing_datasets"):
                missing = self._delete({remote.id for remote in found})
            self._change(status="idle", work=None, **({"last_success_at": now()} if is_complete else {}))
        self._delete_data(missing)

    def _read(self, harvester: Document) -> list[RemoteDataset]:
        portal = self._portal
        return read_catalog(harvester["configuration"], portal.remote, portal.settings.federated_domains)

    def _write_all(self, found: list[RemoteDataset]) -> None:
        for remote in found:
            with self._portal.store.transaction():
                if self._is_stopped():
                    return
                harvester = self._current()
                problem = remote.problem or next((one.problem for one in remote.resources if one.problem), "")
                problem = problem or self._write(harvester, remote)
                if problem:
                    harvester["resource_errors"][remote.id] = f"Could not harvest the dataset. {_sentence(problem)}"
                else:
                    harvester["harvested"] += 1
                self._portal.store.put("harvester", self._uid, harvester)

    def _write(self, harvester: Document, remote: RemoteDataset) -> str:
        """Write one dataset; return the reason why it cannot be, "" for none."""
        try:
            datasets.Harvested(self._portal, harvester, harvester["started_by"]).write(remote)
        except ApiError as error:
            return error.message
        return ""

    def _delete(self, kept: set[str]) -> list[str]:
        """Delete the datasets whose remote ids are not these; return their uids. Their data have to be deleted yet."""
        gone = [one["uid"] for one in datasets.attached(self._portal, self._uid) if one["remote_id"] not in kept]
        for uid in gone:
            datasets.delete(self._portal, uid)
        return gone

    def _delete_data(self, uids: list[str]) -> None:
        """Delete the data of deleted datasets: not in a transaction, for a processing may hold them for a while."""
        for uid in uids:
            self._portal.delete_dataset_data(uid)

    # ------------------------------------------------------------ the deletion

    def delete(self, *, with_datasets: bool) -> None:
        """Delete the harvester, with its datasets or without them."""
        self._pause(self._portal.settings.processing_ms)
        with self._portal.store.transaction():
            self._current()
            gone = self._delete(set()) if with_datasets else []
            datasets.detach(self._portal, self._uid)
            self._portal.store.delete_children(self._uid)
            self._portal.store.delete("harvester", self._uid)
        self._delete_data(gone)


def publish(portal: Portal, uid: str) -> None:
    """Publish every dataset of a harvester."""
    datasets.order(portal, uid, Task.PUBLISH)


def unpublish(portal: Portal, uid: str) -> None:
    """Unpublish every dataset of a harvester."""
    datasets.order(portal, uid, Task.UNPUBLISH)


def _sentence(reason: object) -> str:
    """A reason as a sentence; an address or the name of a file at its beginning stays as it is."""
    text = str(reason).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if text.partition(" ")[0].isalpha() else f"{text}."
