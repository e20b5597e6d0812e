"""The limit of what is possible, and the tables of the ratios."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from .contestants import PARALLEL, Sample

OPERATIONS = {
    "up": "`up`, from nothing",
    "preview": "`preview`, unchanged",
    "refresh": "`refresh`",
    "titles": "`up`, one title changed in each",
    "destroy": "`destroy`",
}
GOALS = {"up": 1.25, "refresh": 1.5, "titles": 1.2, "destroy": 1.2}
LATENCY_OF_GOALS = 100
"""The greatest ratios to the limit that are aimed at, and the latency for which they are (milliseconds)."""


@dataclass
class Round:
    """One repetition of the comparison at one latency."""

    datasets: int
    processing: float
    """Seconds of the processing of one dataset."""
    call: float
    """Seconds of a single call."""
    samples: dict[str, dict[str, Sample]] = field(default_factory=dict)
    """Contestant -> operation -> sample."""

    def seconds(self, contestant: str, operation: str) -> float | None:
        """The seconds of a contestant, or those of the limit; None where there are none."""
        if contestant == "limit":
            return self.limit(operation)
        sample = self.samples.get(contestant, {}).get(operation)
        return sample.seconds if sample else None

    def limit(self, operation: str) -> float:
        """The seconds that an operation takes at least, with the calls that pulumi-opendatasoft makes.

        The engine works on 32 datasets at a time, and the calls of one dataset come one after another. Of the looks at
        the status of a processing only one is needed. The calls of a refresh do not depend on each other.
        """
        bare, ours = self.samples["bare"][operation].seconds, self.samples["ours"][operation]
        if operation in ("preview", "refresh"):
            return bare + ours.calls * self.call / PARALLEL
        rounds = math.ceil(self.datasets / PARALLEL)
        if operation == "up":
            chain = round((ours.calls - ours.looks) / self.datasets) + 1
            return bare + rounds * (chain * self.call + self.processing)
        return bare + rounds * round(ours.calls / self.datasets) * self.call


Value = Callable[[Round], float | None]


def median(rounds: list[Round], value: Value) -> float | None:
    """The median of a value over the repetitions; None where it has none."""
    found = [one for one in map(value, rounds) if one is not None]
    return statistics.median(found) if found else None


def seconds(contestant: str, operation: str) -> Value:
    """The seconds of a contestant, or of the limit, in one repetition."""
    return lambda one: one.seconds(contestant, operation)


def cpu(contestant: str, role: str, operation: str) -> Value:
    """The CPU seconds of a kind of process in one repetition."""
    return lambda one: one.samples[contestant][operation].cpu.get(role, 0.0)


def calls(operation: str, kind: str) -> Value:
    """The `calls` or the `looks` that our provider made for each dataset."""
    return lambda one: getattr(one.samples["ours"][operation], kind) / one.datasets


def ratio(over: str, under: str, operation: str) -> Value:
    """The ratio of the seconds of two contestants in one repetition."""

    def of(one: Round) -> float | None:
        above, below = one.seconds(over, operation), one.seconds(under, operation)
        return None if above is None or below is None else above / below

    return of


def tables(rounds: Mapping[int, list[Round]]) -> Iterator[str]:
    """The lines of a table for each latency (in milliseconds), and of one for the CPU seconds."""
    for latency, repeated in rounds.items():
        first = repeated[0]
        yield f"### {first.datasets} datasets, {latency} ms, {first.processing:g} s of processing"
        yield ""
        yield from _seconds(latency, repeated)
        yield ""
    yield "### CPU seconds"
    yield ""
    yield "| operation | engine | program | provider | bare: engine | program | provider |"
    yield "|---|---|---|---|---|---|---|"
    last = list(rounds.values())[-1]
    for operation, words in OPERATIONS.items():
        cells = [
            _number(median(last, cpu(who, role, operation)))
            for who in ("ours", "bare")
            for role in ("engine", "program", "provider")
        ]
        yield f"| {words} | {' | '.join(cells)} |"


def _seconds(latency: int, rounds: list[Round]) -> Iterator[str]:
    yield (
        "| operation | limit | ours | **ours : limit** | goal | stock provider | stock : ours | script | script : ours "
        "| calls each | looks each |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for operation, words in OPERATIONS.items():
        limit, ours, stock, script = (
            _number(median(rounds, seconds(name, operation))) for name in ("limit", "ours", "stock", "script")
        )
        to_limit, of_stock, of_script = (
            _number(median(rounds, ratio(over, under, operation)), 2)
            for over, under in (("ours", "limit"), ("stock", "ours"), ("script", "ours"))
        )
        goal = str(GOALS.get(operation, "")) if latency == LATENCY_OF_GOALS else ""
        counts = [_number(median(rounds, calls(operation, kind))) for kind in ("calls", "looks")]
        cells = [limit, ours, f"**{to_limit}**", goal, stock, of_stock, script, of_script, *counts]
        yield f"| {words} | {' | '.join(cells)} |"


def _number(value: float | None, digits: int = 1) -> str:
    return "" if value is None else f"{value:.{digits}f}"
