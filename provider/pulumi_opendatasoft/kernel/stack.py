"""The least calls that turn a live stack into the wanted one: PUT in place, DELETE anywhere, POST only at the end."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

L = TypeVar("L")
W = TypeVar("W")


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
    """The least plan.

    `same` says that an entry is as wanted, `alike` that a PUT can make it so. `conflict` says of two wanted entries
    that their order matters; left out, every order matters.
    """
    if conflict is not None:
        free, order = _in_any_order(live, wanted, same, alike)
        if _keeps_order(order, wanted, conflict):
            return free
    return _in_this_order(live, wanted, same, alike)


def _in_any_order(
    live: Sequence[L], wanted: Sequence[W], same: Callable[[L, W], bool], alike: Callable[[L, W], bool]
) -> tuple[Plan, list[int]]:
    """What is there stays, what is not is put where something of its type is no longer wanted, else appended.

    Returns the plan, and the wanted entries in the order in which the stack then holds them.
    """
    pending = list(range(len(wanted)))
    becomes: list[int | None] = []
    for entry in live:
        match = next((j for j in pending if same(entry, wanted[j])), None)
        becomes.append(match)
        if match is not None:
            pending.remove(match)
    puts: list[tuple[int, int]] = []
    for position, entry in enumerate(live):
        if becomes[position] is not None:
            continue
        match = next((j for j in pending if alike(entry, wanted[j])), None)
        if match is not None:
            puts.append((position, match))
            pending.remove(match)
            becomes[position] = match
    deletes = tuple(position for position, match in enumerate(becomes) if match is None)
    order = [match for match in becomes if match is not None] + pending
    return Plan(tuple(puts), deletes, tuple(pending)), order


def _keeps_order(order: Sequence[int], wanted: Sequence[W], conflict: Callable[[W, W], bool]) -> bool:
    """Whether every two entries whose order matters stand as the program wrote them."""
    if all(a < b for a, b in itertools.pairwise(order)):
        return True
    return not any(
        later < earlier and conflict(wanted[later], wanted[earlier])
        for place, earlier in enumerate(order)
        for later in order[place + 1 :]
    )


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
