"""What a login of a connection says on the wire: by which name it is known, and what of it is used up by one use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..schema.property import Behaviour
from ..schema.types import Object, OneOf, Slot

NAMES = {
    "basic_auth": "username",
    "oauth2": "client_id",  # its `username` is for one grant only, and the portal never tells it
    "oidc": "client_id",
    "aws_signature_v4": "access_key_id",
    "shared_key": "account_name",
}
"""The member of each login that is a name and is told again, by which the connection is found again."""


def name_of(auth: Any) -> tuple[str, str] | None:
    """Scheme and name of a login; the name is empty where it has none (a role, a consent)."""
    if not isinstance(auth, Mapping):
        return None
    scheme = str(auth.get("type"))
    members = (NAMES[scheme],) if scheme in NAMES else NAMES.values()
    return scheme, next((str(auth[name]) for name in members if auth.get(name)), "")


def is_used_up(slot: Slot, auth: Mapping[str, Any]) -> bool:
    """Whether a login consists of what is sent once, and of no secret besides."""
    actual = list(_behaviours(slot, auth))
    return any(b.once for b in actual) and not any(b.write_only and not b.once for b in actual)


def is_for_one_use(slot: Slot, auth: Any) -> bool:
    """Whether a login, as it is about to be sent, holds a code that is used up by it."""
    return isinstance(auth, Mapping) and any(b.once for b in _behaviours(slot, auth))


def is_whole(slot: Slot, auth: Mapping[str, Any]) -> bool:
    """Whether a login has everything that its kind needs."""
    return all(auth.get(s.name) is not None for s in _members(slot, auth) if s.behaviour.required)


def _behaviours(slot: Slot, auth: Mapping[str, Any]) -> Iterator[Behaviour]:
    return (s.behaviour for s in _members(slot, auth) if s.name in auth)


def _members(slot: Slot, auth: Mapping[str, Any]) -> tuple[Slot, ...]:
    """What a login of this kind consists of; nothing of a kind that nobody declared."""
    kind = slot.kind.pick(auth) if isinstance(slot.kind, OneOf) else slot.kind
    return kind.shape.settable if isinstance(kind, Object) else ()
