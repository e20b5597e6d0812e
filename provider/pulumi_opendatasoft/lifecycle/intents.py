"""The intent to create an object, noted before its POST, so that the object of an interrupted `up` is recognised."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LATEST = timedelta(minutes=10)
"""How long after the intent an object may have been created by it: all tries of one POST, with their waits."""

DATE = len("2026-01-01")


@dataclass(frozen=True)
class Begun:
    """A create that was begun. No state is known to contain its object."""

    at: datetime
    """The time right before the POST, by the portal's clock."""

    key: str = ""
    """The digest of the natural key."""

    known: tuple[str, ...] = ()
    """The digests of the ids of objects like this one that existed already, by a look-up right before."""

    made: str = ""
    """The digest of the object's id; empty while the portal has not answered."""

    created_at: str = ""
    """The object's time of creation, as the portal answered; empty where it returns none."""

    id: str = ""
    """The object's id; empty where it is private, as an e-mail address is."""

    def is_of(self, id: str, created_at: object) -> bool:
        """Whether an object is the one that the create made; one made later under the same id is another."""
        if not self.made or self.made != digest_of(id):
            return False
        one, other = _moment(self.created_at), _moment(created_at)
        if one is None or other is None:
            return True
        if DATE in (len(self.created_at), len(str(created_at))):
            return one.date() == other.date()
        return one.replace(microsecond=0) == other.replace(microsecond=0)

    def may_be_of(self, id: str, created_at: object, key: str, now: datetime) -> bool:
        """Whether the create may have made an object that did not exist before. (No answer was received.)

        Args:
            id: the object's id.
            created_at: its time of creation; None where the portal returns none.
            key: its natural key. An object without a time is believed if the look-up was for the same key, while it
                cannot be older than `LATEST` either.
            now: the present time by the portal's clock.
        """
        if digest_of(id) in self.known:
            return False
        moment = _moment(created_at)
        if moment is None:
            return self.key == digest_of(key) and now <= self.at + LATEST
        if len(str(created_at)) == DATE:
            return self.at.date() <= moment.date() <= (self.at + LATEST).date()
        return self.at.replace(microsecond=0) <= moment <= self.at + LATEST


class Intent:
    """The note on the create of one resource. This class keeps none: for a process without a journal."""

    def begun(self) -> Begun | None:
        """The create that an earlier run of this resource began; None where there is none."""
        return None

    def others(self) -> Collection[str]:
        """The digests of the ids of objects that the creates of other resources are known to have made."""
        return ()

    def begin(self, at: datetime, key: str, known: Iterable[str]) -> None:
        """Note the intent, right before the POST.

        Args:
            at: the time by the portal's clock.
            key: the natural key, as messages describe it.
            known: the ids of the objects like this one that exist already.
        """

    def made(self, id: str, created_at: object, *, is_private: bool) -> None:
        """Note which object was made, if the intent is noted.

        Args:
            id: the id of the object.
            created_at: its time of creation; None where the portal returns none.
            is_private: whether the id must not be noted itself.
        """

    def drop(self) -> None:
        """Remove the note: nothing was made."""

    def recorded(self, id: str) -> None:
        """Remove the note if it is on this object, which the state contains."""


def digest_of(id: str) -> str:
    """The digest of an id, whose upper and lower case is ignored, as in an e-mail address."""
    return hashlib.sha256(id.lower().encode()).hexdigest()[:32]


def is_since(moment: object, began: datetime) -> bool:
    """Whether a time of the portal's is not before another one.

    Args:
        moment: an ISO 8601 time or date; a time without an offset is in UTC.
        began: the other time. It is compared in whole seconds, or with a date in whole days.
    """
    parsed = _moment(moment)
    if parsed is None:
        return False
    if len(str(moment)) == DATE:
        return parsed.date() >= began.date()
    return parsed >= began.replace(microsecond=0)


def _moment(text: object) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
