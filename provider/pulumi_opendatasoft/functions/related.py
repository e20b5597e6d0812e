"""The small parts that many answers have: a user or group by its identifier, limits, a schedule."""

from __future__ import annotations

from .info import Info


class RelatedUser(Info):
    """The user that an object names: who made it, who changed it, to whom it belongs."""

    username: str


class RelatedGroup(Info):
    """The group that an object names."""

    uid: str


class QuotaInfo(Info):
    """A number of calls in a unit of time."""

    limit: float | None
    unit: str | None


class ExploreLimitsInfo(Info):
    """The limits of a user or group at the Explore API."""

    api_calls: QuotaInfo | None


class SecurityInfo(Info):
    """The data of a dataset that are visible: by default, to a user, or to a group."""

    is_data_visible: bool | None
    visible_fields: list[str] | None
    filter_query: str | None
    api_calls_quota: QuotaInfo | None
