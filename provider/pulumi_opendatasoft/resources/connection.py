"""Connections: the servers from which datasets read, and how the portal logs in there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from ..kernel.declare import Resource, Value
from ..kernel.lifecycle import Lifecycle
from ..kernel.outcome import State
from ..kernel.run import Run
from ..kernel.shape import Slot
from ..kernel.slots import MapProp, Member, Prop, computed, member, prop
from . import headers


class BasicAuth(Value):
    """A user name and a password."""

    type: Member[Literal["basic_auth"]] = member(default="basic_auth")
    """What kind of login it is."""

    username: Member[str] = member()
    """The name with which the portal logs in."""

    password: Member[str] = member(secret=True, write_only=True)
    """The password; the portal never tells it again, so a change made in the back office is not seen."""


class ConnectionLife(Lifecycle):
    """A connection has no name: it is known by its server and by the name with which it logs in."""

    adopts_by_id = True

    @property
    def noun(self) -> str:
        """What messages call it."""
        return f"{self.it.constants['type']} connection"

    def key_words(self, asked: State) -> str:
        """`a http connection to "https://…" as "user"`."""
        name = _login(asked.get("auth"))
        return f'a {self.noun} to "{asked.get("url")}"' + (f' as "{name[1]}"' if name else " without a login")

    def existing(self, run: Run, asked: State) -> list[Mapping[str, Any]]:
        """The connections to this server with this login, newest first."""
        wanted = (self.it.constants["type"], asked.get("url"), _login(asked.get("auth")))
        every = run.api.all("/datasource_connections/", sort="-created_at")
        return [c for c in every if (c.get("type"), c.get("url"), _login(c.get("auth"))) == wanted]

    def is_in_the_way(self, found: Mapping[str, Any], asked: State) -> bool:
        """An equal connection that datasets use is somebody's; an equal one without use is what a dead run left."""
        names = set(headers.mapping(found.get("headers")) or {})
        return not found.get("dataset_count") and names == set(asked.get("headers") or {})

    def body(self, asked: State, before: State | None = None) -> dict[str, Any]:
        """The connection on the wire, always with its secrets: whether the portal keeps them otherwise is unknown."""
        body = super().body(asked, before)
        if isinstance(body.get("headers"), Mapping):
            body["headers"] = headers.pairs(body["headers"])
        return body

    def tell(self, run: Run, answer: Mapping[str, Any], slot: Slot) -> Any:
        """What an answer says of one property."""
        return headers.mapping(answer.get("headers")) if slot.name == "headers" else super().tell(run, answer, slot)


def _login(auth: Any) -> tuple[str, str] | None:
    if not isinstance(auth, Mapping):
        return None
    return str(auth.get("type")), str(auth.get("username") or auth.get("client_id") or "")


class HTTPConnection(
    Resource,
    path="/datasource_connections/{uid}/",
    constants={"type": "http"},
    natural_key=("url", "auth"),
    lifecycle=ConnectionLife,
):
    """A web server from which datasets read their files."""

    url: Prop[str] = prop()
    """The server's address; a source adds its own `relative_url`."""

    headers: MapProp[str] = prop(default=None, secret=True)
    """HTTP headers sent with every request, by name. They are often tokens, so their values are kept secret."""

    auth: Prop[BasicAuth | None] = prop(default=None, null=True)
    """How the portal logs in; left out at creation, it does not."""

    is_reusable: Prop[bool] = prop(default=True)
    """Whether several datasets may use it."""

    uid: Prop[str] = computed(is_id=True)
    """The portal's own identifier, by which sources name the connection."""

    created_at: Prop[str] = computed()
    """When the connection was made."""
