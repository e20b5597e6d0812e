"""The connections to cloud storage (Amazon S3, Azure Blob Storage), and the role of a connection to Amazon S3."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..errors import ResourceError
from ..lifecycle.context import Context
from ..lifecycle.handler import Handler
from ..lifecycle.operations import Creation, Reading, Response, Update
from ..lifecycle.results import Missing, State
from ..program.descriptors import MapProp, Prop, computed, prop
from ..program.resource import Resource
from ..schema.codec import members_of
from .auth import AWSIAMRoleAuth, AWSSignatureV4Auth, AzureSharedKeyAuth
from .connection import READ_ONLY, Connection, ConnectionHandler

ROLE = "iam_role"
ROLE_IN_CONNECTION = "the role of a connection"
"""The heading under which this process owns a role that is a property of its connection."""


class AmazonS3Handler(ConnectionHandler):
    """A role needs the connection's `external_id`, so it is set after the connection has been created."""

    def create(self, creation: Creation) -> Response:
        """Create the connection without its role, which the API refuses here; `finish` sets the role."""
        auth = creation.desired.get("auth") or {}
        if auth.get("type") != ROLE:
            return super().create(creation)
        without_role = creation.desired | {"auth": {**auth, "role_arn": ""}}
        return super().create(dataclasses.replace(creation, desired=without_role))

    def finish(self, update: Update) -> State:
        """Set the desired role, where the connection does not have it yet."""
        context, role = update.context, (update.desired.get("auth") or {}).get("role_arn")
        if role:
            context.ownership.record(context.domain, ROLE_IN_CONNECTION, update.id)
        if role and members_of(update.response.get("auth")).get("role_arn") != role:
            response = self.update(update.having(desired=self.unmask(update)))
            return {"is_valid": members_of(response.get("auth")).get("is_valid")}
        return {}

    def owned_kinds(self, desired: State) -> list[str]:
        """The connection, and its role where the program sets it in `auth`."""
        auth = desired.get("auth")
        has_role = isinstance(auth, Mapping) and bool(auth.get("role_arn"))
        return [*super().owned_kinds(desired), *([ROLE_IN_CONNECTION] if has_role else [])]

    def update(self, update: Update) -> Response:
        """Change the connection. The login is written whole, so a role that the program leaves out is sent as it is."""
        auth, actual = update.desired.get("auth") or {}, update.response.get("auth") or {}
        if auth.get("type") == ROLE and not auth.get("role_arn") and actual.get("role_arn"):
            update = update.having(desired=update.desired | {"auth": {**auth, "role_arn": actual["role_arn"]}})
        return super().update(update)


class AmazonS3Connection(
    Connection,
    constants={"type": "amazon_s3"},
    natural_key=("url", "auth"),
    handler=AmazonS3Handler,
):
    """Amazon S3, from which datasets read files."""

    auth: Prop[AWSSignatureV4Auth | AWSIAMRoleAuth] = prop()
    """The portal's login: an access key, or a role that the portal assumes."""

    url: Prop[str | None] = prop(default=None)
    """The address of the bucket, if the portal keeps it in the connection. On other portals each source has its own."""

    headers: MapProp[str] = prop(default=None, secret=True)
    """HTTP headers of every request, by name. Their values are secret."""

    ods_aws_account_id: Prop[str | None] = computed()
    """The AWS account that assumes the role. The role's trust policy must allow it."""

    external_id: Prop[str | None] = computed()
    """The external id that the role's trust policy must demand."""

    is_valid: Prop[bool | None] = computed(volatile=True)
    """Whether the portal could assume the role when it was set."""


