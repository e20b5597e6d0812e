"""Connections to servers: what every connection has, and those that are reached by an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ResourceError, Uncertain
from ..lifecycle.context import Context
from ..lifecycle.handler import Handler
from ..lifecycle.keyless_create import KeylessCreate
from ..lifecycle.operations import Creation, Response, Update
from ..lifecycle.results import State
from ..program.descriptors import ListProp, MapProp, Prop, computed, prop
from ..program.resource import Resource
from ..schema import comparison
from ..schema.types import Slot
from ..schema.validation import Failure
from . import connection_headers, connection_login
from .access import GroupAccess, GroupRules, UserAccess, UserRules
from .auth import BasicAuth, OAuth2Auth, OIDCAuth
from .connection_recovery import COLLECTION, ConnectionLikeness


class ConnectionUserRules(UserRules):
    """Rules for users of a connection."""

    collection = "datasource_connections"


class ConnectionGroupRules(GroupRules):
    """Rules for groups of users of a connection."""

    collection = "datasource_connections"


class ConnectionHandler(Handler):
    """A connection has no name: it is known by its server and by the name with which it logs in."""

    section_types = (ConnectionUserRules, ConnectionGroupRules)
    adopts_by_id = True

    @property
    def kind_name(self) -> str:
        """How messages call it."""
        return "connection"

    def describe_key(self, desired: State) -> str:
        """`a connection to "https://…" as "user"`."""
        name = connection_login.name_of(desired.get("auth"))
        return f'a connection to "{desired.get("url")}"' + (f' as "{name[1]}"' if name else " without a login")

    def has_key(self, desired: State) -> bool:
        """Whether the program gives what distinguishes it; a consent, a role, or params of any kind do not."""
        name = connection_login.name_of(desired.get("auth"))
        return bool(self.declaration.natural_key) and (name is None or bool(name[1]))

    def check(self, prior: State, desired: State) -> list[Failure]:
        """The adoption of something that could not be found: a second, empty one would be made beside it."""
        if prior or desired.get("adopt") is not True or self.has_key(desired):
            return []
        reason = 'nothing here tells this connection from others of its kind: say which one by its uid, adopt="co_…"'
        return [Failure("adopt", reason)]

    def find(self, context: Context, desired: State) -> list[Response]:
        """The connections to this server with this login, newest first, unless another resource has them.

        Several may be alike and each have its own rules, so what another resource has is no concern of this one.
        """
        if not self.has_key(desired):
            return []
        wanted = (self.type_of(desired), desired.get("url"), connection_login.name_of(desired.get("auth")))
        every = context.api.all(COLLECTION, sort="-created_at")
        alike = [c for c in every if (c.get("type"), c.get("url"), connection_login.name_of(c.get("auth"))) == wanted]
        return [c for c in alike if not self._has_other_owner(context, c)]

    def _has_other_owner(self, context: Context, found: Response) -> bool:
        return context.ownership.is_owned_by_another(context.domain, self.owned_as, self.id_of(found), context.urn)

    def type_of(self, desired: State) -> Any:
        """The API's word for the kind."""
        return self.declaration.constants.get("type")

    def conflicts(self, context: Context, found: Response, desired: State) -> bool:
        """An equal connection that datasets use is somebody's; an unused one is what an interrupted `up` left.

        One that is to be replaced stands beside its successor until the datasets have gone over to that.
        """
        if context.is_recorded:
            return False
        there, wanted = connection_headers.mapping(found.get("headers")) or {}, desired.get("headers") or {}
        # A value that the portal does not return may be this one.
        alike = there.keys() == wanted.keys() and all(there[name] in (None, "", wanted[name]) for name in wanted)
        return alike and not found.get("dataset_count")

    def create(self, creation: Creation) -> Response:
        """Create it. After a lost answer, one like it that is new, unused and nobody else's is the one."""
        body = self.encode(self.defaults() | creation.desired)
        likeness = ConnectionLikeness(body, is_for_one_use=self._is_for_one_use(body))
        return KeylessCreate(creation, self, body, likeness).run()

    def _is_for_one_use(self, body: Mapping[str, Any]) -> bool:
        return "auth" in self.shape and connection_login.is_for_one_use(self.shape["auth"], body.get("auth"))

    def encode(self, desired: State, prior: State | None = None) -> dict[str, Any]:
        """The connection on the wire, always with its secrets: whether the portal keeps them otherwise is unknown.

        A consent that was used up cannot be sent again: then the login stays as it is.
        """
        body = super().encode(desired, prior)
        if isinstance(body.get("headers"), Mapping):
            body["headers"] = connection_headers.pairs(body["headers"])
        if prior and desired.get("auth") and not connection_login.is_whole(self.shape["auth"], desired["auth"]):
            body.pop("auth", None)  # of what `ignore_changes` leaves to the portal, no secret is known
        if prior and prior.get("auth") and desired.get("auth"):
            slot = self.shape["auth"]
            is_same = comparison.same(slot, prior["auth"], desired["auth"])
            if is_same and connection_login.is_used_up(slot, desired["auth"]):
                body.pop("auth", None)
        return body

    def update(self, update: Update) -> Response:
        """Change it. A login that the program does not give is left out: as it is returned, it lacks its secrets."""
        live = update.response
        rest = {name: value for name, value in live.items() if name != "auth"}
        response = super().update(update.having(response=rest))
        if response is rest:  # the portal returned nothing
            return live
        if live.get("auth") and not response.get("auth"):
            raise ResourceError(
                f"the portal took the login off {update.id}, because it forgets what a change does not name and the "
                "program does not give (or may not give again): give `auth` anew"
            )
        return response

    def put(self, context: Context, id: str, body: Mapping[str, Any]) -> Response:
        """A code is used up by one use: whether it arrived, only its owner can find out."""
        if not self._is_for_one_use(body):
            return super().put(context, id, body)
        try:
            response: Response = context.api.put(self.endpoint(id), body, repeatable=False)
        except Uncertain as error:
            raise ResourceError(
                f"{id} may or may not have got the new code ({error.reason}). "
                "It may be used up: get a new one, give it to `auth`, and run again"
            ) from error
        return response

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The actual value of one property; what the portal keeps within the login is lifted out of it."""
        if slot.name == "headers":
            return connection_headers.mapping(response.get("headers"))
        if slot.behaviour.computed and slot.name not in response and isinstance(response.get("auth"), Mapping):
            return response["auth"].get(slot.name)
        return super().decode(context, response, slot)


class Connection(Resource, path="/datasource_connections/{uid}/", abstract=True, handler=ConnectionHandler):
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
