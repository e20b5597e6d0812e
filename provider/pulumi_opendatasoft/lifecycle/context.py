"""The context of one step of a lifecycle: the portal, the resource's name, and ways to print to the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from .ownership import Ownership
from .safeguards import Census, Shown

T = TypeVar("T")


class Api(Protocol):
    """What lifecycles and handlers need of the portal: `client.client.Client` provides it."""

    @property
    def host(self) -> str:
        """The host that states remember."""
        ...

    @property
    def url(self) -> str:
        """The address of the portal."""
        ...

    def redact(self, text: str) -> str:
        """A text of the portal's without any secret."""
        ...

    def is_own_key(self, secret: str) -> bool:
        """Whether this is the API key that the portal is called with."""
        ...

    def post_own_key(self, path: str) -> Any:
        """A search, which changes nothing, for the API key that the portal is called with."""
        ...

    def now(self) -> datetime:
        """The time by the portal's clock, in UTC."""
        ...

    def pause(self, seconds: float) -> None:
        """Wait, by the client's clock."""
        ...

    def wait_until(
        self,
        poll: Callable[[], T],
        done: Callable[[T], bool],
        *,
        timeout: float,
        progress: Callable[[float, T], None] | None = None,
    ) -> tuple[T, bool]:
        """Poll until `done` is true or the time is up; returns the last answer, and whether it was done in time."""
        ...

    def get(self, path: str, /, **query: Any) -> Any:
        """One read."""
        ...

    def all(self, path: str, /, **query: Any) -> list[dict[str, Any]]:
        """Every page of a listing."""
        ...

    def post(
        self, path: str, body: Any = None, *, look: Callable[[], Any] | None = None, repeatable: bool = False
    ) -> Any:
        """A write that is never blindly sent again: `look` finds out whether it arrived."""
        ...

    def put(self, path: str, body: Any, *, repeatable: bool = True) -> Any:
        """A write that may be repeated, unless it holds what is used up by one use."""
        ...

    def delete(self, path: str, /, **query: Any) -> bool:
        """Whether there was something to delete."""
        ...

    def upload(
        self,
        path: str,
        file: Path,
        *,
        filename: str,
        sha256: str | None = None,
        fields: Mapping[str, str] | None = None,
        look: Callable[[], Any] | None = None,
        repeatable: bool = True,
    ) -> Any:
        """A file, sent only if it is still the one with this hash."""
        ...


def _discard(_: str) -> None:
    pass


def _unknown() -> None:
    return None


@dataclass(frozen=True)
class Context:
    """One call of the engine, on one portal, for one resource."""

    api: Api
    who: str
    """How messages call the resource: `Dataset "air"`."""

    urn: str = ""
    """The engine's name of the resource; empty where the engine did not give it."""

    is_recorded: bool = False
    """Whether the resource is in the state already: to create it is then to replace it."""

    ownership: Ownership = field(default_factory=Ownership)
    census: Census = field(default_factory=Census)
    adopt_all: bool = False
    """Whether this whole `up` adopts what exists already."""

    moved_from: tuple[str, ...] = ()
    """Hosts that the portal had before: their states are ours."""

    processing_timeout: float = 600.0
    """Seconds that a publication is waited for."""

    root: Path = Path()
    """The program's folder: relative paths of files start here."""

    info: Callable[[str], None] = _discard
    """Prints a line that stays in the output."""

    warn: Callable[[str], None] = _discard
    """Prints a warning that stays in the output."""

    progress: Callable[[str], None] = _discard
    """Prints a line on the resource's own row, which the next one replaces."""

    shared: Callable[[str], Mapping[str, Any] | None] | None = None
    """A read that may share a list a few seconds old: an id to the object, None for a 404 to the object itself.

    Only for reads of the state: no write is ever decided on it.
    """

    survey: Callable[[], Shown | None] = _unknown
    """How many objects the portal shows to this key, requested once a process; None if that is not known."""

    def is_owned(self, owned_as: str, id: str) -> bool:
        """Whether an object of this portal belongs to a resource that the program still names."""
        return (self.domain, owned_as, id) in self.ownership

    @property
    def domain(self) -> str:
        """The host of the portal."""
        return self.api.host
