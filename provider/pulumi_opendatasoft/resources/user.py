"""The resource type `User`: invited by e-mail or provisioned, with groups and permissions."""

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
"""Matches messages of a portal about a user that no list contains, because the invitation is still open."""

_EXISTS_ALREADY = " If an invitation is already open: once it is accepted, adopt=True takes the user over."

_ACCOUNT = "User.username"
"""The heading under which an account is owned by its username, which stays when the address changes."""


class UserHandler(Handler):
    """A user is identified by the e-mail address, for the username may not exist before the invitation is accepted."""

    presence = Presence.ALWAYS
    id_label = "e-mail address"
    is_id_private = True

    # ------------------------------------------------------------ names and identity

    def endpoint(self, id: str) -> str:
        """The path of the account with the username `id`."""
        return super().endpoint(quote(id, safe=""))

    def id_of(self, response: Response) -> str:
        """The e-mail address, which a user has before the username."""
        return str(response["email"])

    def find(self, context: Context, desired: State) -> list[Response]:
        """The users with this address, whose upper and lower case is ignored."""
        return self._with_email(context, str(desired.get("email")))

    def _with_email(self, context: Context, email: str) -> list[Response]:
        """Look up users by address: by the portal's search, then, where that finds none, in the whole list."""
        for query in ({"search": email}, {}):
            found = context.api.all("/users/", **query)
            if same := [user for user in found if _same_address(user.get("email"), email)]:
                return list(same)
        return []

    def describe_key(self, desired: State) -> str:
        """The natural key with the address in lower case, so that two resources for one address have one key."""
        return super().describe_key({**desired, "email": _folded(desired.get("email"))})

    def owner_keys(self, id: str, state: State) -> list[tuple[str, str]]:
        """The address and, where it is known, the username, which stays the same when the address changes."""
        username = state.get("username")
        return super().owner_keys(id, state) + ([(_ACCOUNT, str(username))] if username else [])

    def differs(self, slot: Slot, prior: State, desired: State) -> bool:
        """Whether a property differs. Two spellings of an address are equal, and so is an address that a read found."""
        if slot.name != "email" or not super().differs(slot, prior, desired):
            return super().differs(slot, prior, desired)
        is_seen = (prior.get(SEEN) or {}).get("email") == fingerprint(_folded(desired.get("email")))
        return not (is_seen or _same_address(prior.get("email"), desired.get("email")))

    # ------------------------------------------------------------ create

    def create(self, creation: Creation) -> Response:
        """Invite or provision the user.

        Each invitation is an e-mail, so a call whose response was lost is never sent again. The response of the call
        has status 200 even where it contains an error.
        """
        context, desired = creation.context, creation.desired
        email = str(desired["email"])

        def find_lost() -> Response:
            for user in self._with_email(context, email):
                return user
            raise ResourceError(
                f'an invitation to "{email}" may have been sent: run `up` again, it is not sent twice by itself'
            )

        is_invited = desired.get("identity_provider") is None
        path = "/users/invite/" if is_invited else "/users/provision/"
        response = context.api.post(path, [self.encode(desired)], look=find_lost, is_usable=_has_item)
        item = response.get("0", response) if isinstance(response, Mapping) else {}
        if item.get("status_code") == "error":
            reason = _reason(item.get("error"))
            is_taken = bool(_TAKEN.search(reason))
            if is_taken and self._has_invited(creation, email):
                # No list contains the user while the invitation is open: it is that of the interrupted `up`.
                context.info(f"{email} was invited by an interrupted `up` of this resource already")
                return {"email": email}
            hint = _EXISTS_ALREADY if is_taken else ""
            done = "invite" if is_invited else "provision"
            raise ResourceError(f'the portal did not {done} "{email}": {reason}{hint}')
        data = item.get("data", item)
        return {"email": email, **(data if isinstance(data, Mapping) else {})}

    def _has_invited(self, creation: Creation, email: str) -> bool:
        """Whether an interrupted `up` of this resource has sent the invitation, or may have, at the right time."""
        begun, now = creation.begun, creation.context.api.now()
        if begun is None:
            return False
        return begun.is_of(email, None) or (
            not begun.made and begun.may_be_of(email, None, self.describe_key(creation.desired), now)
        )

    def made_at(self, found: Response) -> object:
        """The time at which the user joined. The portal does not return that of an open invitation."""
        return found.get("joined_at")

    def resume(self, update: Update) -> Response:
        """Write the user again; an open invitation, which cannot be changed, contains what was sent with it."""
        return super().resume(update) if update.response.get("username") else update.response

    # ------------------------------------------------------------ read

    def read(self, reading: Reading) -> Response:
        """Read the user by the username, which never changes, or else by the address. Raises `Missing`."""
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
        """Whether the invitation is open: the portal's list may then not contain the user."""
        return not state.get("joined_at")

    def refine_report(self, reading: Reading, response: Response, report: State) -> State:
        """Keep the desired address in the state where the account has another one now, and record that one's mark.

        Otherwise the changed address would replace the user, with another invitation.
        """
        state = reading.prior
        other = _other_address(response, state)
        is_this_account = bool(state.get("username")) and state.get("username") == response.get("username")
        if "email" not in state or (other and not is_this_account):
            return report
        known = report.pop(SEEN, {})
        seen = {path: mark for path, mark in known.items() if path != "email"} | other
        if other and seen != known:
            reading.context.warn(
                f"{state['username']} now has the address {response['email']}: the account stays managed; "
                "you may put this address into the program"
            )
        return report | ({SEEN: seen} if seen else {}) | {"email": state["email"]}

    def fingerprints(self, response: Response, own: State) -> dict[str, str]:
        """The mark of the account's address, where it is not the desired one."""
        return _other_address(response, own)

    # ------------------------------------------------------------ update and delete

    def lock(self, reading: Reading) -> AbstractContextManager[None]:
        """Lock the account's memberships, so that no group of the program changes them between read and write."""
        username = reading.prior.get("username")
        return membership_lock(reading.context.domain, [username] if username else [])

    def prepare(self, change: Change) -> Response:
        """Return the account that the update starts from.

        Raises `ResourceError` where the portal does not list the user while the invitation is open, or any more.
        """
        try:
            return self.read(change.reading)
        except Missing:
            if change.prior.get("joined_at"):
                raise ResourceError(
                    f"{change.id} is no longer a user of {change.context.domain}: `pulumi refresh`, then `up`"
                ) from None
            if not any(self.shape[name].is_managed for name in change.changed):
                return {"email": change.id}
            raise _still_open(change.id) from None

    def update(self, update: Update) -> Response:
        """Change the user by a PUT. The address and the identity provider are set by the create alone."""
        context, actual, username = update.context, update.response, update.response.get("username")
        if not username:
            raise _still_open(update.id)
        once = ("email", "identity_provider", "identity_provider_attributes")
        body = {name: v for name, v in self.encode(update.desired, update.prior).items() if name not in once}
        with membership_lock(context.domain, [username]):
            if not update.prior.get("username"):
                # The account became known by this very read: another holder of the lock may have changed it meanwhile.
                actual = context.api.get(self.endpoint(username))
            # The description requires the address, though a PUT does not change it.
            own = ("email", "permissions", "groups", "explore_limits")
            kept = {name: actual[name] for name in own if actual.get(name) is not None}
            return self.put(context, username, kept | body) or actual

    def delete(self, reading: Reading) -> None:
        """Delete the user; warn about an open invitation, which the API cannot withdraw."""
        context, id, state = reading.context, reading.id, reading.prior
        username, has_joined = state.get("username"), state.get("joined_at")
        if username and (self._delete_account(context, username, state) or has_joined):
            return
        found = next((user["username"] for user in self._with_email(context, id) if user.get("username")), None)
        if found:
            context.api.delete(self.endpoint(found))
        elif has_joined:
            context.warn(f"{context.domain} has no user with the address {id}: look there for another address")
        else:
            context.warn(f"the API cannot withdraw the invitation to {id}: do so in the back office")

    def _delete_account(self, context: Context, username: str, state: State) -> bool:
        """Delete an account, and return whether it existed.

        Raises `ResourceError` where its address is one that the state does not contain.
        """
        try:
            other = _other_address(actual := context.api.get(self.endpoint(username)), state)
        except NotFound:
            return False
        if other and other["email"] != (state.get(SEEN) or {}).get("email"):
            raise ResourceError(
                f"{username} now has the address {actual['email']}, which the state does not contain, and was not "
                "deleted: `pulumi refresh`, then again"
            )
        return context.api.delete(self.endpoint(username))


