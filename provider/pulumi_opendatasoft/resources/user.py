"""Users: invited to the portal by e-mail, members of groups, with permissions of their own."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

from ..errors import NotFound, ResourceError, flattened
from ..lifecycle.context import Context
from ..lifecycle.handler import Handler
from ..lifecycle.operations import Change, Creation, Reading, Response, Update
from ..lifecycle.results import Missing, State
from ..lifecycle.safeguards import Presence
from ..lifecycle.section import SEEN
from ..program.descriptors import ListProp, MapProp, Prop, computed, prop
from ..program.resource import Resource
from ..schema.canonical import fingerprint
from ..schema.types import Slot
from .limits import ExploreLimits
from .membership_lock import membership_lock
from .permissions import Permission

_TAKEN = re.compile(r"already|member|pending", re.IGNORECASE)
"""How a portal may describe a user whom no list contains, because the invitation is still open."""

_IS_THERE = " If an invitation is open already: once they have accepted it, adopt=True takes the user over."

_ACCOUNT = "User.username"
"""An account is owned under its username as well as its id: the address may change, the username stays."""


class UserHandler(Handler):
    """A user is known by the e-mail address; a username may not exist before the invitation is accepted."""

    presence = Presence.ALWAYS

    # ------------------------------------------------------------ names and identity

    @property
    def id_label(self) -> str:
        """How a message calls the resource's id."""
        return "e-mail address"

    def endpoint(self, id: str) -> str:
        """The path of an account, by its username."""
        return super().endpoint(quote(id, safe=""))

    def id_of(self, response: Response) -> str:
        """The e-mail address: the one name that a user has from the beginning."""
        return str(response["email"])

    def find(self, context: Context, desired: State) -> list[Response]:
        """The user with this address, in any case of its letters."""
        return self._with_email(context, str(desired.get("email")))

    def _with_email(self, context: Context, email: str) -> list[Response]:
        """By the portal's search; whom that does not find, the whole list may contain."""
        for query in ({"search": email}, {}):
            found = context.api.all("/users/", **query)
            if same := [user for user in found if _same_address(user.get("email"), email)]:
                return list(same)
        return []

    def describe_key(self, desired: State) -> str:
        """One spelling for one person: two resources for the same address are found out by it."""
        return super().describe_key({**desired, "email": _folded(desired.get("email"))})

    def owner_keys(self, id: str, state: State) -> list[tuple[str, str]]:
        """The account as well, whatever address an older name of the resource has for it."""
        username = state.get("username")
        return super().owner_keys(id, state) + ([(_ACCOUNT, str(username))] if username else [])

    def differs(self, slot: Slot, prior: State, desired: State) -> bool:
        """An address in other letters is the same one, and so is the one that the account was seen to have by now."""
        if slot.name != "email" or not super().differs(slot, prior, desired):
            return super().differs(slot, prior, desired)
        is_seen = (prior.get(SEEN) or {}).get("email") == fingerprint(_folded(desired.get("email")))
        return not (is_seen or _same_address(prior.get("email"), desired.get("email")))

    # ------------------------------------------------------------ create

    def create(self, creation: Creation) -> Response:
        """Invite: the portal sends an e-mail, so a lost call is never sent twice. Errors hide in a success."""
        context, desired = creation.context, creation.desired
        email = str(desired["email"])

        def look() -> Response:
            for user in self._with_email(context, email):
                return user
            raise ResourceError(
                f"an invitation to {email} may be on its way: run `up` again, it is not sent twice by itself"
            )

        is_invited = desired.get("identity_provider") is None
        path = "/users/invite/" if is_invited else "/users/provision/"
        response = context.api.post(path, [self.encode(desired)], look=look)
        item = response.get("0", response) if isinstance(response, Mapping) else {}
        if item.get("status_code") == "error":
            reason = _reason(item.get("error"))
            hint = _IS_THERE if _TAKEN.search(reason) else ""
            raise ResourceError(f"the portal did not {'invite' if is_invited else 'provision'} {email}: {reason}{hint}")
        data = item.get("data", item)
        return {"email": email, **(data if isinstance(data, Mapping) else {})}

    # ------------------------------------------------------------ read

    def read(self, reading: Reading) -> Response:
        """By the username where it is known, for that stays; else by the address. Raises `Missing`."""
        username, has_joined = reading.prior.get("username"), reading.prior.get("joined_at")
        if username and has_joined:
            return self.lookup(reading, str(username))
        if username:
            with contextlib.suppress(Missing):
                return self.lookup(dataclasses.replace(reading, fresh=True), str(username))
        for user in self._with_email(reading.context, reading.id):
            return user
        raise Missing

    def may_be_absent(self, state: State) -> bool:
        """An open invitation may be absent from the list; that is not "gone"."""
        return not state.get("joined_at")

    def refine_report(self, reading: Reading, response: Response, report: State) -> State:
        """An account stays managed when its address changes: that is no reason for another invitation."""
        state = reading.prior
        other = _other_address(response, state)
        is_this_account = bool(state.get("username")) and state.get("username") == response.get("username")
        if "email" not in state or (other and not is_this_account):
            return report
        known = report.pop(SEEN, {})
        seen = {path: mark for path, mark in known.items() if path != "email"} | other
        if other and seen != known:
            reading.context.warn(
                f"{state['username']} has the address {response['email']} by now: the account stays managed, "
                "and the program may say so"
            )
        return report | ({SEEN: seen} if seen else {}) | {"email": state["email"]}

    def fingerprints(self, response: Response, own: State) -> dict[str, str]:
        """Another address that the account has by now."""
        return _other_address(response, own)

    # ------------------------------------------------------------ update and delete

    def lock(self, reading: Reading) -> AbstractContextManager[None]:
        """From the read to the write, no group of the program adds or removes the user."""
        username = reading.prior.get("username")
        return membership_lock(reading.context.domain, [username] if username else [])

    def prepare(self, change: Change) -> Response:
        """The account that the update starts from. Raises `ResourceError` while the invitation is open and the user
        not listed."""
        try:
            return self.read(change.reading)
        except Missing:
            if change.prior.get("joined_at"):
                raise ResourceError(
                    f"{change.id} is no longer a user of {change.context.domain}: `pulumi refresh`, then `up`"
                ) from None
            if not any(self.is_managed(name) for name in change.changed):
                return {"email": change.id}
            raise _still_open(change.id) from None

    def update(self, update: Update) -> Response:
        """Change the user; the address itself is the account's."""
        context, live, username = update.context, update.response, update.response.get("username")
        if not username:
            raise _still_open(update.id)
        once = ("email", "identity_provider", "identity_provider_attributes")
        body = {name: v for name, v in self.encode(update.desired, update.prior).items() if name not in once}
        with membership_lock(context.domain, [username]):
            if not update.prior.get("username"):
                # The account became known by this very read: another holder of the lock may have changed it meanwhile.
                live = context.api.get(self.endpoint(username))
            own = ("permissions", "groups", "explore_limits")
            kept = {name: live[name] for name in own if live.get(name) is not None}
            return self.put(context, username, kept | body) or live

    def delete(self, reading: Reading) -> None:
        """Take the user off the portal. An open invitation cannot be withdrawn through the API."""
        context, id, state = reading.context, reading.id, reading.prior
        username, has_joined = state.get("username"), state.get("joined_at")
        if username and (self._delete_account(context, username, state) or has_joined):
            return
        found = next((user["username"] for user in self._with_email(context, id) if user.get("username")), None)
        if found:
            context.api.delete(self.endpoint(found))
        elif has_joined:
            context.warn(f"nobody with the address {id} was found on {context.domain}: look there for another address")
        else:
            context.warn(f"the invitation to {id} cannot be withdrawn by the API: do so in the back office")

    def _delete_account(self, context: Context, username: str, state: State) -> bool:
        """Delete an account, and return whether it existed; one whose address is a new one is left alone."""
        try:
            other = _other_address(live := context.api.get(self.endpoint(username)), state)
        except NotFound:
            return False
        if other and other["email"] != (state.get(SEEN) or {}).get("email"):
            raise ResourceError(
                f"{username} has the address {live['email']} by now, and is not deleted before that is known: "
                "`pulumi refresh`, then again"
            )
        return context.api.delete(self.endpoint(username))


