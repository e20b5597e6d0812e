"""What one step of a resource's life runs with: the portal, the resource's name, and ways to speak to the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ..client.polling import Clock
from .ownership import Held
from .safeguards import Census

T = TypeVar("T")


class Api(Protocol):
    """What the kernel and the nouns need of the portal; `api.client.Client` is it."""

    @property
    def host(self) -> str:
        """The host that states remember."""
        ...

    @property
    def url(self) -> str:
        """Where people find the portal."""
        ...

    @property
    def clock(self) -> Clock:
        """The time by which the portal is waited for."""
        ...

    def redact(self, text: str) -> str:
        """A text of the portal's without any secret."""
        ...

    def now(self) -> datetime:
        """The time by the portal's clock, in UTC."""
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


def _nobody_listens(_: str) -> None:
    pass


@dataclass(frozen=True)
class Context:
    """One call of the engine, on one portal, for one resource."""

    api: Api
    who: str
    """What messages call the resource: `Dataset "air"`."""

    urn: str = ""
    """The engine's name of the resource; empty where the engine did not tell."""

    is_recorded: bool = False
    """Whether the resource is in the state already: to create it is then to replace it."""

    held: Held = field(default_factory=Held)
    census: Census = field(default_factory=Census)
    adopt_all: bool = False
    """Whether this whole run adopts what exists already."""

    moved_from: tuple[str, ...] = ()
    """Hosts that the portal had before: their states are ours."""

    processing_timeout: float = 600.0
    """Seconds that a publication is waited for."""

    root: Path = Path()
    """The program's folder: relative paths of files start here."""

    say: Callable[[str], None] = _nobody_listens
    """A line that stays in the output."""

    warn: Callable[[str], None] = _nobody_listens
    progress: Callable[[str], None] = _nobody_listens
    """A line on the resource's own row, gone with the next."""

    shared: Callable[[str], Mapping[str, Any] | None] | None = None
    """A read that may share a listing a few seconds old: an id to the object, None for a 404 to itself.

    Only for reads of the state: no write is ever decided on it.
    """

    look_around: Callable[[], Mapping[str, int]] = dict
    """How many objects of each kind the portal shows this key, asked once a process."""

    def is_held(self, held_as: str, id: str) -> bool:
        """Whether an object of this portal belongs to a resource that the program still names."""
        return (self.domain, held_as, id) in self.held

    @property
    def domain(self) -> str:
        """The host of the portal that this run talks to."""
        return self.api.host