def _folded(address: object) -> object:
    """An address in lower case. (`casefold` would make "ß" and "ss" equal, which are different addresses.)"""
    return address.lower() if isinstance(address, str) else address


def _same_address(one: object, other: object) -> bool:
    return isinstance(one, str) and _folded(one) == _folded(other)


def _other_address(response: Mapping[str, Any], desired: State) -> dict[str, str]:
    """The mark of the account's address by the name of the property; empty where it is the desired address."""
    actual = response.get("email")
    if not isinstance(actual, str) or "email" not in desired or _same_address(actual, desired["email"]):
        return {}
    return {"email": fingerprint(_folded(actual))}


def _has_item(response: Any) -> bool:
    """Whether the response to an invitation contains what became of it."""
    return isinstance(response, Mapping) and bool(response.get("0", response))


def _still_open(id: str) -> ResourceError:
    return ResourceError(f"the invitation to {id} is still open: change the user once it is accepted")


def _reason(error: Any) -> str:
    if not isinstance(error, Mapping):
        return str(error)
    problems = [f"{path}: {text}" if path else text for path, text in flattened(error.get("detail"))]
    return "; ".join(problems) or str(error.get("message") or error.get("error_code") or error)


class User(Resource, path="/users/{username}/", natural_key=("email",), handler=UserHandler):
    """A user of the portal.

    Creating one sends an invitation by e-mail, or provisions the user at an identity provider.
    """

    email: Prop[str] = prop(immutable=True)
    """The address of the invitation. A change replaces the user, unless a refresh has found this address on the
    account.
    """

    permissions: ListProp[Permission] = prop(default=None, unordered=True)
    """The permissions of the user, in addition to those of the groups."""

    groups: ListProp[str] = prop(default=None, unordered=True, refers_to="Group.uid")
    """The uids of the user's groups: `[editors.uid]`."""

    first_name: Prop[str | None] = prop(default=None, normalised=True)
    """The given name. The portal may let only the user change it."""

    last_name: Prop[str | None] = prop(default=None, normalised=True)
    """The family name. The portal may let only the user change it."""

    explore_limits: Prop[ExploreLimits | None] = prop(default=None)
    """The number of calls of the Explore API that the user may make."""

    identity_provider: Prop[str | None] = prop(
        default=None, write_only=True, immutable=True, refers_to="IdentityProvider.uid"
    )
    """The uid of an identity provider. The user is then provisioned there and gets no e-mail."""

    identity_provider_attributes: MapProp[Any] = prop(default=None, write_only=True, immutable=True)
    """The attributes by which the identity provider recognises the user."""

    username: Prop[str] = computed()
    """The username on the portal. It is unknown until the user has accepted the invitation."""

    joined_at: Prop[str | None] = computed()
    """The time at which the user accepted the invitation."""
