"""Authentication and permissions: a key grants at most the permissions of its owner."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from ..errors import authentication_failed, not_authenticated, permission_denied
from ..portal import Portal
from ..state.store import Document


@dataclass(frozen=True)
class Caller:
    """The owner of the key of a request. `permissions` are those on the portal that both key and owner have."""

    username: str
    groups: tuple[str, ...]
    permissions: frozenset[str]
    key_permissions: frozenset[str]
    key_uid: str

    def has(self, *permissions: str) -> bool:
        """Whether the caller has all these permissions on the portal."""
        return self.permissions.issuperset(permissions)

    def require(self, *permissions: str) -> None:
        """Raise a 403 unless the caller has all these permissions on the portal."""
        if not self.has(*permissions):
            raise permission_denied()

    def require_one_of(self, *permissions: str) -> None:
        """Raise a 403 unless the caller has one of these permissions on the portal."""
        if self.permissions.isdisjoint(permissions):
            raise permission_denied()

    def limited_to_key(self, granted: Iterable[str]) -> frozenset[str]:
        """The permissions among those granted to the owner that the key has as well."""
        return self.key_permissions.intersection(granted)


def key_of(authorization: str | None, query_key: str | None) -> str | None:
    """The key of a request: `Authorization: apikey KEY` (in any case), else the parameter `apikey`."""
    if authorization:
        scheme, _, key = authorization.strip().partition(" ")
        if scheme.lower() == "apikey":
            return key.strip()
    return query_key or None


def identify(portal: Portal, key: str) -> Caller | None:
    """The owner of a key; None when the key is unknown or revoked, or its owner was deleted."""
    found = [body for body in portal.store.find("api_key", "key", key) if body["revoked_at"] is None]
    if not found:
        return None
    owner = portal.store.get("user", found[0]["username"])
    if owner is None:
        return None
    key_permissions = frozenset(found[0]["permissions"])
    return Caller(
        username=owner["username"],
        groups=tuple(owner["groups"]),
        permissions=key_permissions & permissions_of(portal, owner),
        key_permissions=key_permissions,
        key_uid=found[0]["uid"],
    )


def permissions_of(portal: Portal, user: Document) -> frozenset[str]:
    """The permissions of a user on the portal, those of the user's groups included."""
    granted = set(user["permissions"])
    for uid in user["groups"]:
        group = portal.store.get("group", uid)
        granted.update(group["permissions"] if group else ())
    return frozenset(granted)


async def portal_of(request: Request) -> Portal:
    """The portal of a request."""
    portal: Portal = request.scope["portal"]
    return portal


ThePortal = Annotated[Portal, Depends(portal_of)]
"""The portal of the request."""


_callers: WeakKeyDictionary[Portal, dict[str, tuple[int, Caller]]] = WeakKeyDictionary()
"""By portal and key, the caller, and the version of the stored objects from which it was found."""


async def _caller(request: Request, portal: ThePortal) -> Caller:
    """Find the caller, for most requests without a look into the store, which takes a thread and a lock."""
    key = key_of(request.headers.get("authorization"), request.query_params.get("apikey"))
    if key is None:
        raise not_authenticated()
    known = _callers.setdefault(portal, {})
    version = portal.store.version("api_key", "user", "group")
    if key in known and known[key][0] == version:
        return known[key][1]
    caller = await run_in_threadpool(identify, portal, key)
    if caller is None:
        known.pop(key, None)
        raise authentication_failed()
    known[key] = (version, caller)
    return caller


TheCaller = Annotated[Caller, Depends(_caller)]
"""The caller. Raises a 401 without a valid key."""


async def _administrator(caller: TheCaller) -> Caller:
    caller.require("edit_domain")
    return caller


Administrator = Annotated[Caller, Depends(_administrator)]
"""The caller. Raises a 403 without edit_domain."""
