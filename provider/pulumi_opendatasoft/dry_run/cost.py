"""The calls that the steps of a preview cost: by resource and in all, with the time that they take at least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .portal import LOOK, READ, UPLOAD, WRITE
from .preview import Step
from .run import PROCESSING, DryRun, Outcome

PUBLICATIONS = ("/publish/", "/publish_metadata/")
"""The ends of the paths that publish a dataset, or the datasets of a harvester."""

WAITED_FOR = ("/publish/", "/start/")
"""The ends of the paths whose work is waited for."""


@dataclass(frozen=True)
class Calls:
    """A number of calls, by their kinds."""

    reads: int = 0
    writes: int = 0
    uploads: int = 0
    looks: int = 0
    """Reads of a status while a publication or a harvest goes on: how many there are depends on how long it takes."""

    publications: int = 0
    """The writes among them that publish."""

    bytes: int = 0
    """The size of the uploads."""

    @property
    def certain(self) -> int:
        """The calls that do not depend on how long anything takes."""
        return self.reads + self.writes + self.uploads

    @property
    def most(self) -> int:
        """All calls, with as many looks as a job of the assumed length needs."""
        return self.certain + self.looks

    def __add__(self, other: Calls) -> Calls:
        return Calls(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Row:
    """The cost of one step."""

    op: str
    kind: str
    name: str
    urn: str
    calls: Calls
    notes: tuple[str, ...] = ()
    failure: str = ""
    """The reason for which its calls are not known; `calls` has none then."""

    jobs: int = 0
    """How many publications and harvests it waits for, one after another."""


@dataclass(frozen=True)
class Cost:
    """The cost of an `up`."""

    rows: Sequence[Row]
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By URN, the URNs of the resources that come first."""

    processing: float = PROCESSING
    """The seconds that each publication is taken to last."""

    @cached_property
    def total(self) -> Calls:
        """All calls."""
        return sum((row.calls for row in self.rows), Calls())

    @property
    def unknown(self) -> list[Row]:
        """The steps whose calls are not known."""
        return [row for row in self.rows if row.failure]

    def seconds(self, latency: float, width: int) -> float:
        """The time of the `up` at the limiter's speed.

        Args:
            latency: Seconds that one call takes.
            width: How many calls are under way at once (`opendatasoft:maxConcurrency`).

        Returns:
            The seconds of the calls side by side or, if that is more, those of the longest chain of resources that wait
            for each other; a job of the portal lasts as long as was assumed.
        """
        own = {row.urn: row.calls.certain * latency + row.jobs * self.processing for row in self.rows}
        ends: dict[str, float] = {}
        for row in self.rows:  # in the order of a program: what a resource needs comes before it
            begins = max((ends.get(urn, 0.0) for urn in self.needs.get(row.urn, ())), default=0.0)
            ends[row.urn] = max(ends.get(row.urn, 0.0), begins + own[row.urn])
        return max(self.total.most * latency / width, max(ends.values(), default=0.0))


def cost_of(steps: Sequence[Step], processing: float = PROCESSING) -> Cost:
    """Return the cost of the steps of a preview.

    Args:
        steps: The steps, in their order.
        processing: Seconds that a publication is taken to last.
    """
    rows = [_row(outcome) for outcome in DryRun(processing).run(steps)]
    return Cost(rows, {step.urn: step.needs for step in steps}, processing)


def _row(outcome: Outcome) -> Row:
    step, calls = outcome.step, outcome.calls
    kinds = [call.kind for call in calls]
    writes = [call.path for call in calls if call.kind == WRITE]
    counted = Calls(
        kinds.count(READ),
        kinds.count(WRITE),
        kinds.count(UPLOAD),
        kinds.count(LOOK),
        sum(path.endswith(PUBLICATIONS) for path in writes),
        sum(call.size for call in calls),
    )
    jobs = sum(path.endswith(WAITED_FOR) for path in writes)
    return Row(step.op, step.kind, step.name, step.urn, counted, outcome.notes, outcome.failure, jobs)
