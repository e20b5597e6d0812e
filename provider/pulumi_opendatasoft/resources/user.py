"""Users: invited to the portal by e-mail, members of groups, with permissions of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ..client.errors import NotFound, flattened
from ..errors import ResourceError
from ..lifecycle.context import Context
from ..lifecycle.lifecycle import Lifecycle
from ..lifecycle.results import Missing, State
from ..lifecycle.section import SEEN
from ..program.descriptors import ListProp, MapProp, Prop, computed, prop
from ..program.resource import Resource
from ..schema.canonical import fingerprint
from ..schema.types import Slot
from .limits import ExploreLimits
from .membership_lock import turn_with
from .permissions import Permission

_TAKEN = re.compile(r"already|member|pending", re.IGNORECASE)
"""What a portal may say of somebody whom no list shows, because they have not accepted yet."""

_IS_THERE = " If an invitation is open already: once they have accepted it, adopt=True takes the user over."

_ACCOUNT = "User.username"
"""What is held beside the id: the person may change the address, the username stays."""


class UserLife(Lifecycle):
    """A user is known by the e-mail address; a username may not exist before the invitation is accepted."""

    @property
    def id_word(self) -> str:
        """How a message calls the resource's id."""
        return "e-mail address"

    def existing(self, context: Context, desired: State) -> list[Mapping[str, Any]]:
        """The user with this address, in any case of its letters."""
        return self._with_email(context, str(desired.get("email")))

    def _with_email(self, context: Context, email: str) -> list[Mapping[str, Any]]:
        """By the portal's search; that may find less than there is, and whom it does not find the whole list may."""
        for query in ({"search": email}, {}):
            found = context.api.all("/users/", **query)
            if same := [user for user in found if _same_address(user.get("email"), email)]:
                return list(same)
        return []

    def key_words(self, desired: State) -> str:
        """One spelling for one person: it is by these words that two resources for her are found out."""
        return super().key_words({**desired, "email": _folded(desired.get("email"))})

    def differs(self, slot: Slot, prior: State, desired: State) -> bool:
        """An address in other letters is the same one, and so is the one that the account was seen to have by now."""
        if slot.name != "email" or not super().differs(slot, prior, desired):
            return super().differs(slot, prior, desired)
        is_seen = (prior.get(SEEN) or {}).get("email") == fingerprint(_folded(desired.get("email")))
        return not (is_seen or _same_address(prior.get("email"), desired.get("email")))

    def _reported(self, context: Context, id: str, response: Mapping[str, Any], state: State) -> State:
        """An account stays managed when the person gives it another address: that is no reason to invite her anew."""
        report = super()._reported(context, id, response, state)
        other = _other_address(response, state)
        is_this_account = bool(state.get("username")) and state.get("username") == response.get("username")
        if "email" not in state or (other and not is_this_account):
            return report
        known = report.pop(SEEN, {})
        seen = {path: mark for path, mark in known.items() if path != "email"} | other
        if other and seen != known:
            context.warn(
                f"{state['username']} has the address {response['email']} by now: the account stays managed, "
                "and the program may say so"
            )
        return report | ({SEEN: seen} if seen else {}) | {"email": state["email"]}

    def _seen(self, context: Context, response: Mapping[str, Any], own: State) -> dict[str, str]:
        return super()._seen(context, response, own) | _other_address(response, own)

    def id_of(self, response: Mapping[str, Any]) -> str:
        """The e-mail address: the one name that a user has from the beginning."""
        return str(response["email"])

    def make(self, context: Context, desired: State, known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Invite: the portal sends an e-mail, so a lost call is never sent twice. Errors hide in a success."""
        email = str(desired["email"])

        def look() -> Mapping[str, Any]:
            for user in self._with_email(context, email):
                return user
            raise ResourceError(
                f"an invitation to {email} may be on its way: run `up` again, it is not sent twice by itself"
            )

        body = self.body(desired)
        path = "/users/invite/" if desired.get("identity_provider") is None else "/users/provision/"
        response = context.api.post(path, [body], look=look)
        item = response.get("0", response) if isinstance(response, Mapping) else {}
        if item.get("status_code") == "error":
            word = "invite" if desired.get("identity_provider") is None else "provision"
            said = _said(item.get("error"))
            raise ResourceError(f"the portal did not {word} {email}: {said}{_IS_THERE if _TAKEN.search(said) else ''}")
        data = item.get("data", item)
        return {"email": email, **(data if isinstance(data, Mapping) else {})}

    def adopt(self, context: Context, id: str, found: Mapping[str, Any], desired: State) -> State:
        """Take over the account, by whatever address an older name of the resource may know it."""
        state = super().adopt(context, id, found, desired)
        if state.get("username"):
            context.held.hold(context.domain, _ACCOUNT, state["username"])
        return state

    def fetch(self, context: Context, id: str) -> Mapping[str, Any]:
        """The user as the list shows it."""
        for user in self._with_email(context, id):
            return user
        raise Missing

    def _find(self, context: Context, id: str, state: State) -> Mapping[str, Any]:
        """By the username where it is known, for that stays; else by the address. Raises `Gone`."""
        username = state.get("username")
        if username:
            try:
                response: Mapping[str, Any] = context.api.get(self._account(username))
            except NotFound:
                if state.get("joined_at"):
                    raise Missing from None
            else:
                return response
        return self.fetch(context, id)

    def look(self, context: Context, id: str, state: State) -> Mapping[str, Any]:
        """One who has joined is read by the username, perhaps from a shared listing."""
        if context.shared is None or not (state.get("username") and state.get("joined_at")):
            return self._find(context, id, state)
        return super().look(context, str(state["username"]), state)

    def _account(self, username: str) -> str:
        return self.place(quote(username, safe=""))

    def may_be_absent(self, state: State) -> bool:
        """An open invitation may be absent from the list; that is not "gone"."""
        return not state.get("joined_at")

    def update(self, context: Context, id: str, prior: State, desired: State) -> State:
        """From the read to the write, no group of the program takes the user in or out."""
        with turn_with(context.domain, [prior["username"]] if prior.get("username") else []):
            return super().update(context, id, prior, desired)

    def write(
        self, context: Context, id: str, live: Mapping[str, Any], desired: State, prior: State
    ) -> Mapping[str, Any]:
        """Change the user; the address itself is the account's."""
        username = live.get("username")
        if not username:
            raise _still_open(id)
        once = ("email", "identity_provider", "identity_provider_attributes")
        body = {name: value for name, value in self.body(desired, prior).items() if name not in once}
        with turn_with(context.domain, [username]):
            if not prior.get("username"):
                # The account became known by this very read: whoever had its turn meanwhile may have changed it.
                live = context.api.get(self._account(username))
            own = ("permissions", "groups", "explore_limits")
            kept = {name: live[name] for name in own if live.get(name) is not None}
            response: Mapping[str, Any] = context.api.put(self._account(username), kept | body)
        return response or live

    def fetch_for_update(
        self, context: Context, id: str, changed: set[str], desired: State, prior: State
    ) -> Mapping[str, Any]:
        """What the update starts from. Raises `Problem` while the invitation is open and the user not listed."""
        try:
            return self._find(context, id, prior)
        except Missing:
            if prior.get("joined_at"):
                raise ResourceError(
                    f"{id} is no longer a user of {context.domain}: `pulumi refresh`, then `up`"
                ) from None
            if not any(self.is_managed(name) for name in changed):
                return {"email": id}
            raise _still_open(id) from None

    def delete(self, context: Context, id: str, state: State) -> None:
        """Delete the account, unless a resource that the program still names has taken it over."""
        username = state.get("username")
        if username and context.held.belongs_to_another(context.domain, _ACCOUNT, username, context.urn):
            context.say(f"{username} now belongs to another resource of this program: left on the portal")
            return
        super().delete(context, id, state)

    def remove(self, context: Context, id: str, state: State) -> None:
        """Take the user off the portal. An open invitation cannot be withdrawn through the API."""
        username, has_joined = state.get("username"), state.get("joined_at")
        if username and (self._removed(context, username, state) or has_joined):
            return
        found = next((user["username"] for user in self._with_email(context, id) if user.get("username")), None)
        if found:
            context.api.delete(self._account(found))
        elif has_joined:
            context.warn(f"nobody with the address {id} was found on {context.domain}: look there for another address")
        else:
            context.warn(f"the invitation to {id} cannot be withdrawn by the API: do so in the back office")

    def _removed(self, context: Context, username: str, state: State) -> bool:
        """Whether there was such an account. One whose address nobody heard of is not replaced by itself."""
        try:
            other = _other_address(live := context.api.get(self._account(username)), state)
        except NotFound:
            return False
        if other and other["email"] != (state.get(SEEN) or {}).get("email"):
            raise ResourceError(
                f"{username} has the address {live['email']} by now, and is not deleted before that is known: "
                "`pulumi refresh`, then again"
            )
        return context.api.delete(self._account(username))


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


def _said(error: Any) -> str:
    if not isinstance(error, Mapping):
        return str(error)
    problems = [f"{path}: {text}" if path else text for path, text in flattened(error.get("detail"))]
    return "; ".join(problems) or str(error.get("message") or error.get("error_code") or error)


class User(Resource, path="/users/{username}/", natural_key=("email",), lifecycle=UserLife):
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
