"""Connections to servers: what every connection has, and those that are reached by an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..kernel import compare
from ..kernel.declare import Resource
from ..kernel.lifecycle import Lifecycle
from ..kernel.outcome import State
from ..kernel.run import Run
from ..kernel.shape import Object, OneOf, Slot
from ..kernel.slots import ListProp, MapProp, Prop, computed, prop
from . import headers
from .access import GroupAccess, GroupRules, UserAccess, UserRules
from .auth import BasicAuth, OAuth2Auth, OIDCAuth

COLLECTION = "/datasource_connections/"
LOGINS = ("username", "client_id", "access_key_id", "account_name")
"""The member of each login that is a name, by which the connection is found again."""


class ConnectionUserRules(UserRules):
    """Rules for users of a connection."""

    collection = "datasource_connections"


class ConnectionGroupRules(GroupRules):
    """Rules for groups of users of a connection."""

    collection = "datasource_connections"


class ConnectionLife(Lifecycle):
    """A connection has no name: it is known by its server and by the name with which it logs in."""

    section_types = (ConnectionUserRules, ConnectionGroupRules)
    adopts_by_id = True

    @property
    def noun(self) -> str:
        """What messages call it."""
        return "connection"

    def key_words(self, asked: State) -> str:
        """`a connection to "https://…" as "user"`."""
        name = _login(asked.get("auth"))
        return f'a connection to "{asked.get("url")}"' + (f' as "{name[1]}"' if name else " without a login")

    def existing(self, run: Run, asked: State) -> list[Mapping[str, Any]]:
        """The connections to this server with this login, newest first; one without a login's name has no key."""
        login = _login(asked.get("auth"))
        if not self.it.natural_key or (login and not login[1]):
            return []
        wanted = (self.type_of(asked), asked.get("url"), login)
        every = run.api.all(COLLECTION, sort="-created_at")
        return [c for c in every if (c.get("type"), c.get("url"), _login(c.get("auth"))) == wanted]

    def type_of(self, asked: State) -> Any:
        """The API's word for the kind."""
        return self.it.constants.get("type")

    def is_in_the_way(self, run: Run, found: Mapping[str, Any], asked: State) -> bool:
        """An equal connection that datasets use is somebody's; an equal one without use is what a dead run left.

        One that is to be replaced stands beside its successor until the datasets have gone over to that.
        """
        if run.is_recorded:
            return False
        names = set(headers.mapping(found.get("headers")) or {})
        return not found.get("dataset_count") and names == set(asked.get("headers") or {})

    def make(self, run: Run, asked: State, known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Create it. After a lost call, one of this kind that is new, unused and nobody else's is the one."""
        began = run.api.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        ids = {self.id_of(there) for there in known}

        def look() -> Mapping[str, Any] | None:
            newest: list[dict[str, Any]] = run.api.all(COLLECTION, sort="-created_at")
            for there in newest:
                is_new = str(there.get("created_at")) >= began and self.id_of(there) not in ids
                is_free = not there.get("dataset_count") and not run.is_held(self.held_as, self.id_of(there))
                alike = (there.get("type"), there.get("url")) == (self.type_of(asked), asked.get("url"))
                if is_new and is_free and alike:
                    return there
            return None

        answer: Mapping[str, Any] = run.api.post(COLLECTION, self.body(self.defaults() | asked), look=look)
        return answer

    def body(self, asked: State, before: State | None = None) -> dict[str, Any]:
        """The connection on the wire, always with its secrets: whether the portal keeps them otherwise is unknown.

        A consent that was used up leaves nothing to say: then the login stays as it is.
        """
        body = super().body(asked, before)
        if isinstance(body.get("headers"), Mapping):
            body["headers"] = headers.pairs(body["headers"])
        if before and before.get("auth") and asked.get("auth"):
            slot = self.it.shape["auth"]
            if compare.same(slot, before["auth"], asked["auth"]) and _is_used_up(slot, asked["auth"]):
                body.pop("auth", None)
        return body

    def tell(self, run: Run, answer: Mapping[str, Any], slot: Slot) -> Any:
        """What an answer says of one property; what the portal keeps within the login is lifted out of it."""
        if slot.name == "headers":
            return headers.mapping(answer.get("headers"))
        if slot.behaviour.computed and slot.name not in answer and isinstance(answer.get("auth"), Mapping):
            return answer["auth"].get(slot.name)
        return super().tell(run, answer, slot)


def _is_used_up(slot: Slot, auth: Mapping[str, Any]) -> bool:
    """Whether a login consists of what is sent once, and of no secret besides."""
    kind = slot.kind.pick(auth) if isinstance(slot.kind, OneOf) else slot.kind
    if not isinstance(kind, Object):
        return False
    told = [kind.shape[name].behaviour for name in auth if name in kind.shape]
    return any(b.once for b in told) and not any(b.write_only and not b.once for b in told)


def _login(auth: Any) -> tuple[str, str] | None:
    if not isinstance(auth, Mapping):
        return None
    return str(auth.get("type")), next((str(auth[name]) for name in LOGINS if auth.get(name)), "")


class Connection(Resource, path="/datasource_connections/{uid}/", abstract=True, lifecycle=ConnectionLife):
    """What every connection has."""

    is_reusable: Prop[bool] = prop(default=True)
    """Whether several datasets may use it."""

    user_access: ListProp[UserAccess] = prop(default=None, unordered=True)
    """Which users may use or manage the connection; one that is not named has no rule."""

    group_access: ListProp[GroupAccess] = prop(default=None, unordered=True)
    """Which groups may use or manage the connection; one that is not named has no rule."""

    uid: Prop[str] = computed(is_id=True)
    """The portal's own identifier, by which sources name the connection."""

    created_at: Prop[str] = computed()
    """When the connection was made."""


class HTTPConnection(
    Connection,
    constants={"type": "http"},
    natural_key=("url", "auth"),
):
    """A web server from which datasets read their files."""

    url: Prop[str] = prop()
    """The server's address; a source adds its own `relative_url`."""

    headers: MapProp[str] = prop(default=None, secret=True)
    """HTTP headers sent with every request, by name. They are often tokens, so their values are kept secret."""

    auth: Prop[BasicAuth | OAuth2Auth | OIDCAuth | None] = prop(default=None, null=True)
    """How the portal logs in; left out at creation, it does not."""


class FTPConnection(
    Connection,
    constants={"type": "ftp"},
    natural_key=("url", "auth"),
):
    """An FTP server from which datasets read their files."""

    url: Prop[str] = prop()
    """The server's address, for example `"ftps://files.mycity.org"`."""

    auth: Prop[BasicAuth | None] = prop(default=None, null=True)
    """How the portal logs in; left out at creation, it does not."""
