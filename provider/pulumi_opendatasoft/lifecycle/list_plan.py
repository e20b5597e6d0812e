"""The least calls that turn a live stack into the wanted one: PUT in place, DELETE anywhere, POST only at the end."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

L = TypeVar("L")
W = TypeVar("W")

SMALL: Final = 40_000
"""Pairs of a live and a wanted entry up to which two plans are made and the better one taken."""


@dataclass(frozen=True)
class Plan:
    """What to do: positions in the live stack and in the wanted one."""

    puts: tuple[tuple[int, int], ...] = ()
    """(live, wanted): this entry becomes that one, in its place."""

    deletes: tuple[int, ...] = ()
    posts: tuple[int, ...] = field(default=())
    """Wanted entries to append, in this order."""

    @property
    def calls(self) -> int:
        """How many calls it takes."""
        return len(self.puts) + len(self.deletes) + len(self.posts)


def plan(
    live: Sequence[L],
    wanted: Sequence[W],
    *,
    same: Callable[[L, W], bool],
    alike: Callable[[L, W], bool],
    conflict: Callable[[W, W], bool] | None = None,
) -> Plan:
    """The least plan; where only some order matters, in a few cases of a hundred a call or two more than the least.

    `same` says that an entry is as wanted, `alike` that a PUT can make it so. `conflict` says of two wanted entries
    that their order matters; left out, every order matters.
    """
    if conflict is None:
        return _in_this_order(live, wanted, same, alike)
    loose, least = _where_order_matters(live, wanted, same, alike, conflict)
    if loose.calls == least or len(live) * len(wanted) > SMALL:
        return loose
    return min(loose, _in_this_order(live, wanted, same, alike), key=lambda found: found.calls)


def _where_order_matters(
    live: Sequence[L],
    wanted: Sequence[W],
    same: Callable[[L, W], bool],
    alike: Callable[[L, W], bool],
    conflict: Callable[[W, W], bool],
) -> tuple[Plan, int]:
    """What is there stays, unless it must come after something that can only be appended: then it is as well.

    Returns the plan, and how many calls no plan could do without.
    """
    stands, missing = _found(live, wanted, same)
    least = max(stands.count(None), len(missing))
    moved = _must_move([j for j in stands if j is not None], missing, wanted, conflict)
    stands = [None if j in moved else j for j in stands]
    posts: list[int] = []
    for j in sorted(moved):
        place = _room_for(j, stands, posts, live, wanted, same, alike, conflict)
        if place is None:
            posts.append(j)
        else:
            stands[place] = j
    puts = [(place, j) for place, j in enumerate(stands) if j is not None and not same(live[place], wanted[j])]
    deletes = [place for place, j in enumerate(stands) if j is None]
    return Plan(tuple(puts), tuple(deletes), tuple(posts)), least


def _found(live: Sequence[L], wanted: Sequence[W], same: Callable[[L, W], bool]) -> tuple[list[int | None], list[int]]:
    """For each live entry the wanted one that it is already, and the wanted ones that are not there."""
    missing = list(range(len(wanted)))
    stands: list[int | None] = []
    for entry in live:
        match = next((j for j in missing if same(entry, wanted[j])), None)
        stands.append(match)
        if match is not None:
            missing.remove(match)
    return stands, missing


def _must_move(
    there: Sequence[int], missing: Sequence[int], wanted: Sequence[W], conflict: Callable[[W, W], bool]
) -> set[int]:
    """The missing entries, and those that would stand before one that must come first if these were appended."""
    moved = set(missing)
    if any(a > b for a, b in itertools.pairwise(there)):
        moved |= {
            later
            for place, later in enumerate(there)
            if any(j < later and conflict(wanted[later], wanted[j]) for j in there[place + 1 :])
        }
    waiting = list(moved)
    while waiting:
        first = waiting.pop()
        after = [j for j in there if j > first and j not in moved and conflict(wanted[j], wanted[first])]
        moved.update(after)
        waiting += after
    return moved


def _room_for(
    j: int,
    stands: Sequence[int | None],
    posts: Sequence[int],
    live: Sequence[L],
    wanted: Sequence[W],
    same: Callable[[L, W], bool],
    alike: Callable[[L, W], bool],
    conflict: Callable[[W, W], bool],
) -> int | None:
    """The place of an entry that is no longer wanted, which this one could take; None where it must be appended."""
    if any(conflict(wanted[k], wanted[j]) for k in posts):
        return None
    # What must come after it stands nowhere yet: it was moved, and is given a place later.
    prior = [place for place, k in enumerate(stands) if k is not None and conflict(wanted[k], wanted[j])]
    free = [place for place in range(max(prior, default=-1) + 1, len(stands)) if stands[place] is None]
    unchanged = [place for place in free if same(live[place], wanted[j])]
    return next(iter(unchanged or [place for place in free if alike(live[place], wanted[j])]), None)


def _in_this_order(
    live: Sequence[L], wanted: Sequence[W], same: Callable[[L, W], bool], alike: Callable[[L, W], bool]
) -> Plan:
    """Dynamic programming over (live entries gone through, wanted entries placed); the rest is appended."""
    start = 0
    while start < min(len(live), len(wanted)) and same(live[start], wanted[start]):
        start += 1
    old, new = live[start:], wanted[start:]
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
    posts = tuple(range(start + placed, len(wanted)))
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
