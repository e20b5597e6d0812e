"""Users: invited to the portal by e-mail, members of groups, with permissions of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..api.errors import flattened
from ..kernel.declare import Resource
from ..kernel.lifecycle import Lifecycle
from ..kernel.outcome import Gone, Problem, State
from ..kernel.run import Run
from ..kernel.slots import ListProp, MapProp, Prop, computed, prop
from .limits import ExploreLimits
from .permissions import Permission

_TAKEN = re.compile(r"already|member|pending", re.IGNORECASE)
"""What a portal may say of somebody whom no list shows, because they have not accepted yet."""

_IS_THERE = " If an invitation is open already: once they have accepted it, adopt=True takes the user over."


class UserLife(Lifecycle):
    """A user is known by the e-mail address; a username may not exist before the invitation is accepted."""

    @property
    def id_word(self) -> str:
        """How a message calls the resource's id."""
        return "e-mail address"

    def existing(self, run: Run, asked: State) -> list[Mapping[str, Any]]:
        """The user with this address, in any case of its letters."""
        return self._with_email(run, str(asked.get("email")))

    def _with_email(self, run: Run, email: str) -> list[Mapping[str, Any]]:
        found = run.api.all("/users/", search=email)
        return [u for u in found if str(u.get("email")).casefold() == email.casefold()]

    def id_of(self, answer: Mapping[str, Any]) -> str:
        """The e-mail address: the one name that a user has from the beginning."""
        return str(answer["email"])

    def make(self, run: Run, asked: State, known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Invite: the portal sends an e-mail, so a lost call is never sent twice. Errors hide in a success."""
        email = str(asked["email"])

        def look() -> Mapping[str, Any]:
            for user in self._with_email(run, email):
                return user
            raise Problem(f"an invitation to {email} may be on its way: run `up` again, it is not sent twice by itself")

        body = self.body(asked)
        path = "/users/invite/" if asked.get("identity_provider") is None else "/users/provision/"
        answer = run.api.post(path, [body], look=look)
        item = answer.get("0", answer) if isinstance(answer, Mapping) else {}
        if item.get("status_code") == "error":
            word = "invite" if asked.get("identity_provider") is None else "provision"
            said = _said(item.get("error"))
            raise Problem(f"the portal did not {word} {email}: {said}{_IS_THERE if _TAKEN.search(said) else ''}")
        data = item.get("data", item)
        return {"email": email, **(data if isinstance(data, Mapping) else {})}

    def fetch(self, run: Run, id: str) -> Mapping[str, Any]:
        """The user as the list shows it."""
        for user in self._with_email(run, id):
            return user
        raise Gone

    def look(self, run: Run, id: str, state: State) -> Mapping[str, Any]:
        """One whose username is known is read by it; the others are searched for."""
        username = state.get("username")
        if username and state.get("joined_at"):
            return super().look(run, str(username), state)
        return self.fetch(run, id)

    def read(self, run: Run, id: str, state: State) -> State:
        """An open invitation may be absent from the list; that is not "gone"."""
        try:
            return super().read(run, id, state)
        except Gone:
            if state.get("domain") and not state.get("joined_at"):
                return state
            raise

    def write(self, run: Run, id: str, live: Mapping[str, Any], asked: State, before: State) -> Mapping[str, Any]:
        """Change the user; the address itself is the account's."""
        once = ("email", "identity_provider", "identity_provider_attributes")
        body = {name: value for name, value in self.body(asked, before).items() if name not in once}
        kept = {name: live[name] for name in ("permissions", "groups", "explore_limits") if live.get(name) is not None}
        answer: Mapping[str, Any] = run.api.put(f"/users/{live['username']}/", kept | body)
        return answer or live

    def fetch_for_update(self, run: Run, id: str, changed: set[str], asked: State, before: State) -> Mapping[str, Any]:
        """What the update starts from. Raises `Problem` while the invitation is open and the user not listed."""
        try:
            return self.fetch(run, id)
        except Gone:
            if before.get("joined_at"):
                raise Problem(f"{id} is no longer a user of {run.domain}: `pulumi refresh`, then `up`") from None
            if not any(self.is_managed(name) for name in changed):
                return {"email": id}
            raise Problem(f"the invitation to {id} is still open: change the user once it is accepted") from None

    def remove(self, run: Run, id: str, state: State) -> None:
        """Take the user off the portal. An open invitation cannot be withdrawn through the API."""
        for user in self._with_email(run, id):
            run.api.delete(f"/users/{user['username']}/")
            return
        if not state.get("joined_at"):
            run.warn(f"the invitation to {id} cannot be withdrawn by the API: do so in the back office")


def _said(error: Any) -> str:
    if not isinstance(error, Mapping):
        return str(error)
    problems = [f"{path}: {text}" if path else text for path, text in flattened(error.get("detail"))]
    return "; ".join(problems) or str(error.get("message") or error.get("error_code") or error)


class User(Resource, path="/users/{username}/", natural_key=("email",), lifecycle=UserLife):
    """Somebody who may log in: invited by e-mail, or provisioned by an identity provider, when it is created."""

    email: Prop[str] = prop(immutable=True)
    """Where the invitation goes, and by what the user is known. Another address is another invitation."""

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

    username: Prop[str | None] = computed()
    """The portal's own name for the user; not known before the invitation is accepted."""

    joined_at: Prop[str | None] = computed()
    """When the invitation was accepted."""
