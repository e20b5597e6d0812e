"""The plan by which an actual list becomes the desired one with the fewest calls.

A PUT changes an entry in its position, a DELETE removes any entry, and a POST only appends.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

A = TypeVar("A")
D = TypeVar("D")

SMALL: Final = 40_000
"""Up to this product of the lengths of both lists, two plans are made and the better one is taken."""


@dataclass(frozen=True)
class Plan:
    """The calls, by positions in the actual list and in the desired one."""

    puts: tuple[tuple[int, int], ...] = ()
    """(actual, desired): the actual entry becomes the desired one, in its position."""

    deletes: tuple[int, ...] = ()
    """Actual entries to delete."""

    posts: tuple[int, ...] = field(default=())
    """Desired entries to append, in this order."""

    @property
    def calls(self) -> int:
        """The number of calls."""
        return len(self.puts) + len(self.deletes) + len(self.posts)


def plan(
    actual: Sequence[A],
    desired: Sequence[D],
    *,
    same: Callable[[A, D], bool],
    alike: Callable[[A, D], bool],
    conflict: Callable[[D, D], bool] | None = None,
) -> Plan:
    """Plan the calls.

    Args:
        actual: the list on the portal.
        desired: the list of the program.
        same: whether an actual entry is as desired.
        alike: whether a PUT can make it so.
        conflict: whether the order of two desired entries matters; without it, every order matters.

    Returns:
        The plan with the fewest calls. With `conflict`, a few plans of a hundred have a call or two more than that.
    """
    lists = _Lists(actual, desired, same, alike)
    if conflict is None:
        return _in_this_order(lists)
    loose, least = _where_order_matters(lists, conflict)
    if loose.calls == least or len(actual) * len(desired) > SMALL:
        return loose
    return min(loose, _in_this_order(lists), key=lambda found: found.calls)


@dataclass(frozen=True)
class _Lists(Generic[A, D]):
    """The two lists, and how their entries are compared."""

    actual: Sequence[A]
    desired: Sequence[D]
    same: Callable[[A, D], bool]
    alike: Callable[[A, D], bool]


def _where_order_matters(lists: _Lists[A, D], conflict: Callable[[D, D], bool]) -> tuple[Plan, int]:
    """Keep the entries that are as desired, unless one must come after an entry that can only be appended.

    Returns the plan, and a number of calls that every plan needs.
    """
    positions, missing = _found(lists)
    least = max(positions.count(None), len(missing))
    moved = _must_move([j for j in positions if j is not None], missing, lists.desired, conflict)
    positions = [None if j in moved else j for j in positions]
    posts: list[int] = []
    for j in sorted(moved):
        position = _room_for(j, positions, posts, lists, conflict)
        if position is None:
            posts.append(j)
        else:
            positions[position] = j
    assigned = [(i, j) for i, j in enumerate(positions) if j is not None]
    puts = [(i, j) for i, j in assigned if not lists.same(lists.actual[i], lists.desired[j])]
    deletes = [i for i, j in enumerate(positions) if j is None]
    return Plan(tuple(puts), tuple(deletes), tuple(posts)), least


def _found(lists: _Lists[A, D]) -> tuple[list[int | None], list[int]]:
    """For each actual entry the desired one that it already is, and the desired entries that do not exist."""
    missing = list(range(len(lists.desired)))
    positions: list[int | None] = []
    for entry in lists.actual:
        match = next((j for j in missing if lists.same(entry, lists.desired[j])), None)
        positions.append(match)
        if match is not None:
            missing.remove(match)
    return positions, missing


def _must_move(
    existing: Sequence[int], missing: Sequence[int], desired: Sequence[D], conflict: Callable[[D, D], bool]
) -> set[int]:
    """The desired entries that cannot stay where they are: the missing ones, and those that must come after these.

    Args:
        existing: the desired entries that exist, in the order of the actual list.
        missing: the desired entries that do not exist.
        desired: the list of the program.
        conflict: whether the order of two desired entries matters.
    """
    moved = set(missing)
    if any(a > b for a, b in itertools.pairwise(existing)):
        moved |= {
            later
            for i, later in enumerate(existing)
            if any(j < later and conflict(desired[later], desired[j]) for j in existing[i + 1 :])
        }
    waiting = list(moved)
    while waiting:
        first = waiting.pop()
        after = [j for j in existing if j > first and j not in moved and conflict(desired[j], desired[first])]
        moved.update(after)
        waiting += after
    return moved


def _room_for(
    j: int,
    positions: Sequence[int | None],
    posts: Sequence[int],
    lists: _Lists[A, D],
    conflict: Callable[[D, D], bool],
) -> int | None:
    """Find the position of an undesired entry that a desired one can take.

    Args:
        j: the desired entry.
        positions: for each actual entry the desired one that it is or becomes.
        posts: the desired entries before this one that are to be appended.
        lists: both lists.
        conflict: whether the order of two desired entries matters.

    Returns:
        The position; None where the entry must be appended.
    """
    if any(conflict(lists.desired[k], lists.desired[j]) for k in posts):
        return None
    # The entries that must come after it have no position yet: they were moved as well, and are placed later.
    before = [i for i, k in enumerate(positions) if k is not None and conflict(lists.desired[k], lists.desired[j])]
    free = [i for i in range(max(before, default=-1) + 1, len(positions)) if positions[i] is None]
    unchanged = [i for i in free if lists.same(lists.actual[i], lists.desired[j])]
    return next(iter(unchanged or [i for i in free if lists.alike(lists.actual[i], lists.desired[j])]), None)


def _in_this_order(lists: _Lists[A, D]) -> Plan:
    """Plan by dynamic programming over (actual entries passed, desired entries placed); the others are appended."""
    actual, desired, same, alike = lists.actual, lists.desired, lists.same, lists.alike
    start = 0
    while start < min(len(actual), len(desired)) and same(actual[start], desired[start]):
        start += 1
    old, new = actual[start:], desired[start:]
    height, width = len(old), len(new)
    endless = height + width + 1
    cost = [[endless] * (width + 1) for _ in range(height + 1)]
    cost[0][0] = 0
    for i in range(height):
        row, below = cost[i], cost[i + 1]
        for j in range(width + 1):
            so_far = row[j]
            if so_far >= endless:
                continue
            below[j] = min(below[j], so_far + 1)
            if j < width:
                if same(old[i], new[j]):
                    below[j + 1] = min(below[j + 1], so_far)
                elif alike(old[i], new[j]):
                    below[j + 1] = min(below[j + 1], so_far + 1)
    placed = min(range(width + 1), key=lambda j: cost[height][j] + width - j)
    posts = tuple(range(start + placed, len(desired)))
    puts: list[tuple[int, int]] = []
    deletes: list[int] = []
    j = placed
    for i in range(height, 0, -1):
        here = cost[i][j]
        if j and same(old[i - 1], new[j - 1]) and here == cost[i - 1][j - 1]:
            j -= 1
        elif j and alike(old[i - 1], new[j - 1]) and here == cost[i - 1][j - 1] + 1:
            puts.append((start + i - 1, start + j - 1))
            j -= 1
        else:
            deletes.append(start + i - 1)
    return Plan(tuple(reversed(puts)), tuple(reversed(deletes)), posts)
