"""Connections of a kind that this version has no class for: whatever else a portal knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..lifecycle.context import Context
from ..lifecycle.operations import Response, Update
from ..lifecycle.results import State
from ..program.descriptors import MapProp, Prop, prop
from ..schema.types import Slot
from .connection import Connection, ConnectionHandler


class OtherConnectionHandler(ConnectionHandler):
    """Its parameters stand beside its type on the wire."""

    def type_of(self, desired: State) -> Any:
        """The API's word for the kind."""
        return desired.get("type")

    def encode(self, desired: State, prior: State | None = None) -> dict[str, Any]:
        """The connection on the wire, always with its secrets."""
        body = super().encode(desired, prior)
        params, secret = (body.pop(name, None) or {} for name in ("params", "secret_params"))
        return body | _merged(params, secret)

    def update(self, update: Update) -> Response:
        """Change it. Only what is named changes, at any depth; a null may hide a secret, so none is sent back."""
        desired = update.desired
        rest = _without_nulls(update.response)
        named = {*(desired.get("params") or {}), *(desired.get("secret_params") or {})}
        live = {name: value for name, value in rest.items() if name in named and isinstance(value, Mapping)}
        params = _merged(live, desired.get("params") or {})
        return super().update(update.having(response=rest, desired=desired | {"params": params}))

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The parameters are all that is not a property of its own."""
        if slot.name == "params":
            return {name: value for name, value in response.items() if name not in self.shape and value is not None}
        return super().decode(context, response, slot)


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two mappings as one, at any depth; where both say something, the other has it."""
    merged = {**one, **other}
    for name in one.keys() & other.keys():
        if isinstance(one[name], Mapping) and isinstance(other[name], Mapping):
            merged[name] = _merged(one[name], other[name])
    return merged


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return value


class OtherConnection(Connection, handler=OtherConnectionHandler):
    """A connection of any other kind, for example `snowflake_odbc`, in the API's own words."""

    type: Prop[str] = prop(immutable=True)
    """The API's word for the kind."""

    params: MapProp[Any] = prop(default=None, open=True)
    """What the kind needs. Only what is named is compared."""

    secret_params: MapProp[Any] = prop(default=None, secret=True, write_only=True)
    """What the kind needs and the portal never tells again, such as a connection string; kept secret."""
