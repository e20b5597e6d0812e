"""Facts about a connection's login on the wire: its name, whether it is complete, and whether it is for one use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..schema.property import Behaviour
from ..schema.types import Object, OneOf, Slot

NAMES = {
    "basic_auth": "username",
    "oauth2": "client_id",  # its `username` is for one grant only, and the portal never returns it
    "oidc": "client_id",
    "aws_signature_v4": "access_key_id",
    "shared_key": "account_name",
}
"""The member of each scheme that names the login and that the portal returns, so that a connection can be found."""


def name_of(auth: Any) -> tuple[str, str] | None:
    """Return the scheme and the name of a login; the name is empty for a scheme without one (a role, a consent)."""
    if not isinstance(auth, Mapping):
        return None
    scheme = str(auth.get("type"))
    members = (NAMES[scheme],) if scheme in NAMES else NAMES.values()
    return scheme, next((str(auth[name]) for name in members if auth.get(name)), "")


def is_used_up(slot: Slot, auth: Mapping[str, Any]) -> bool:
    """Whether a login contains members that are valid once, and no other secret."""
    given = list(_behaviours(slot, auth))
    return any(b.once for b in given) and not any(b.write_only and not b.once for b in given)


def is_for_one_use(slot: Slot, auth: Any) -> bool:
    """Whether sending this login uses up a code."""
    return isinstance(auth, Mapping) and any(b.once for b in _behaviours(slot, auth))


def is_whole(slot: Slot, auth: Mapping[str, Any]) -> bool:
    """Whether a login has every required member."""
    return all(auth.get(s.name) is not None for s in _members(slot, auth) if s.behaviour.required)


def _behaviours(slot: Slot, auth: Mapping[str, Any]) -> Iterator[Behaviour]:
    return (s.behaviour for s in _members(slot, auth) if s.name in auth)


def _members(slot: Slot, auth: Mapping[str, Any]) -> tuple[Slot, ...]:
    """The declared members of a login of this scheme; none for an undeclared scheme."""
    kind = slot.kind.pick(auth) if isinstance(slot.kind, OneOf) else slot.kind
    return kind.shape.settable if isinstance(kind, Object) else ()
