"""The processing and publication of a dataset: its end is recognised by `since`, not by the first `idle`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from ...client.clock import LATE
from ...errors import Busy, ResourceError
from ...lifecycle.context import Context
from ...lifecycle.results import State
from ..job import Job, Status

T = TypeVar("T")
P = ParamSpec("P")

SETTLED = ("idle", "error", "limit_reached")
"""The statuses in which nothing is under way, and in which a publication may begin."""

FAILED = ("error", "limit_reached")
"""The statuses of a dataset whose last processing failed."""

IS_PUBLIC = "_is_public"
"""In the state of a dataset whose last processing failed: whether it is public, as it was before."""

UNDER_WAY = ("queued", "processing", "aborting_processing")
"""The statuses that only a publication brings. (Every write may bring `saving_version` for an instant.)"""

MOST_ERRORS = 3
"""So many record errors are named in a message."""

MOST_KEPT = 10
"""So many record errors are kept in the state."""


class Processing(Job):
    """The processing of a dataset, which every publication begins."""

    status_path = "/datasets/{id}/status/"
    settled = SETTLED
    free_text = ("message", "records_errors")


def status_of(context: Context, id: str) -> dict[str, Any]:
    """The dataset's status: `status`, `since` (whole seconds, UTC), `is_published`, `message`, `records_errors`."""
    return Processing(context, id).status()


def settle(context: Context, id: str) -> dict[str, Any]:
    """Wait until nothing is under way, and return the status. Raises `ResourceError` if that takes too long."""
    return Processing(context, id).settle()


