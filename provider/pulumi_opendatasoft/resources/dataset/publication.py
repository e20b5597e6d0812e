"""When a dataset is idle, and how it becomes public: waiting by `since`, never by the first `idle` that is seen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from ...client.polling import LATE, pause, wait_until
from ...client.redaction import redact_deep
from ...errors import Busy, ResourceError
from ...lifecycle.context import Context
from ...lifecycle.results import State

T = TypeVar("T")
P = ParamSpec("P")

Status = Mapping[str, Any]
"""What the portal says of a dataset's status, or nothing."""

SETTLED = ("idle", "error", "limit_reached")
"""The statuses in which nothing is under way, and in which a publication may begin."""

FAILED = ("error", "limit_reached")
"""The statuses of a dataset whose last processing failed."""

IS_PUBLIC = "_is_public"
"""In the state of a dataset whose last processing failed: that the public sees it, as it was before."""

UNDER_WAY = ("queued", "processing", "aborting_processing")
"""The statuses that only a publication brings. (Every write may bring `saving_version` for an instant.)"""

AFTER_BUSY = (0.5, 1.0, 2.0, 4.0)
"""Seconds before a write is sent again that met a busy dataset where the status, which may lag, does not say so."""

MOST_ERRORS = 3
"""So many record errors are told in a message."""

MOST_KEPT = 10
"""So many record errors are kept in the state."""


def status_of(context: Context, id: str) -> dict[str, Any]:
    """The dataset's status: `status`, `since` (whole seconds, UTC), `is_published`, `message`, `records_errors`."""
    response = context.api.get(f"/datasets/{id}/status/")
    if not isinstance(response, Mapping):
        return {}
    # The portal's words may repeat a secret: they are printed, and kept in the state.
    words = [name for name in ("message", "records_errors") if name in response]
    return {**response, **{name: redact_deep(response[name], context.api.redact) for name in words}}


def settle(context: Context, id: str) -> dict[str, Any]:
    """Wait until nothing is under way, and return the status. Raises `Problem` if that takes too long."""
    status, done = _wait(context, id, lambda seen: seen.get("status") in SETTLED)
    if not done:
        raise ResourceError(
            f"{id} is still {status.get('status')} after {context.processing_timeout:.0f} s: wait for it, or raise "
            "opendatasoft:processingTimeout, and run `up` again"
        )
    return status


