"""The command `plan-cost`: how many calls of the portal an `up` will make, by its preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from ..dry_run.cost import Calls, Cost, Row, cost_of
from ..dry_run.preview import NotAPreview, concurrency_in, steps_in
from ..dry_run.run import PROCESSING
from ..errors import ArgumentError
from . import states
from .exit_codes import ExitCode
from .group import PASS_SESSION, Command
from .session import Session

COLUMNS = {
    "step": "step",
    "resource": "resource",
    "reads": "reads",
    "writes": "writes",
    "uploads": "uploads",
    "publications": "publications",
    "looks": "looks",
}
AT_ONCE = 8
"""The default of `opendatasoft:maxConcurrency`."""

LATENCY = 0.3
"""Seconds that a call of a hosted portal is taken to last."""


@click.command(
    "plan-cost",
    cls=Command,
    example="opendatasoft plan-cost plan.json --most 2000\npulumi preview --json | opendatasoft plan-cost -",
)
@click.argument("file")
@click.option("--latency", type=float, default=LATENCY, show_default=True, help="Seconds that one call takes.")
@click.option("--at-once", type=int, help="Calls at once; left out, the stack's `opendatasoft:maxConcurrency`, or 8.")
@click.option(
    "--processing", type=float, default=PROCESSING, show_default=True, help="Seconds that one publication takes."
)
@click.option("--quota", type=int, help="The calls that the portal's plan has a day.")
@click.option("--most", type=int, help="Exit with 3 if the `up` may make more calls than this.")
@PASS_SESSION
def plan_cost(
    session: Session,
    file: str,
    latency: float,
    at_once: int | None,
    processing: float,
    quota: int | None,
    most: int | None,
) -> int:
    """Count the calls that the `up` of a preview will make. No call is made.

    FILE is the output of `pulumi preview --json`, or - for standard input. Reads, writes and uploads are those of the
    provider's own code; how often it looks at a publication depends on how long that takes.
    """
    if latency < 0 or processing <= 0 or (at_once is not None and at_once < 1):
        raise click.UsageError("--latency, --processing and --at-once are positive numbers")
    try:
        text = states.text_of(file)
        cost = cost_of(steps_in(text), processing)
        at_once = at_once or concurrency_in(text) or AT_ONCE
    except NotAPreview as error:
        raise ArgumentError(f"{file}: {error}") from None
    seconds = cost.seconds(latency, at_once)
    is_too_much = most is not None and (cost.total.most > most or bool(cost.unknown))
    if session.as_json:
        session.done("", _as_json(cost, seconds, quota))
        return ExitCode.DIFFERENT if is_too_much else ExitCode.DONE
    rows = [_cells(row) for row in cost.rows if row.calls.most]
    session.table(rows, COLUMNS, empty="the `up` makes no call")
    click.echo(_sentence(cost, seconds, latency, at_once))
    if quota:
        click.echo(f"{100 * cost.total.most / quota:.1f} % of a quota of {quota:,} calls a day")
    for row in cost.rows:
        for note in (*row.notes, *([row.failure] if row.failure else [])):
            session.warn(f"{row.kind} {row.name}: {note}")
    if is_too_much:
        session.error(f"that may be more than {most:,} calls")
    return ExitCode.DIFFERENT if is_too_much else ExitCode.DONE


def _cells(row: Row) -> dict[str, Any]:
    return {"step": row.op, "resource": f"{row.kind} {row.name}", **_numbers(row.calls)}


def _numbers(calls: Calls) -> Mapping[str, int]:
    return {name: getattr(calls, name) for name in ("reads", "writes", "uploads", "publications", "looks")}


def _sentence(cost: Cost, seconds: float, latency: float, at_once: int) -> str:
    total = cost.total
    files = f" ({total.bytes / 1e6:,.1f} MB)" if total.bytes else ""
    looks = f", and about {total.looks:,} looks at publications of {cost.processing:g} s" if total.looks else ""
    least = " at least" if cost.unknown else ""
    return (
        f"{_count(total.certain, 'call')}{least}: {_count(total.reads, 'read')}, {_count(total.writes, 'write')}, "
        f"{_count(total.uploads, 'upload')}"
        f"{files}{looks}. At {latency:g} s a call and {at_once} at once some {_time(seconds)}"
    )


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _as_json(cost: Cost, seconds: float, quota: int | None) -> dict[str, Any]:
    return {
        "calls": cost.total.certain,
        "most": cost.total.most,
        **_numbers(cost.total),
        "upload_bytes": cost.total.bytes,
        "seconds": round(seconds, 1),
        "quota_share": cost.total.most / quota if quota else None,
        "unknown": [{"resource": row.urn, "reason": row.failure} for row in cost.unknown],
        "resources": [
            {"step": row.op, "urn": row.urn, **_numbers(row.calls), "notes": list(row.notes)} for row in cost.rows
        ],
    }