def _folded(address: object) -> object:
    """Not `casefold`: that takes ß for ss, which are two names on the internet."""
    return address.lower() if isinstance(address, str) else address


def _same_address(one: object, other: object) -> bool:
    return isinstance(one, str) and _folded(one) == _folded(other)


def _other_address(response: Mapping[str, Any], desired: State) -> dict[str, str]:
    """The mark of the address that an account has by now, where it is another one than was asked."""
    actual = response.get("email")
    if not isinstance(actual, str) or "email" not in desired or _same_address(actual, desired["email"]):
        return {}
    return {"email": fingerprint(_folded(actual))}


def _still_open(id: str) -> ResourceError:
    return ResourceError(f"the invitation to {id} is still open: change the user once it is accepted")


def _reason(error: Any) -> str:
    if not isinstance(error, Mapping):
        return str(error)
    problems = [f"{path}: {text}" if path else text for path, text in flattened(error.get("detail"))]
    return "; ".join(problems) or str(error.get("message") or error.get("error_code") or error)


class User(Resource, path="/users/{username}/", natural_key=("email",), handler=UserHandler):
    """Somebody who may log in: invited by e-mail, or provisioned by an identity provider, when it is created."""

    email: Prop[str] = prop(immutable=True)
    """Where the invitation goes. Another address is another invitation, unless a refresh saw the account have it."""

    permissions: ListProp[Permission] = prop(default=None, unordered=True)
    """What the user may do besides what the groups allow."""

    groups: ListProp[str] = prop(default=None, unordered=True, refers_to="Group.uid")
    """The uids of the groups that the user belongs to: `[editors.uid]`."""

    first_name: Prop[str | None] = prop(default=None, normalised=True)
    """The given name; the portal may leave it to the person."""

    last_name: Prop[str | None] = prop(default=None, normalised=True)
    """The family name; the portal may leave it to the person."""

    explore_limits: Prop[ExploreLimits | None] = prop(default=None)
    """How many calls of the Explore API the user may make."""

    identity_provider: Prop[str | None] = prop(
        default=None, write_only=True, immutable=True, refers_to="IdentityProvider.uid"
    )
    """The uid of an identity provider: the user is then provisioned there, not invited by e-mail."""

    identity_provider_attributes: MapProp[Any] = prop(default=None, write_only=True, immutable=True)
    """What the identity provider knows the user by."""

    username: Prop[str] = computed()
    """The portal's own name for the user; not known before the invitation is accepted."""

    joined_at: Prop[str | None] = computed()
    """When the invitation was accepted."""
