"""The API key in use: whose it is, what it may do, and what a program needs beyond that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from ..client.client import Client
from ..dry_run.permissions import is_granted
from ..errors import NotPermitted, PortalError
from ..schema.codec import members_of
from .check import Check, fine, problem, unknown

KEYS = "/apikeys/"


@dataclass(frozen=True)
class Key:
    """The API key that calls a portal, as far as the portal shows it."""

    owner: str = ""
    """The username of its owner; empty where it is not known."""

    label: str = ""
    certain: frozenset[str] = frozenset()
    """The permissions that it certainly has."""

    possible: frozenset[str] | None = None
    """The permissions that it may have; None where that is not known at all."""

    @property
    def is_known(self) -> bool:
        """Whether its permissions are known exactly."""
        return self.possible == self.certain


def key_in_use(client: Client) -> Key:
    """Find the key that calls a portal, and its permissions: those that it shares with its owner.

    A portal shows the key itself to few. A key with `edit_domain` can search for itself; else it is one of the keys of
    its owner. Raises a PortalError where not even those are shown.
    """
    own = [key for key in client.all(KEYS) if not key.get("is_revoked")]
    found = next((key for key in own if key.get("key") and client.is_own_key(str(key["key"]))), None)
    if found is None:
        try:
            result = members_of(client.post_own_key(f"{KEYS}search_key/")).get("result")
            found = dict(result) if isinstance(result, Mapping) else None
        except NotPermitted:
            pass
    candidates = [found] if found else own
    if not candidates:
        return Key()
    owner = str(members_of(candidates[0].get("user")).get("username") or "")
    sets = [frozenset(map(str, key.get("permissions") or ())) for key in candidates]
    of_owner = _of_owner(client, owner)
    limit = of_owner if of_owner is not None else frozenset().union(*sets)
    label = str(candidates[0].get("label") or "") if len(candidates) == 1 else ""
    return Key(owner, label, frozenset.intersection(*sets) & limit, frozenset().union(*sets) & limit)


def _of_owner(client: Client, username: str) -> frozenset[str] | None:
    """The permissions of a user on the portal, those of the groups included; None where the key may not see them."""
    if not username:
        return None
    try:
        user = client.get(f"/users/{quote(username, safe='')}/")
        granted = set(map(str, user.get("permissions") or ()))
        for group in user.get("groups") or ():
            uid = group.get("uid") if isinstance(group, Mapping) else group
            granted |= set(map(str, client.get(f"/groups/{quote(str(uid), safe='')}/").get("permissions") or ()))
    except PortalError:
        return None
    return frozenset(granted)


def key_check(key: Key) -> Check:
    """Whose key it is."""
    label = f' "{key.label}"' if key.label else ""
    return fine("key", f"it works{label and f', it is{label}'}; it calls as {key.owner or 'an unknown user'}")


def permissions_check(key: Key) -> Check:
    """The permissions of the key."""
    if key.is_known:
        return fine("permissions", ", ".join(sorted(key.certain)) or "none on the whole portal")
    certain = ", ".join(sorted(key.certain)) or "none"
    perhaps = ", ".join(sorted((key.possible or frozenset()) - key.certain))
    return unknown(
        "permissions",
        f"{key.owner or 'the owner'} has several keys, and the portal does not show which one this is: certainly "
        f"{certain}" + (f"; perhaps {perhaps}" if perhaps else ""),
    )


def needs_check(key: Key, needs: Mapping[str, Iterable[str]], source: str) -> Check:
    """The permissions that a program needs beyond those of the key.

    Args:
        key: The key.
        needs: The permissions that the program needs, each with the paths of the calls that need it.
        source: Where the needs come from, for the line: `the preview`.
    """
    missing = {need: paths for need, paths in needs.items() if not is_granted(need, key.possible or ())}
    if missing:
        listed = "; ".join(f"{need} (for {', '.join(_nouns(paths))})" for need, paths in missing.items())
        remedy = (
            "give it to the key and to its owner, or use another key; for single datasets and pages, a rule of theirs "
            "grants it as well"
        )
        return problem("program", f"by {source}, the key lacks {listed}", remedy, NotPermitted)
    doubtful = [need for need in needs if not is_granted(need, key.certain)]
    if doubtful:
        return unknown("program", f"by {source} it needs {', '.join(doubtful)}, which this key may or may not have")
    return fine("program", f"by {source} it needs {', '.join(needs) or 'nothing special'}, which the key has")


def _nouns(paths: Iterable[str]) -> list[str]:
    return [str(path).strip("/").replace("_", " ") for path in paths]