def patiently(context: Context, id: str, write: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """A write of a dataset; where that is busy, it is waited for and the write repeated."""
    return Processing(context, id).when_settled(write, *args, **named)


def publish(context: Context, id: str, known: Status, *, metadata_only: bool) -> State:
    """Publish, wait, and return what the state keeps of the status.

    Args:
        context: the call.
        id: the dataset's uid.
        known: the latest status from before, whose `since` tells this processing from the last one. It has whole
            seconds only, so a processing must not begin within the second of the last change.
        metadata_only: whether the records need not be processed again; then there is nothing to wait for.

    Raises:
        ResourceError: the processing failed; with the portal's message and the first record errors.
    """
    job = Processing(context, id)
    action = "publish_metadata" if metadata_only else "publish"
    # If another client orders one first, ours comes after that processing, and is distinguished from it.
    at_rest = _as_it_is if metadata_only else _at_rest
    known, _ = job.when_settled_from(known, lambda latest: _order(job, action, at_rest(job, latest)))
    if metadata_only:
        return outputs(known)
    status, is_over = job.wait(_Ending(known), work=action)
    if not is_over:
        context.info(
            f"processing goes on after {context.processing_timeout:.0f} s; `pulumi refresh` will tell how it ended"
        )
        return {"status": "processing"}
    if status.get("status") != "idle":
        raise ResourceError(_processing_error(status), outputs(status))
    if status.get("message") or status.get("records_errors"):
        context.warn(f"processed, but {_shortcomings(status)}")
    return outputs(status)


def _order(job: Job, action: str, known: Status) -> Status:
    """Order a publication; returns the status from right before it."""
    job.context.api.post(f"/datasets/{job.id}/{action}/", look=lambda: _arrived(job, known))
    return known


def _as_it_is(job: Job, known: Status) -> Status:
    """Metadata are published at once: there is no wait, so that it need not be told from another processing."""
    return known


def _at_rest(job: Job, known: Status) -> Status:
    """The status of a dataset in which nothing is under way, and of which the second is over."""
    while True:
        if not job.is_settled(known):
            known = job.settle()
        if _is_first(known) or not _leave_the_second_of(job.context, known.get("since")):
            return known
        # A processing that was ordered earlier, and did not show yet, may have begun meanwhile, or be over.
        now = job.status()
        if (now.get("status"), now.get("since")) == (known.get("status"), known.get("since")):
            return now
        known = now


def stop(context: Context, id: str) -> None:
    """Abort what is under way, if it still is, and wait until the dataset is idle."""
    with contextlib.suppress(Busy):
        context.api.post(f"/datasets/{id}/abort/", repeatable=True)
    settle(context, id)


def unpublish(context: Context, id: str) -> State:
    """Take the dataset off the public portal, and wait until it is."""
    job = Processing(context, id)
    job.when_settled(context.api.post, f"/datasets/{id}/unpublish/", repeatable=True)
    status, is_done = job.wait(lambda seen: job.is_settled(seen) and not seen.get("is_published"))
    if not is_done:
        raise ResourceError(f"{id} is still public after {context.processing_timeout:.0f} s: {context.again}")
    return outputs(status)


def outputs(status: Status) -> State:
    """The computed properties that a status determines."""
    errors = status.get("records_errors")
    return {
        "status": str(status.get("status") or "idle"),
        "message": status.get("message") or None,
        "records_errors": list(errors)[:MOST_KEPT] if isinstance(errors, list) and errors else None,
        IS_PUBLIC: bool(status.get("is_published")) if status.get("status") in FAILED else None,
    }


def _is_first(known: Status) -> bool:
    """Whether the dataset was neither public nor in error: then every end shows by more than its second."""
    return known.get("status") == "idle" and not known.get("is_published")


def _has_ended(seen: Status, known: Status) -> bool:
    """Whether a settled status is that of the end of a processing, and not still the one from before."""
    if _is_first(known) and (seen.get("is_published") or seen.get("status") != "idle"):
        return True
    # A dataset that was only just made has no status yet.
    return known.get("since") is not None and seen.get("since") != known.get("since")


class _Ending:
    """Whether a processing is over, by the statuses that are seen one after another."""

    def __init__(self, known: Status) -> None:
        self._known = known
        self._is_under_way = False

    def __call__(self, seen: Status) -> bool:
        if seen.get("status") not in SETTLED:
            self._is_under_way |= seen.get("status") in UNDER_WAY
            return False
        return self._is_under_way or _has_ended(seen, self._known)


def _arrived(job: Job, known: Status) -> dict[str, Any] | None:
    """Whether a publication whose answer was lost has begun, or is over already."""
    seen = job.status()
    return seen if not job.is_settled(seen) or _has_ended(seen, known) else None


def _leave_the_second_of(context: Context, since: Any) -> bool:
    """Wait until the second of a change is over; returns whether there was anything to wait for."""
    try:
        changed = datetime.fromisoformat(str(since))
        early = changed + timedelta(seconds=1) - context.api.now()
    except (ValueError, TypeError, OverflowError):  # no date, one without a zone, one at the end of the calendar
        return False
    if early <= timedelta():
        return False
    # A status may come from a machine whose clock is up to LATE ahead of the `Date`; a clock that is ahead by more is
    # wrong, and not waited for.
    context.api.pause(min(early, timedelta(seconds=1) + LATE).total_seconds())
    return True


def _processing_error(status: Status) -> str:
    """The portal's message or its limit, and the first record errors, in two lines at most."""
    message = str(status.get("message") or _limit(status) or f"ended in {status.get('status')}").rstrip(".")
    first = _first_errors(status)
    return f"processing failed: {message}." + (f" First errors: {first}." if first else "")


def _limit(status: Status) -> str:
    """The limit of the portal's plan that a processing has reached; empty for another end."""
    params = status.get("params")
    error = params.get("error") if isinstance(params, Mapping) else None
    if status.get("status") != "limit_reached" or not isinstance(error, Mapping):
        return ""
    return (
        f"the dataset has {error.get('value')} {error.get('limit_type')}, and the portal's plan allows "
        f"{error.get('limit')}; ask for more in the back office, or publish less"
    )


def _shortcomings(status: Status) -> str:
    """The shortcomings of a publication that succeeded, but not for every value."""
    first = _first_errors(status)
    parts = [str(status.get("message") or "").rstrip("."), f"not every record is whole: {first}" if first else ""]
    return "; ".join(part for part in parts if part)


def _first_errors(status: Status) -> str:
    errors = [e for e in status.get("records_errors") or [] if isinstance(e, Mapping)]
    return "; ".join(
        f"{e.get('field_uid') or 'record'} {e.get('record_id') or ''}: {e.get('message')}" for e in errors[:MOST_ERRORS]
    )
