"""Connections to the storage of cloud providers: Amazon S3, with the role that is made after it, and Azure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ResourceError
from ..lifecycle.context import Context
from ..lifecycle.lifecycle import Lifecycle
from ..lifecycle.results import Missing, State
from ..program.descriptors import MapProp, Prop, computed, prop
from ..program.resource import Resource
from .auth import AWSIAMRoleAuth, AWSSignatureV4Auth, AzureSharedKeyAuth
from .connection import Connection, ConnectionLife

ROLE = "iam_role"
NAMED = "the role of a connection"
"""As what this process holds a role that its connection names by itself."""


class AmazonS3Life(ConnectionLife):
    """A role is made with the connection's `external_id`, so it is named only after the connection exists."""

    def make(self, context: Context, desired: State, known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """The API takes a new connection without its role; one that is known beforehand follows in `after`."""
        auth = desired.get("auth") or {}
        return super().make(
            context, desired | {"auth": {**auth, "role_arn": ""}} if auth.get("type") == ROLE else desired, known
        )

    def after(
        self, context: Context, id: str, response: Mapping[str, Any], changed: set[str], desired: State, prior: State
    ) -> State:
        """Name the role that the program knows, where the connection has not got it yet."""
        role = (desired.get("auth") or {}).get("role_arn")
        if role:
            context.held.hold(context.domain, NAMED, id)
        if role and (response.get("auth") or {}).get("role_arn") != role:
            response = self.write(context, id, response, self.spoken(context, response, desired), prior)
            return {"is_valid": (response.get("auth") or {}).get("is_valid")}
        return {}

    def holds(self, desired: State) -> list[str]:
        """The connection, and the role if the program says it there."""
        return [*super().holds(desired), *([NAMED] if (desired.get("auth") or {}).get("role_arn") else [])]

    def write(
        self, context: Context, id: str, live: Mapping[str, Any], desired: State, prior: State
    ) -> Mapping[str, Any]:
        """A login is written whole; a role that the program does not name stays."""
        auth, there = desired.get("auth") or {}, live.get("auth") or {}
        if auth.get("type") == ROLE and not auth.get("role_arn") and there.get("role_arn"):
            desired = desired | {"auth": {**auth, "role_arn": there["role_arn"]}}
        return super().write(context, id, live, desired, prior)


class AmazonS3Connection(
    Connection,
    constants={"type": "amazon_s3"},
    natural_key=("url", "auth"),
    lifecycle=AmazonS3Life,
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


class AmazonS3ConnectionRoleLife(Lifecycle):
    """The second step of a connection with a role: it is a part of the connection, written by one PUT."""

    @property
    def held_as(self) -> str:
        """It has the id of the connection, but is not the connection."""
        return f"{self.collection} role"

    @property
    def listed_by(self) -> str:
        """It is a part of the connection."""
        return "uid"

    def existing(self, context: Context, desired: State) -> list[Mapping[str, Any]]:
        """The role that a program takes over; without `adopt`, `make` says what one that is there already means."""
        if not desired.get("adopt"):
            return []
        live = self._live(context, desired)
        return [live] if live.get("role_arn") else []

    def make(self, context: Context, desired: State, known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Name the role, unless one is named already: another one is refused, the same one is not ours."""
        live = self._live(context, desired)
        id, there = self.id_of(live), live.get("role_arn")
        if there and there != desired["role_arn"]:
            raise ResourceError(
                f"connection {id} has the role {there} already, and nothing was written: "
                "is it named by another resource? adopt=True takes it over"
            )
        if there:
            context.say(f"connection {id} has this role already: it will keep it when this resource is deleted")
            return {**live, "was_named": True}
        return self._name(context, live, str(desired["role_arn"]))

    def write(
        self, context: Context, id: str, live: Mapping[str, Any], desired: State, prior: State
    ) -> Mapping[str, Any]:
        """Name another role."""
        return self._name(context, live, str(desired["role_arn"]))

    def remove(self, context: Context, id: str, state: State) -> None:
        """Take the role off the connection, if it is there by this resource alone and is there still."""
        try:
            live = self.fetch(context, id)
        except Missing:
            return
        role = state.get("role_arn")
        if _scheme(live) != ROLE or live.get("role_arn") != role:
            return
        if state.get("was_named") or context.is_held(NAMED, id):
            context.say(f"connection {id} keeps its role: it is named by somebody else as well")
            return
        self._name(context, live, "")

    def _live(self, context: Context, desired: State) -> Mapping[str, Any]:
        """The connection that a new role is for."""
        id = str(desired["connection"])
        try:
            return _by_role(self.fetch(context, id))
        except Missing:
            raise ResourceError(f"the portal has no connection {id}") from None

    def _name(self, context: Context, live: Mapping[str, Any], role: str) -> Mapping[str, Any]:
        auth = {**_by_role(live)["auth"], "role_arn": role}
        own = {name: value for name, value in live.items() if name not in self.it.shape}
        response: Mapping[str, Any] = context.api.put(self.place(self.id_of(live)), {**own, "auth": auth})
        return {**self._flat(response), "was_named": False}

    def fetch(self, context: Context, id: str) -> Mapping[str, Any]:
        """The connection, with what is ours lifted out of its login."""
        return self._flat(super().fetch(context, id))

    def look(self, context: Context, id: str, state: State) -> Mapping[str, Any]:
        """As `fetch`, perhaps from a shared listing."""
        return self._flat(super().look(context, id, state))

    @staticmethod
    def _flat(connection: Mapping[str, Any]) -> Mapping[str, Any]:
        auth = connection.get("auth") or {}
        lifted = {name: auth[name] for name in ("role_arn", "is_valid") if name in auth}
        return {**connection, **lifted, "connection": connection.get("uid")}

    def id_of(self, response: Mapping[str, Any]) -> str:
        """The connection's uid."""
        return str(response["uid"])


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
    Resource, path="/datasource_connections/{connection}/", lifecycle=AmazonS3ConnectionRoleLife
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
