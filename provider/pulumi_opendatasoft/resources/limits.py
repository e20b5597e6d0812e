"""How many calls a user, a group or a reader of a dataset may make."""

from __future__ import annotations

from typing import Literal

from ..program.descriptors import Member, member
from ..program.value import Value


class Quota(Value):
    """A number of calls in a unit of time."""

    limit: Member[int] = member()
    """How many calls."""

    unit: Member[Literal["second", "minute", "hour", "day", "month", "year"] | str] = member()
    """In what time."""


class ExploreLimits(Value):
    """What the Explore API, which readers of the portal call, allows."""

    api_calls: Member[Quota | None] = member(default=None, null=True)
    """How many calls; left out, there is no limit."""
