"""Connections to the storage of cloud providers: Amazon S3, with the role that is made after it, and Azure."""

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
from .auth import AWSIAMRoleAuth, AWSSignatureV4Auth, AzureSharedKeyAuth
from .connection import Connection, ConnectionHandler

ROLE = "iam_role"
NAMED = "the role of a connection"
"""The heading under which this process owns a role that its connection names by itself."""


class AmazonS3Handler(ConnectionHandler):
    """A role is made with the connection's `external_id`, so it is named only after the connection exists."""

    def create(self, creation: Creation) -> Response:
        """The API takes a new connection without its role; one that is known beforehand follows in `finish`."""
        auth = creation.desired.get("auth") or {}
        if auth.get("type") != ROLE:
            return super().create(creation)
        without_role = creation.desired | {"auth": {**auth, "role_arn": ""}}
        return super().create(dataclasses.replace(creation, desired=without_role))

    def finish(self, update: Update) -> State:
        """Name the role that the program knows, where the connection has not got it yet."""
        context, role = update.context, (update.desired.get("auth") or {}).get("role_arn")
        if role:
            context.ownership.record(context.domain, NAMED, update.id)
        if role and (update.response.get("auth") or {}).get("role_arn") != role:
            response = self.update(update.having(desired=self.unmask(update)))
            return {"is_valid": (response.get("auth") or {}).get("is_valid")}
        return {}

    def owned_kinds(self, desired: State) -> list[str]:
        """The connection, and the role if the program gives it there."""
        return [*super().owned_kinds(desired), *([NAMED] if (desired.get("auth") or {}).get("role_arn") else [])]

    def update(self, update: Update) -> Response:
        """A login is written whole; a role that the program does not name stays."""
        auth, live = update.desired.get("auth") or {}, update.response.get("auth") or {}
        if auth.get("type") == ROLE and not auth.get("role_arn") and live.get("role_arn"):
            update = update.having(desired=update.desired | {"auth": {**auth, "role_arn": live["role_arn"]}})
        return super().update(update)


class AmazonS3Connection(
    Connection,
    constants={"type": "amazon_s3"},
    natural_key=("url", "auth"),
    handler=AmazonS3Handler,
):
    """Amazon S3, from which datasets read their files."""

    auth: Prop[AWSSignatureV4Auth | AWSIAMRoleAuth] = prop()
    """How the portal logs in: with an access key, or by a role that it assumes."""

    url: Prop[str | None] = prop(default=None)
    """The address of the bucket, for portals that keep it in the connection; else sources name their own."""

    headers: MapProp[str] = prop(default=None, secret=True)
    """HTTP headers sent with every request, by name; their values are kept secret."""

    ods_aws_account_id: Prop[str | None] = computed()
    """The AWS account that assumes the role: what the role's trust policy allows."""

    external_id: Prop[str | None] = computed()
    """What the role's trust policy demands."""

    is_valid: Prop[bool | None] = computed(volatile=True)
    """Whether the portal could assume the role when it was named."""