def patiently(context: Context, id: str, write: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """A write; where the portal says that the dataset is busy, it is waited for and the write sent again."""
    response, _ = _persistently(context, id, {}, lambda _: write(*args, **named))
    return response


def _persistently(context: Context, id: str, prior: Status, send: Callable[[Status], T]) -> tuple[T, Status]:
    """What `send` answers once the dataset is not busy, and the status from before it; `before` is the latest known."""
    for seconds in AFTER_BUSY:
        try:
            return send(prior), prior
        except Busy:
            if status_of(context, id).get("status") in SETTLED:
                pause(seconds, clock=context.api.clock)
            prior = settle(context, id)
    return send(prior), prior


def publish(context: Context, id: str, prior: Status, *, metadata_only: bool) -> State:
    """Publish, wait, and return what the status said. Raises `Problem` for a processing error.

    `before` is the status from before: its `since` tells this run from the last one. Seconds are all that it has, so a
    run must not begin within the second of the last change.
    """
    action = "publish_metadata" if metadata_only else "publish"
    # If somebody else is quicker, ours comes after that run, and is told from it.
    at_rest = _as_it_is if metadata_only else _at_rest
    prior, _ = _persistently(context, id, prior, lambda known: _order(context, id, action, at_rest(context, id, known)))
    if metadata_only:
        return outputs(prior)
    status, done = _wait(context, id, _Ending(prior))
    if not done:
        context.say(
            f"processing goes on after {context.processing_timeout:.0f} s; `pulumi refresh` will tell how it ended"
        )
        return {"status": "processing"}
    if status.get("status") != "idle":
        raise ResourceError(_processing_error(status), outputs(status))
    if status.get("message") or status.get("records_errors"):
        context.warn(f"processed, but {_shortcomings(status)}")
    return outputs(status)


def _order(context: Context, id: str, action: str, prior: Status) -> Status:
    """Order a publication; returns the status from right before it."""
    context.api.post(f"/datasets/{id}/{action}/", look=lambda: _arrived(context, id, prior))
    return prior


def _as_it_is(context: Context, id: str, prior: Status) -> Status:
    """Metadata are published at once: nobody waits for that, so that it need not be told from another run."""
    return prior


def _at_rest(context: Context, id: str, prior: Status) -> Status:
    """The status of a dataset in which nothing is under way, and of which the second is over."""
    while True:
        if prior.get("status") not in SETTLED:
            prior = settle(context, id)
        if _is_first(prior) or not _leave_the_second_of(context, prior.get("since")):
            return prior
        # A run that was ordered earlier, and did not show yet, may have begun meanwhile, or be over.
        now = status_of(context, id)
        if (now.get("status"), now.get("since")) == (prior.get("status"), prior.get("since")):
            return now
        prior = now


def stop(context: Context, id: str) -> None:
    """Abort what is under way, if it still is, and wait until the dataset is idle."""
    with contextlib.suppress(Busy):
        context.api.post(f"/datasets/{id}/abort/", repeatable=True)
    settle(context, id)


def unpublish(context: Context, id: str) -> State:
    """Take the dataset off the public portal, and wait until it is."""
    patiently(context, id, context.api.post, f"/datasets/{id}/unpublish/", repeatable=True)
    status, done = _wait(context, id, lambda seen: seen.get("status") in SETTLED and not seen.get("is_published"))
    if not done:
        raise ResourceError(f"{id} is still public after {context.processing_timeout:.0f} s: run `up` again")
    return outputs(status)


def outputs(status: Status) -> State:
    """What the state keeps of a status."""
    errors = status.get("records_errors")
    return {
        "status": str(status.get("status") or "idle"),
        "message": status.get("message") or None,
        "records_errors": list(errors)[:MOST_KEPT] if isinstance(errors, list) and errors else None,
        IS_PUBLIC: bool(status.get("is_published")) if status.get("status") in FAILED else None,
    }


def _wait(context: Context, id: str, done: Callable[[dict[str, Any]], bool]) -> tuple[dict[str, Any], bool]:
    return wait_until(
        lambda: status_of(context, id),
        done,
        timeout=context.processing_timeout,
        progress=lambda seconds, seen: context.progress(f"{seen.get('status')} for {seconds:.0f} s"),
        clock=context.api.clock,
    )


def _is_first(prior: Status) -> bool:
    """Whether the dataset was neither public nor in error: then every end of a run shows by more than its second."""
    return prior.get("status") == "idle" and not prior.get("is_published")


def _has_ended(seen: Status, prior: Status) -> bool:
    """Whether a settled status is that of the end of a run, and not still the one from before."""
    if _is_first(prior) and (seen.get("is_published") or seen.get("status") != "idle"):
        return True
    # A dataset that was only just made was never asked for its status.
    return prior.get("since") is not None and seen.get("since") != prior.get("since")


class _Ending:
    """Whether a run is over, by the statuses that are seen one after another."""

    def __init__(self, prior: Status) -> None:
        self._before = prior
        self._is_under_way = False

    def __call__(self, seen: Status) -> bool:
        if seen.get("status") not in SETTLED:
            self._is_under_way |= seen.get("status") in UNDER_WAY
            return False
        return self._is_under_way or _has_ended(seen, self._before)


def _arrived(context: Context, id: str, prior: Status) -> dict[str, Any] | None:
    """Whether a publication whose answer was lost has begun, or is over already."""
    seen = status_of(context, id)
    return seen if seen.get("status") not in SETTLED or _has_ended(seen, prior) else None


def _leave_the_second_of(context: Context, since: Any) -> bool:
    """Wait until the second of a change is over; returns whether there was anything to wait for."""
    try:
        changed = datetime.fromisoformat(str(since))
        early = changed + timedelta(seconds=1) - context.api.now()
    except (ValueError, TypeError):
        return False
    if early <= timedelta():
        return False
    # A status may come from a machine whose clock is up to LATE ahead of the `Date`; a clock that is ahead by more is
    # wrong, and not waited for.
    pause(min(early, timedelta(seconds=1) + LATE).total_seconds(), clock=context.api.clock)
    return True


def _processing_error(status: Status) -> str:
    """The portal's message and the first record errors, in two lines at most."""
    said = str(status.get("message") or f"ended in {status.get('status')}").rstrip(".")
    first = _first_errors(status)
    return f"processing failed: {said}." + (f" First errors: {first}." if first else "")


def _shortcomings(status: Status) -> str:
    """What a publication says that ended well, but not wholly."""
    first = _first_errors(status)
    actual = [str(status.get("message") or "").rstrip("."), f"not every record is whole: {first}" if first else ""]
    return "; ".join(part for part in actual if part)


def _first_errors(status: Status) -> str:
    errors = [e for e in status.get("records_errors") or [] if isinstance(e, Mapping)]
    return "; ".join(
        f"{e.get('field_uid') or 'record'} {e.get('record_id') or ''}: {e.get('message')}" for e in errors[:MOST_ERRORS]
    )
