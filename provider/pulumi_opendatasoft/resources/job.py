"""A long-running job of the portal: its status, the wait for its end, and writes that it holds up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, ParamSpec, TypeVar

from ..client.redaction import redact_deep
from ..errors import Busy, ResourceError
from ..lifecycle.context import Context

T = TypeVar("T")
P = ParamSpec("P")

Status = Mapping[str, Any]
"""The status of a job: `status`, `since` (whole seconds, UTC), and further members by the kind of job."""

AFTER_BUSY = (0.5, 1.0, 2.0, 4.0)
"""Seconds before a write is repeated that met a busy object whose status, which may lag, is a settled one."""


class Job:
    """The job of one object, such as the processing of a dataset.

    A kind of job is a subclass that names where its status is and which statuses there are.
    """

    status_path: ClassVar[str]
    """Where the status is: `/datasets/{id}/status/`."""

    settled: ClassVar[tuple[str, ...]]
    """The statuses in which nothing is under way."""

    free_text: ClassVar[tuple[str, ...]] = ()
    """The members of a status that hold text, in which the portal may repeat a secret."""

    def __init__(self, context: Context, id: str) -> None:
        self.context = context
        self.id = id

    def status(self) -> dict[str, Any]:
        """The present status, without any secret, for it is printed and kept in the state."""
        response = self.context.api.get(self.status_path.format(id=self.id))
        if not isinstance(response, Mapping):
            return {}
        text = [name for name in self.free_text if name in response]
        return {**response, **{name: redact_deep(response[name], self.context.api.redact) for name in text}}

    def is_settled(self, status: Status) -> bool:
        """Whether nothing is under way by this status."""
        return status.get("status") in self.settled

    def wait(self, done: Callable[[dict[str, Any]], bool], work: str | None = None) -> tuple[dict[str, Any], bool]:
        """Wait until `done` is true of the status; returns the last one, and whether it was done in time.

        `work` names the kind of work where it has just begun: the first look is then when it may be over.
        """
        context = self.context
        return context.api.wait_until(
            self.status,
            done,
            timeout=context.processing_timeout,
            progress=lambda seconds, status: context.progress(f"{status.get('status')} for {seconds:.0f} s"),
            work=work,
        )

    def settle(self) -> dict[str, Any]:
        """Wait until nothing is under way, and return the status. Raises `ResourceError` if that takes too long."""
        status, is_settled = self.wait(self.is_settled)
        if not is_settled:
            raise ResourceError(
                f"{self.id} is still {status.get('status')} after {self.context.processing_timeout:.0f} s: wait for "
                f"it, or {self.context.allow_more_time}, and {self.context.again}"
            )
        return status

    def when_settled(self, write: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """A write; where the portal answers that the object is busy, its job is waited for and the write repeated."""
        response, _ = self.when_settled_from({}, lambda _: write(*args, **named))
        return response

    def when_settled_from(self, known: Status, send: Callable[[Status], T]) -> tuple[T, Status]:
        """Call `send` with the latest known status until the object is not busy.

        Returns what it returned, and the status from before that.
        """
        for seconds in AFTER_BUSY:
            try:
                return send(known), known
            except Busy:
                if self.is_settled(self.status()):
                    self.context.api.pause(seconds)
                known = self.settle()
        return send(known), known