class AmazonS3ConnectionRoleHandler(Handler):
    """The second step of a connection with a role: it is a part of the connection, written by one PUT."""

    @property
    def owned_as(self) -> str:
        """It has the id of the connection, but is not the connection."""
        return f"{self.collection} role"

    @property
    def list_key(self) -> str:
        """It is a part of the connection."""
        return "uid"

    def id_of(self, response: Response) -> str:
        """The connection's uid."""
        return str(response["uid"])

    def find(self, context: Context, desired: State) -> list[Response]:
        """The role that a program takes over; without `adopt`, `create` decides what an existing one means."""
        if not desired.get("adopt"):
            return []
        live = self._connection(context, desired)
        return [live] if live.get("role_arn") else []

    def create(self, creation: Creation) -> Response:
        """Name the role, unless one is named already: another one is refused, the same one is not ours."""
        context, desired = creation.context, creation.desired
        live = self._connection(context, desired)
        id, existing = self.id_of(live), live.get("role_arn")
        if existing and existing != desired["role_arn"]:
            raise ResourceError(
                f"connection {id} has the role {existing} already, and nothing was written: "
                "is it named by another resource? adopt=True takes it over"
            )
        if existing:
            context.info(f"connection {id} has this role already: it will keep it when this resource is deleted")
            return {**live, "was_named": True}
        return self._name_role(context, live, str(desired["role_arn"]))

    def read(self, reading: Reading) -> Response:
        """The connection, with the role lifted out of its login."""
        return self._flat(super().read(reading))

    def update(self, update: Update) -> Response:
        """Name another role."""
        return self._name_role(update.context, update.response, str(update.desired["role_arn"]))

    def delete(self, reading: Reading) -> None:
        """Take the role off the connection, if it is there by this resource alone and is there still."""
        context, id, state = reading.context, reading.id, reading.prior
        try:
            live = self.read(reading)
        except Missing:
            return
        role = state.get("role_arn")
        if _scheme(live) != ROLE or live.get("role_arn") != role:
            return
        if state.get("was_named") or context.is_owned(NAMED, id):
            context.info(f"connection {id} keeps its role: it is named by somebody else as well")
            return
        self._name_role(context, live, "")

    def _connection(self, context: Context, desired: State) -> Response:
        """The connection that a new role is for."""
        id = str(desired["connection"])
        try:
            return _by_role(self.read(Reading(context, id, {})))
        except Missing:
            raise ResourceError(f"the portal has no connection {id}") from None

    def _name_role(self, context: Context, live: Response, role: str) -> Response:
        auth = {**_by_role(live)["auth"], "role_arn": role}
        own = {name: value for name, value in live.items() if name not in self.shape}
        response = self.put(context, self.id_of(live), {**own, "auth": auth})
        return {**self._flat(response), "was_named": False}

    @staticmethod
    def _flat(connection: Response) -> Response:
        auth = connection.get("auth") or {}
        lifted = {name: auth[name] for name in ("role_arn", "is_valid") if name in auth}
        return {**connection, **lifted, "connection": connection.get("uid")}


def _scheme(connection: Mapping[str, Any]) -> Any:
    return (connection.get("auth") or {}).get("type")


def _by_role(connection: Mapping[str, Any]) -> Mapping[str, Any]:
    """A connection that logs in by a role: to name one in another login would destroy that. Raises `Problem`."""
    if _scheme(connection) != ROLE:
        raise ResourceError(
            f"connection {connection.get('uid')} logs in by {_scheme(connection) or 'nothing'}, not by a role, and "
            "nothing was written: it needs auth=AWSIAMRoleAuth(region=…)"
        )
    return connection


class AmazonS3ConnectionRole(
    Resource, path="/datasource_connections/{connection}/", handler=AmazonS3ConnectionRoleHandler
):
    """The role by which the portal reads from Amazon S3, made after the connection that it is for.

    The connection tells the `external_id` that the role's trust policy needs, so the role can only be named afterwards.
    """

    connection: Prop[str] = prop(immutable=True)
    """The uid of the connection: `lake.uid`."""

    role_arn: Prop[str] = prop()
    """The role, `arn:aws:iam::…:role/…`."""

    is_valid: Prop[bool | None] = computed(volatile=True)
    """Whether the portal could assume the role when it was named."""

    was_named: Prop[bool | None] = computed()
    """Whether the connection had this very role before the resource was made; it then keeps it when that is deleted."""


class AzureBlobStorageConnection(
    Connection,
    constants={"type": "azure_blob_storage"},
    natural_key=("url", "auth"),
):
    """Azure Blob Storage, from which datasets read their files."""

    auth: Prop[AzureSharedKeyAuth] = prop()
    """How the portal logs in."""

    url: Prop[str | None] = prop(default=None)
    """The address of the container, for portals that keep it in the connection; else sources name their own."""

    headers: MapProp[str] = prop(default=None, secret=True)
    """HTTP headers sent with every request, by name; their values are kept secret."""
