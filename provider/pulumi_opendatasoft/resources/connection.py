"""The base and the handler of all connections, and the resource types `HTTPConnection` and `FTPConnection`."""

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
from ..schema.failure import Failure
from ..schema.types import Slot
from . import connection_headers, connection_login
from .access import GroupAccess, GroupRules, UserAccess, UserRules
from .auth import BasicAuth, OAuth2Auth, OIDCAuth
from .connection_recovery import COLLECTION, ConnectionLikeness

READ_ONLY = (
    "uid",
    "can_reuse",
    "can_manage",
    "dataset_count",
    "user_count",
    "group_count",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
)
"""The members of a connection that only the portal sets, for the types that do not declare all the others."""


class ConnectionUserRules(UserRules):
    """Rules for users of a connection."""

    collection = "datasource_connections"


class ConnectionGroupRules(GroupRules):
    """Rules for groups of users of a connection."""

    collection = "datasource_connections"


class ConnectionHandler(Handler):
    """A connection has no name: it is identified by its server and the name of its login."""

    section_types = (ConnectionUserRules, ConnectionGroupRules)
    adopts_by_id = True
    kind_name = "connection"

    def describe_key(self, desired: State) -> str:
        """The natural key in messages: `a connection to "https://…" as "user"`."""
        name = connection_login.name_of(desired.get("auth"))
        return f'a connection to "{desired.get("url")}"' + (f' as "{name[1]}"' if name else " without a login")

    def has_key(self, desired: State) -> bool:
        """Whether server and login identify the connection; a consent, a role and `params` do not."""
        name = connection_login.name_of(desired.get("auth"))
        return bool(self.declaration.natural_key) and (name is None or bool(name[1]))

    def check(self, prior: State, desired: State) -> list[Failure]:
        """Refuse `adopt=True` without a natural key: the connection would not be found, and a second one created."""
        if prior or desired.get("adopt") is not True or self.has_key(desired):
            return []
        reason = 'these properties do not identify the connection to adopt: give its uid instead, adopt="co_…"'
        return [Failure("adopt", reason)]

    def find(self, context: Context, desired: State) -> list[Response]:
        """The connections to this server with this login, newest first, without those that other resources own.

        A program may declare several that are alike, each with its own access rules.
        """
        if not self.has_key(desired):
            return []
        key = (self.type_of(desired), desired.get("url"), connection_login.name_of(desired.get("auth")))
        every = context.api.all(COLLECTION, sort="-created_at")
        alike = [c for c in every if (c.get("type"), c.get("url"), connection_login.name_of(c.get("auth"))) == key]
        return [c for c in alike if not context.is_owned_by_another(self.owned_as, self.id_of(c))]

    def type_of(self, desired: State) -> Any:
        """The type in the API's spelling."""
        return self.declaration.constants.get("type")

    def find_alike(self, context: Context, desired: State) -> list[Response]:
        """The connections of this type that equal the desired one, as far as the portal returns it, newest first."""
        every = context.api.all(COLLECTION, sort="-created_at")
        return [c for c in every if c.get("type") == self.type_of(desired) and self.is_alike(c, desired)]

    def is_alike(self, found: Response, desired: State) -> bool:
        """Whether a connection of this type has the desired address and login, as far as the program gives them."""
        name = connection_login.name_of(desired.get("auth"))
        is_same_login = name is None or connection_login.name_of(found.get("auth")) in (None, name)
        return is_same_login and (found.get("url") or "") == (desired.get("url") or "")

    def is_untouched(self, found: Response) -> bool:
        """Whether no dataset uses a connection."""
        return not found.get("dataset_count")

    def conflicts(self, context: Context, found: Response, desired: State) -> bool:
        """Whether an equal connection may be the one that an interrupted `up` created: no dataset uses it.

        A replacement never conflicts: the old connection stays until the datasets use the new one.
        """
        if context.is_recorded:
            return False
        actual, headers = connection_headers.mapping(found.get("headers")) or {}, desired.get("headers") or {}
        # A value that the portal does not return may be this one.
        alike = actual.keys() == headers.keys() and all(actual[name] in (None, "", headers[name]) for name in headers)
        return alike and not found.get("dataset_count")

    def create(self, creation: Creation) -> Response:
        """Create the connection; after a lost response, find it among those that are new, unused and not owned."""
        body = self.encode(self.defaults() | creation.desired)
        likeness = ConnectionLikeness(body, is_for_one_use=self._is_for_one_use(body))
        return KeylessCreate(creation, self, body, likeness).run()

    def resume(self, update: Update) -> Response:
        """Write a connection again, unless its body is valid once: the interrupted `up` may have used the code up."""
        if self._is_for_one_use(self.encode(self.defaults() | update.desired)):
            return update.response
        return super().resume(update)

    def _is_for_one_use(self, body: Mapping[str, Any]) -> bool:
        return "auth" in self.shape and connection_login.is_for_one_use(self.shape["auth"], body.get("auth"))

    def encode(self, desired: State, prior: State | None = None) -> dict[str, Any]:
        """The connection on the wire, always with its secrets, which the portal might otherwise drop.

        A consent that was used up cannot be sent again: then the login is left out, and stays as it is.
        """
        body = super().encode(desired, prior)
        if isinstance(body.get("headers"), Mapping):
            body["headers"] = connection_headers.pairs(body["headers"])
        if prior and desired.get("auth") and not connection_login.is_whole(self.shape["auth"], desired["auth"]):
            body.pop("auth", None)  # with `ignore_changes`, the secrets of the login may be unknown
        if prior and prior.get("auth") and desired.get("auth"):
            slot = self.shape["auth"]
            is_same = comparison.same(slot, prior["auth"], desired["auth"])
            if is_same and connection_login.is_used_up(slot, desired["auth"]):
                body.pop("auth", None)
        return body

    def update(self, update: Update) -> Response:
        """Change the connection. The actual login is never sent back, because the portal returns it without secrets."""
        actual = update.response
        rest = {name: value for name, value in actual.items() if name != "auth"}
        response = super().update(update.having(response=rest))
        if response is rest:  # the portal returned nothing
            return actual
        if actual.get("auth") and not response.get("auth"):
            raise ResourceError(
                f"the portal removed the login of {update.id}: it removes a login that a change leaves out, and the "
                "program does not give one (or must not send it again): give `auth` anew"
            )
        return response

    def put(self, context: Context, id: str, body: Mapping[str, Any]) -> Response:
        """Send the body. One that contains a code is sent once: the code may be used up although the call failed."""
        if not self._is_for_one_use(body):
            return super().put(context, id, body)
        try:
            response: Response = context.api.put(self.endpoint(id), body, repeatable=False)
        except Uncertain as error:
            raise ResourceError(
                f"{id} may or may not have received the new code ({error.reason}). "
                "The code may be used up: get a new one, set it in `auth`, and run again"
            ) from error
        return response

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The actual value of one property. Some computed properties are members of the login on the wire."""
        if slot.name == "headers":
            return connection_headers.mapping(response.get("headers"))
        if slot.behaviour.computed and slot.name not in response and isinstance(response.get("auth"), Mapping):
            return response["auth"].get(slot.name)
        return super().decode(context, response, slot)


class Connection(Resource, path="/datasource_connections/{uid}/", abstract=True, handler=ConnectionHandler):
    """The properties of every connection."""

    is_reusable: Prop[bool] = prop(default=True)
    """Whether several datasets may use the connection."""

    user_access: ListProp[UserAccess] = prop(default=None, unordered=True)
    """The users who may use or manage the connection. A rule that the program does not list is deleted."""

    group_access: ListProp[GroupAccess] = prop(default=None, unordered=True)
    """The groups whose members may use or manage the connection. A rule that the program does not list is deleted."""

    uid: Prop[str] = computed(is_id=True)
    """The id of the connection, `co_` and six characters. Sources refer to it."""

    created_at: Prop[str] = computed()
    """The time of creation."""


class HTTPConnection(
    Connection,
    constants={"type": "http"},
    natural_key=("url", "auth"),
):
    """A web server from which datasets read their files."""

    url: Prop[str] = prop()
    """The address of the server. Each source adds its own `relative_url`."""

    headers: MapProp[str] = prop(default=None, secret=True)
    """HTTP headers of every request, by name. Their values are secret, because they often contain tokens."""

    auth: Prop[BasicAuth | OAuth2Auth | OIDCAuth | None] = prop(default=None, null=True)
    """The portal's login. Left out at creation, there is none."""


class FTPConnection(
    Connection,
    constants={"type": "ftp"},
    natural_key=("url", "auth"),
):
    """An FTP server from which datasets read their files."""

    url: Prop[str] = prop()
    """The address of the server, for example `"ftps://files.mycity.org"`."""

    auth: Prop[BasicAuth | None] = prop(default=None, null=True)
    """The portal's login. Left out at creation, there is none."""