class AmazonS3ConnectionRoleHandler(Handler):
    """The role of a connection is a member of the connection's login, written by a PUT of the connection."""

    owned_as = "/datasource_connections/ role"  # the role has the id of the connection, but its own owner
    list_key = "uid"

    def id_of(self, response: Response) -> str:
        """The connection's uid."""
        return str(response["uid"])

    def find(self, context: Context, desired: State) -> list[Response]:
        """The connection, if it has a role to adopt, or the desired role, which an interrupted `up` may have set.

        An existing role for which there is neither reason is left to `create`.
        """
        if not (desired.get("adopt") or context.resume or context.intent.begun()):
            return []
        connection = self._connection(context, desired)
        role = connection.get("role_arn")
        return [connection] if role and (desired.get("adopt") or role == desired["role_arn"]) else []

    def describe_key(self, desired: State) -> str:
        """The role and its connection."""
        return f"the role {desired['role_arn']} of connection {desired['connection']}"

    def has_key(self, desired: State) -> bool:
        """Always: the connection identifies its role."""
        return True

    def conflicts(self, context: Context, found: Response, desired: State) -> bool:
        """Never: `create` decides what becomes of an existing role."""
        return False

    def made_at(self, found: Response) -> object:
        """Nothing: the portal does not return when the role was set."""
        return None

    def create(self, creation: Creation) -> Response:
        """Set the role. A different existing role is refused; the same one is kept when the resource is deleted."""
        context, desired = creation.context, creation.desired
        connection = self._connection(context, desired)
        id, existing = self.id_of(connection), connection.get("role_arn")
        if existing:
            context.intent.drop()  # nothing is set here
        if existing and existing != desired["role_arn"]:
            raise ResourceError(
                f"connection {id} already has the role {existing}, and nothing was written: "
                "does another resource set it? adopt=True takes it over"
            )
        if existing:
            context.info(f"connection {id} already has this role: it will keep it when this resource is deleted")
            return {**connection, "was_named": True}
        return self._set_role(context, connection, str(desired["role_arn"]))

    def read(self, reading: Reading) -> Response:
        """The connection, with the members of its login that are properties of this type."""
        return self._flat(super().read(reading))

    def update(self, update: Update) -> Response:
        """Set another role."""
        return self._set_role(update.context, update.response, str(update.desired["role_arn"]))

    def delete(self, reading: Reading) -> None:
        """Remove the role from the connection, if it is still this one and only this resource sets it."""
        context, id, state = reading.context, reading.id, reading.prior
        try:
            connection = self.read(reading)
        except Missing:
            return
        role = state.get("role_arn")
        if _scheme(connection) != ROLE or connection.get("role_arn") != role:
            return
        if state.get("was_named") or context.is_owned(ROLE_IN_CONNECTION, id):
            context.info(f"connection {id} keeps its role: it is also set elsewhere")
            return
        self._set_role(context, connection, "")

    def _connection(self, context: Context, desired: State) -> Response:
        """The connection for a new role. Raises `ResourceError` where none exists, or it logs in otherwise."""
        id = str(desired["connection"])
        try:
            return _by_role(self.read(Reading(context, id, {})))
        except Missing:
            raise ResourceError(
                f"the portal has no connection {id}: give the uid of one that exists, such as lake.uid"
            ) from None

    def _set_role(self, context: Context, connection: Response, role: str) -> Response:
        actual, members = _by_role(connection)["auth"], AWSIAMRoleAuth.shape()
        auth = {name: value for name, value in actual.items() if name in members} | {"role_arn": role}
        own = {n: v for n, v in connection.items() if n not in self.shape and n not in READ_ONLY}
        response = self.put(context, self.id_of(connection), {**own, "auth": auth})
        return {**self._flat(response), "was_named": False}

    @staticmethod
    def _flat(connection: Response) -> Response:
        auth = members_of(connection.get("auth"))
        lifted = {name: auth[name] for name in ("role_arn", "is_valid") if name in auth}
        return {**connection, **lifted, "connection": connection.get("uid")}


def _scheme(connection: Mapping[str, Any]) -> Any:
    return members_of(connection.get("auth")).get("type")


def _by_role(connection: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a connection that logs in by a role. Raises `ResourceError` for another login, which must not be lost."""
    if _scheme(connection) != ROLE:
        raise ResourceError(
            f"connection {connection.get('uid')} logs in by {_scheme(connection) or 'nothing'}, not by a role, and "
            "nothing was written: it needs auth=AWSIAMRoleAuth(region=…)"
        )
    return connection


class AmazonS3ConnectionRole(
    Resource, path="/datasource_connections/{connection}/", handler=AmazonS3ConnectionRoleHandler
):
    """The role by which the portal reads from Amazon S3, set after the connection has been created.

    The role's trust policy needs the `external_id` of the connection. So the connection is created first, then the
    role, and then this resource puts the role into the connection.
    """

    connection: Prop[str] = prop(immutable=True)
    """The uid of the connection: `lake.uid`. Sources use the same property of this resource, to be created after it."""

    role_arn: Prop[str] = prop()
    """The ARN of the role, `arn:aws:iam::…:role/…`."""

    is_valid: Prop[bool | None] = computed(volatile=True)
    """Whether the portal could assume the role when it was set."""

    was_named: Prop[bool | None] = computed()
    """Whether the connection had this role before the resource was created. It then keeps the role when the resource is
    deleted.
    """


class AzureBlobStorageConnection(
    Connection,
    constants={"type": "azure_blob_storage"},
    natural_key=("url", "auth"),
):
    """Azure Blob Storage, from which datasets read files."""

    auth: Prop[AzureSharedKeyAuth] = prop()
    """The portal's login."""

    url: Prop[str | None] = prop(default=None)
    """The address of the container, if the portal keeps it in the connection; else each source has its own."""

    headers: MapProp[str] = prop(default=None, secret=True)
    """HTTP headers of every request, by name. Their values are secret."""
