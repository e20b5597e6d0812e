"""The resource type `OtherConnection`: a connection of any type for which this version has no class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..lifecycle.context import Context
from ..lifecycle.operations import Response, Update
from ..lifecycle.results import State
from ..program.descriptors import MapProp, Prop, prop
from ..schema.canonical import equal
from ..schema.types import Slot
from .connection import READ_ONLY, Connection, ConnectionHandler


class OtherConnectionHandler(ConnectionHandler):
    """On the wire, the parameters of such a connection are members beside its type."""

    def type_of(self, desired: State) -> Any:
        """The type in the API's spelling."""
        return desired.get("type")

    def is_alike(self, found: Response, desired: State) -> bool:
        """Whether a connection of this type has the parameters that the program gives, as far as they are returned."""
        return _agrees(found, desired.get("params") or {})

    def encode(self, desired: State, prior: State | None = None) -> dict[str, Any]:
        """The connection on the wire, always with its secrets."""
        body = super().encode(desired, prior)
        params, secret = (body.pop(name, None) or {} for name in ("params", "secret_params"))
        return body | _merged(params, secret)

    def update(self, update: Update) -> Response:
        """Change the parameters that the program names, at any depth; the others are sent as they are.

        The portal may return a secret as null, so nulls are not sent back.
        """
        desired = update.desired
        rest = _without_nulls(update.response)
        named = {*(desired.get("params") or {}), *(desired.get("secret_params") or {})}
        actual = {name: value for name, value in rest.items() if name in named and isinstance(value, Mapping)}
        params = _merged(actual, desired.get("params") or {})
        return super().update(update.having(response=rest, desired=desired | {"params": params}))

    def is_writable(self, name: str) -> bool:
        """Whether a member of a response can be sent back: a parameter, or a property of every connection."""
        return name not in READ_ONLY

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The actual value of one property; `params` has every member that is not a property of its own."""
        if slot.name == "params":
            return {name: value for name, value in response.items() if name not in self.shape and value is not None}
        return super().decode(context, response, slot)


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two mappings merged at every depth; where both have a value, that of the second is taken."""
    merged = {**one, **other}
    for name in one.keys() & other.keys():
        if isinstance(one[name], Mapping) and isinstance(other[name], Mapping):
            merged[name] = _merged(one[name], other[name])
    return merged


def _agrees(actual: Mapping[str, Any], desired: Mapping[str, Any]) -> bool:
    """Whether each desired value is the actual one, at every depth; a value that is not returned may be this one."""
    for name, value in desired.items():
        found = actual.get(name)
        if isinstance(value, Mapping) and isinstance(found, Mapping):
            if not _agrees(found, value):
                return False
        elif found is not None and not equal(found, value):
            return False
    return True


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return value


class OtherConnection(Connection, handler=OtherConnectionHandler):
    """A connection of any other type, for example `snowflake_odbc`, with the API's own properties."""

    type: Prop[str] = prop(immutable=True)
    """The type of the connection, in the API's spelling."""

    params: MapProp[Any] = prop(default=None, open=True)
    """The properties of this type. Only those that the program names are compared."""

    secret_params: MapProp[Any] = prop(default=None, secret=True, write_only=True)
    """The secret properties of this type, which the portal never returns, for example a connection string."""
