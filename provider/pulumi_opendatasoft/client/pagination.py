"""The pages of a list: read by offset, and held against the count that the portal gives with each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..errors import Call, NotAPortal

PAGE = 1000
"""Entries per page: the most that the API gives."""

READINGS = 3
"""So often a list is read in all while it changes under the reader."""


class Page(NamedTuple):
    """One page of a list."""

    rows: list[dict[str, Any]]
    total: int | None
    """How many entries the whole list has; None where the portal does not say."""

    goes_on: bool
    """Whether the portal says that another page follows; believed only where it gives no total."""


def page_of(answer: Any, call: Call) -> Page:
    """The page in an answer: an envelope with `results`, or a bare array, which is always the whole list.

    Catalogues of the domain and `guess_*` are bare arrays. `total_count` is a number, but the service's
    description calls it a string, so both are read. Raises NotAPortal for anything else.
    """
    if isinstance(answer, list):
        total: int | None = len(answer)
        rows, goes_on = answer, False
    elif isinstance(answer, dict) and isinstance(answer.get("results"), list):
        rows, total, goes_on = answer["results"], _count(answer.get("total_count")), bool(answer.get("next"))
    else:
        raise NotAPortal(call, "it sent something else where a list belongs", status=200)
    if not all(isinstance(row, dict) for row in rows):
        raise NotAPortal(call, "it sent a list of something else than objects", status=200)
    return Page(rows, total, goes_on)


def every(fetch: Callable[[int], Page], call: Call) -> list[dict[str, Any]]:
    """All entries of a list; `fetch(offset)` reads one page.

    A list that does not hold as many entries as it says, or of which a page does not begin where the last one ended,
    has changed meanwhile, so entries may be missing or doubled: it is read again, since what follows from an absence
    is a second object. Raises NotAPortal if it never stands still.
    """
    said, held = 0, 0
    for _ in range(READINGS):
        rows: list[dict[str, Any]] = []
        page = fetch(0)
        first_total, is_still = page.total, True
        while True:
            rows += page.rows
            if not page.rows or page.total != first_total or not _more(page, len(rows)):
                break
            # The last entry is read once more: another one in its place tells that something before it came or went.
            page = fetch(len(rows) - 1)
            is_still = page.rows[:1] == rows[-1:]
            if not is_still:
                break
            page = page._replace(rows=page.rows[1:])
        if is_still and page.total == first_total and first_total in (None, len(rows)):
            return rows
        said, held = page.total or 0, len(rows)
    reason = f"its list changed, each of {READINGS} times it was read: it says {said} entries and held {held}"
    raise NotAPortal(call, reason, status=200, remedy="If others are at work on the portal, run again later.")


def _more(page: Page, so_far: int) -> bool:
    return page.goes_on if page.total is None else so_far < page.total


def _count(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
