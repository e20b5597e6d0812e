"""Connections of a kind that this version has no class for: whatever else a portal knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..kernel.outcome import State
from ..kernel.run import Run
from ..kernel.shape import Slot
from ..kernel.slots import MapProp, Prop, prop
from .connection import Connection, ConnectionLife


class OtherConnectionLife(ConnectionLife):
    """Its parameters stand beside its type on the wire."""

    def type_of(self, asked: State) -> Any:
        """The API's word for the kind."""
        return asked.get("type")

    def body(self, asked: State, before: State | None = None) -> dict[str, Any]:
        """The connection on the wire, always with its secrets."""
        body = super().body(asked, before)
        return body | (body.pop("params", None) or {}) | (body.pop("secret_params", None) or {})

    def tell(self, run: Run, answer: Mapping[str, Any], slot: Slot) -> Any:
        """The parameters are all that is not a property of its own."""
        if slot.name == "params":
            return {name: value for name, value in answer.items() if name not in self.it.shape and value is not None}
        return super().tell(run, answer, slot)


class OtherConnection(Connection, lifecycle=OtherConnectionLife):
    """A connection of any other kind, for example `snowflake_odbc`, in the API's own words."""

    type: Prop[str] = prop(immutable=True)
    """The API's word for the kind."""

    params: MapProp[Any] = prop(default=None, open=True)
    """What the kind needs. Only what is named is compared."""

    secret_params: MapProp[Any] = prop(default=None, secret=True, write_only=True)
    """What the kind needs and the portal never tells again, such as a connection string; kept secret."""
