"""The context of one step of a lifecycle: the portal, the resource's name, and ways to print to the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from .intents import Intent
from .ownership import Ownership
from .safeguards import Census, Shown
from .texts import Texts

T = TypeVar("T")


class Api(Protocol):
    """The calls of the portal that lifecycles and handlers make; `client.client.Client` provides them."""

    @property
    def host(self) -> str:
        """The host of the portal, as states contain it."""
        ...

    @property
    def url(self) -> str:
        """The address of the portal."""
        ...

    def redact(self, text: str) -> str:
        """Redact every known secret in a text of the portal's."""
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
        work: str | None = None,
    ) -> tuple[T, bool]:
        """Poll until `done` is true or the time is up; returns the last answer, and whether it was done in time.

        The first poll is at once or, where `work` names a kind of work that has just begun, when it may be over.
        """
        ...

    def get(self, path: str, /, **query: Any) -> Any:
        """Read one resource."""
        ...

    def all(self, path: str, /, **query: Any) -> list[dict[str, Any]]:
        """Read every page of a list."""
        ...

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        look: Callable[[], Any] | None = None,
        is_usable: Callable[[Any], bool] | None = None,
        repeatable: bool = False,
    ) -> Any:
        """Send a write that is not sent again blindly.

        Args:
            path: the endpoint.
            body: the body.
            look: finds what the write created, after a lost response; None if it did not arrive.
            is_usable: whether a response contains what the write created; if it does not, it counts as lost.
            repeatable: whether the write may be sent again without looking.

        Returns:
            The body of the response, or what `look` found.
        """
        ...

    def put(self, path: str, body: Any, *, repeatable: bool = True) -> Any:
        """Send a write that may be repeated, unless its body is valid once."""
        ...

    def delete(self, path: str, /, **query: Any) -> bool:
        """Delete an object; returns whether it existed."""
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
        is_usable: Callable[[Any], bool] | None = None,
        repeatable: bool = True,
    ) -> Any:
        """Upload a file, if its content still has the given hash.

        Args:
            path: the endpoint.
            file: the file on this machine.
            filename: its name on the portal.
            sha256: the hash that its content must have.
            fields: further fields of the form.
            look: finds the upload after a lost response.
            is_usable: whether a response contains the upload; if it does not, it counts as lost.
            repeatable: whether it may be sent again.

        Returns:
            The body of the response.
        """
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
    """The name of the resource in messages: `Dataset "air"`."""

    urn: str = ""
    """The engine's name of the resource; empty where the engine did not give it."""

    is_recorded: bool = False
    """Whether the state contained the resource when the process began: a create then replaces it."""

    ownership: Ownership = field(default_factory=Ownership)
    census: Census = field(default_factory=Census)
    intent: Intent = field(default_factory=Intent)
    """The note of this machine on the create of the resource."""

    is_in_state: Callable[[str], bool] = lambda id: False
    """Whether the stack's state contains this very resource with an id, as far as that can be found out.

    It is expensive, and needed for a noted object alone: a replacement that is forced does not pass the old one.
    """

    was_begun: Callable[[], bool] = lambda: False
    """Whether the stack's state contains a create of this resource that an earlier run began and did not end.

    It is expensive, and needed only where an object without a natural key looks like the desired one.
    """

    texts: Texts = field(default_factory=Texts)
    """The texts of this machine, by which a preview shows what changes."""

    resume: tuple[str, ...] = ()
    """The ids or natural keys of objects that interrupted creates of this stack left, as the user names them."""

    adopt_all: bool = False
    """Whether this whole `up` adopts what exists already."""

    keep_adopted: bool = False
    """Whether what was adopted stays so, although the program does not adopt it."""

    moved_from: tuple[str, ...] = ()
    """The former hosts of the portal: states that contain one of them are of this portal."""

    processing_timeout: float = 600.0
    """The longest wait for a publication, in seconds."""

    again: str = "run `up` again"
    """How the user repeats the step, as messages name it."""

    allow_more_time: str = "raise opendatasoft:processingTimeout"
    """How the user has it wait longer, as messages name it."""

    in_order: Mapping[str, Any] = field(default_factory=dict)
    """The lists whose order does not matter, by property, in the order in which the program has them."""

    root: Path = Path()
    """The program's folder: relative paths of files start here."""

    info: Callable[[str], None] = _discard
    """Prints a line that stays in the output."""

    warn: Callable[[str], None] = _discard
    """Prints a warning that stays in the output."""

    progress: Callable[[str], None] = _discard
    """Prints a line on the resource's own row, which the next one overwrites."""

    shared: Callable[[str], Mapping[str, Any] | None] | None = None
    """Reads an object by its id, possibly from a list that is a few seconds old; None where it does not exist.

    It is for reads of the state alone: a write must not depend on it.
    """

    survey: Callable[[], Shown | None] = _unknown
    """How many objects the portal shows to this API key, requested once a process; None if that is not known."""

    def is_owned(self, owned_as: str, id: str) -> bool:
        """Whether a resource of the program owns an object of this portal."""
        return (self.domain, owned_as, id) in self.ownership

    def is_owned_by_another(self, owned_as: str, id: str) -> bool:
        """Whether a resource of the program other than this one owns an object of this portal."""
        return self.ownership.is_owned_by_another(self.domain, owned_as, id, self.urn)

    @property
    def domain(self) -> str:
        """The host of the portal."""
        return self.api.host
