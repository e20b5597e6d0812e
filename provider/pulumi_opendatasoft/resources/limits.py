"""Limits on the number of API calls: of users, of groups and of the readers of a dataset."""

from __future__ import annotations

from typing import Literal

from ..program.descriptors import Member, member
from ..program.value import Value


class Quota(Value):
    """A number of calls per unit of time."""

    limit: Member[int] = member()
    """The number of calls."""

    unit: Member[Literal["second", "minute", "hour", "day", "month", "year"] | str] = member()
    """The unit of time."""


class ExploreLimits(Value):
    """Limits of the Explore API, by which readers and applications read the portal."""

    api_calls: Member[Quota | None] = member(default=None, null=True)
    """The number of calls. Left out, there is no limit."""
