"""The pages of a list, read by offset and checked against the count that each page contains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..errors import Call, NotAPortal
from .portal_values import count

PAGE = 1000
"""Entries per page: the API's maximum."""

READINGS = 3
"""So often in all is a list read that changes meanwhile."""

MOST_ENTRIES = 100_000
"""Entries of one list: more than any portal has datasets."""

MOST_BYTES = 200_000_000
"""Bytes of all pages of one list, unpacked."""

MOST_PAGES = 500
"""Pages of one list, for a portal that sends fewer entries on each than were requested."""


class Page(NamedTuple):
    """One page of a list."""

    rows: list[dict[str, Any]]
    total: int | None
    """The number of entries of the whole list; None where the response has none."""

    has_next: bool
    """Whether the response links to a next page; used only where `total` is None."""

    size: int = 0
    """The bytes of the response."""


def page_of(response: Any, call: Call, size: int = 0) -> Page:
    """Return the page in a response: an envelope with `results`, or a bare array, which is always the whole list.

    Catalogues of the domain and `guess_*` are bare arrays. `total_count` is a number, but the service's description
    calls it a string, so both are read. Raises NotAPortal for any other response.
    """
    if isinstance(response, list):
        total: int | None = len(response)
        rows, has_next = response, False
    elif isinstance(response, dict) and isinstance(response.get("results"), list):
        rows, total, has_next = response["results"], count(response.get("total_count")), bool(response.get("next"))
    else:
        raise NotAPortal(call, "it sent something else where a list belongs", status=200)
    if not all(isinstance(row, dict) for row in rows):
        raise NotAPortal(call, "it sent a list of something else than objects", status=200)
    return Page(rows, total, has_next, size)


def read_all(fetch: Callable[[int], Page], call: Call) -> list[dict[str, Any]]:
    """Return all entries of a list; `fetch(offset)` reads one page.

    A list has changed meanwhile if it does not have as many entries as its `total`, or if a page does not begin where
    the last one ended. Entries may then be missing or doubled, so it is read again: an object that is wrongly taken
    for absent would be created twice. Raises NotAPortal if the list changes in each of the READINGS, and for one with
    more entries, pages or bytes than it may have.
    """
    total, number = 0, 0
    for _ in range(READINGS):
        rows: list[dict[str, Any]] = []
        page = fetch(0)
        first_total, is_unchanged = page.total, True
        pages, size = 1, page.size
        while True:
            rows += page.rows
            _refuse_endless(max(len(rows), page.total or 0), pages, size, call)
            if not page.rows or page.total != first_total or not _has_more(page, len(rows)):
                break
            # The last entry is read once more: if another is in its place, an entry before it was added or removed.
            page = fetch(len(rows) - 1)
            pages, size = pages + 1, size + page.size
            is_unchanged = page.rows[:1] == rows[-1:]
            if not is_unchanged:
                break
            page = page._replace(rows=page.rows[1:])
        if is_unchanged and page.total == first_total and first_total in (None, len(rows)):
            return rows
        total, number = page.total or 0, len(rows)
    reason = f"its list changed, each of {READINGS} times it was read: it should have {total} entries and had {number}"
    raise NotAPortal(call, reason, status=200, remedy="If others are at work on the portal, run again later.")


def _has_more(page: Page, read: int) -> bool:
    return page.has_next if page.total is None else read < page.total


def _refuse_endless(entries: int, pages: int, size: int, call: Call) -> None:
    if entries > MOST_ENTRIES:
        reason = f"its list has more than {MOST_ENTRIES:,} entries"
    elif pages > MOST_PAGES:
        reason = f"its list does not end after {MOST_PAGES} pages"
    elif size > MOST_BYTES:
        reason = f"its list has more than {MOST_BYTES / 1e6:g} MB"
    else:
        return
    raise NotAPortal(call, reason, status=200, beyond_limit=True)
