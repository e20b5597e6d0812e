"""The run of a harvester: its end is recognised by the time of its start, not by the first `idle`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ...client.clock import LATE
from ...client.redaction import redact_deep
from ...errors import NotFound, PortalError, ResourceError
from ...lifecycle.context import Context
from ...lifecycle.results import State
from ..job import Job, Status

MOST_ERRORS = 3
"""So many datasets that could not be harvested are named in a message."""


class Harvesting(Job):
    """The run of a harvester. Its status is the harvester itself."""

    status_path = "/harvesters/{id}/"
    settled = ("new", "idle")


def run(context: Context, id: str, known: Status, *, joins: bool = False) -> State | None:
    """Start a run and wait for its end; returns the computed properties, None where the wait ran out.

    Args:
        context: the call.
        id: the harvester's uid.
        known: the harvester as it was read last. Its `last_started_at` distinguishes this run from the last one; it has
            whole seconds only, so a run must not begin within the second of the last one.
        joins: whether a run that is under way is the one, which an earlier `up` started.

    Raises:
        ResourceError: the run failed or was aborted; with the portal's message.
    """
    job = Harvesting(context, id)
    if joins and not job.is_settled(known):
        status, is_over = job.wait(job.is_settled)
    else:
        known, _ = job.when_settled_from(known, lambda latest: _order(job, _at_rest(job, latest)))
        status, is_over = job.wait(_Ending(job, known), work="harvest")
    if not is_over:
        return None
    _raise_if_failed(context, id, status)
    return outputs(status)


def publish(context: Context, id: str) -> None:
    """Publish every dataset of a harvester. Their processing goes on afterwards."""
    Harvesting(context, id).when_settled(context.api.post, f"/harvesters/{id}/publish/", repeatable=True)


def unpublish(context: Context, id: str) -> None:
    """Unpublish every dataset of a harvester."""
    Harvesting(context, id).when_settled(context.api.post, f"/harvesters/{id}/unpublish/", repeatable=True)


def delete(context: Context, id: str, *, with_datasets: bool) -> None:
    """Delete a harvester, with its datasets or without them, and wait until it is gone.

    A run that is under way is aborted first.
    """
    job = Harvesting(context, id)
    try:
        if not job.is_settled(status := job.status()) and status.get("status") != "deleting":
            abort(job)
        # As text, because a portal may not read Python's True.
        job.when_settled(
            context.api.delete, f"/harvesters/{id}/", delete_attached_datasets="true" if with_datasets else "false"
        )
    except NotFound:
        return
    _, is_gone = context.api.wait_until(
        lambda: _exists(job), lambda exists: not exists, timeout=context.processing_timeout
    )
    if not is_gone:
        context.info(f"{id} is still being deleted after {context.processing_timeout:.0f} s; the portal goes on")


def _exists(job: Job) -> bool:
    try:
        job.status()
    except NotFound:
        return False
    return True


def abort(job: Job) -> None:
    """Stop the run that is under way, and wait until it has stopped. Raises `ResourceError` if it cannot be."""
    try:
        job.context.api.post(f"/harvesters/{job.id}/abort/", repeatable=True)
    except NotFound:
        raise
    except PortalError as error:
        if not job.is_settled(job.status()):
            raise ResourceError(f"its run could not be aborted: {error}") from error
    job.settle()


def outputs(status: Status) -> State:
    """The computed properties that a harvester determines."""
    return {
        "status": str(status.get("status") or "idle"),
        "has_error": bool(status.get("has_error")),
        "last_success_at": status.get("last_success_at"),
    }


def is_stale(response: Status) -> bool:
    """Whether no run has succeeded since the configuration was changed."""
    success, changed = _time(response.get("last_success_at")), _time(response.get("updated_at"))
    return bool(response.get("has_error")) or success is None or (changed is not None and success < changed)


def _order(job: Job, known: Status) -> Status:
    """Start a run; returns the harvester from right before it."""
    job.context.api.post(f"/harvesters/{job.id}/start/", look=lambda: _arrived(job, known))
    return known


def _arrived(job: Job, known: Status) -> dict[str, Any] | None:
    """The harvester, if a start whose response was lost has begun a run."""
    seen = job.status()
    return seen if not job.is_settled(seen) or _was_started(seen, known) else None


def _was_started(seen: Status, known: Status) -> bool:
    return bool(seen.get("last_started_at") != known.get("last_started_at"))


def _at_rest(job: Job, known: Status) -> Status:
    """The harvester when nothing is under way, and when the second of its last run is over."""
    while True:
        if not job.is_settled(known):
            known = job.settle()
        if not _leave_the_second_of(job.context, known):
            return known
        now = job.status()
        if job.is_settled(now) and not _was_started(now, known):
            return now
        known = now


def _leave_the_second_of(context: Context, known: Status) -> bool:
    """Wait until the second of the last run is over; returns whether there was anything to wait for."""
    times = [time for name in ("last_started_at", "last_success_at") if (time := _time(known.get(name)))]
    try:
        early = max(times) + timedelta(seconds=1) - context.api.now()
    except (ValueError, OverflowError):
        return False
    if early <= timedelta():
        return False
    context.api.pause(min(early, timedelta(seconds=1) + LATE).total_seconds())
    return True


def _time(value: Any) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return time if time.tzinfo else None


class _Ending:
    """Whether a run is over, by the statuses that are seen one after another."""

    def __init__(self, job: Job, known: Status) -> None:
        self._job, self._known = job, known
        self._is_under_way = False

    def __call__(self, seen: Status) -> bool:
        if not self._job.is_settled(seen):
            self._is_under_way = True
            return False
        return self._is_under_way or _was_started(seen, self._known)


def _raise_if_failed(context: Context, id: str, status: Status) -> None:
    """Raise `ResourceError` for a run that failed; print a warning for datasets that could not be harvested."""
    count = status.get("resource_errors_count") or 0
    errors = _errors(context, id) if status.get("has_error") or count else {}
    if status.get("has_error"):
        reason = str(errors.get("harvester") or "the portal gives no reason").rstrip(".")
        raise ResourceError(f"harvesting failed: {reason}. Mend the source, and {context.again}", outputs(status))
    started, success = _time(status.get("last_started_at")), _time(status.get("last_success_at"))
    if started is not None and (success is None or success < started):
        raise ResourceError(f"the run was aborted: {context.again} to harvest", outputs(status))
    if count:
        resources = errors.get("resources")
        named = list(resources.items())[:MOST_ERRORS] if isinstance(resources, Mapping) else []
        first = "; ".join(f"{remote}: {reason}" for remote, reason in named)
        context.warn(f"harvested, but not every dataset: {count:.0f} failed" + (f". First: {first}" if first else ""))


def _errors(context: Context, id: str) -> Mapping[str, Any]:
    """The errors of the last run, without any secret: `harvester`, and `resources` by the id of a remote dataset."""
    response = context.api.get(f"/harvesters/{id}/errors/")
    errors = redact_deep(response, context.api.redact)
    return errors if isinstance(errors, Mapping) else {}
