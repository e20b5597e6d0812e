"""API keys: created for the user whose key calls the portal, rotated by the program, and revoked instead of deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import NotFound, NotPermitted, ResourceError
from ..lifecycle.context import Context
from ..lifecycle.finish import UNFINISHED
from ..lifecycle.handler import Handler
from ..lifecycle.keyless_create import KeylessCreate
from ..lifecycle.operations import Creation, Reading, Response, Update
from ..lifecycle.results import Missing, State
from ..lifecycle.safeguards import Presence
from ..program.descriptors import ListProp, Prop, computed, prop
from ..program.resource import Resource
from ..schema.canonical import is_known
from ..schema.codec import members_of
from ..schema.failure import Failure
from ..schema.types import Slot
from .permissions import Permission

REASON = "Removed by Pulumi"


class ApiKeyLikeness:
    """Recognises a key that a lost POST may have made: not revoked, of the same label and permissions."""

    is_for_one_use = False

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body

    def may_be(self, found: Response) -> bool:
        """Whether a key is what was sent; the permissions that it has where none were sent are the portal's choice."""
        permissions = self._body.get("permissions")
        is_alike = permissions is None or set(found.get("permissions") or ()) == set(permissions)
        return is_alike and found.get("label") == self._body["label"] and not found.get("is_revoked")

    def distance(self, found: Response) -> int:
        """1 where the portal does not return the key itself again, else 0."""
        return not found.get("key")


class ApiKeyHandler(Handler):
    """A key has no natural key, for labels repeat; it belongs to the user who made it, and can only be revoked."""

    presence = Presence.NONE
    kind_name = "API key"

    def check(self, prior: State, desired: State) -> list[Failure]:
        """An adoption without the uid, and a rotation that would adopt the same key again."""
        adopt, rotate = desired.get("adopt"), desired.get("rotate")
        if adopt is True:
            reason = 'labels repeat, so only the uid says which key is meant: adopt="ak_…"'
            return [Failure("adopt", reason)]
        is_rotated = rotate is not None and is_known(rotate) and prior.get("rotate") not in (None, rotate)
        if is_rotated and isinstance(adopt, str):
            return [Failure("rotate", f'adopt="{adopt}" takes the same key again: take `adopt` out first')]
        return []

    def replaces_beyond_change(self, prior: State) -> tuple[str, ...]:
        """A key whose secret was lost on its way is of no use: the next `up` makes another one, then revokes it."""
        return ("key",) if _is_secret_lost(prior) else ()

    # ------------------------------------------------------------ create

    def find_alike(self, context: Context, desired: State) -> list[Response]:
        """The keys of the same label and permissions that are not revoked."""
        likeness = ApiKeyLikeness(self.encode(self.defaults() | desired))
        return [key for key in context.api.all(self.collection) if likeness.may_be(key)]

    def is_of_use(self, found: Response) -> bool:
        """Whether the portal returns the key itself a second time. If not, the interruption lost its secret."""
        return bool(found.get("key"))

    def create(self, creation: Creation) -> Response:
        """Create it. After a lost answer, a key like it that did not exist before is the one."""
        body = self.encode(self.defaults() | creation.desired)
        return KeylessCreate(creation, self, body, ApiKeyLikeness(body)).run()

    def finish(self, update: Update) -> State:
        """Find out whether the secret of a new key is known. Raises `ResourceError` where the portal keeps it."""
        is_new = not update.prior or _is_secret_lost(update.prior)
        if is_new and not update.response.get("key"):
            raise ResourceError(
                f"the portal's answer was lost, and it does not return the secret of {update.id} a second time, so "
                "nobody knows it. The next `up` rotates the key: it makes another one, then revokes this one"
            )
        return {}

    # ------------------------------------------------------------ read and update

    def is_gone(self, response: Response) -> bool:
        """A revoked key stays on the portal for ever, and opens nothing."""
        return bool(response.get("is_revoked"))

    def read(self, reading: Reading) -> Response:
        """Return the key. Raises `Missing`, and `ResourceError` where it is only shown to another user."""
        try:
            return super().read(reading)
        except Missing as missing:
            if not missing.is_certain:
                self._confirm_owner(reading)
            raise

    def _confirm_owner(self, reading: Reading) -> None:
        """Raise `ResourceError` if the key is another user's: a portal shows keys to their owners alone."""
        context, owner = reading.context, reading.prior.get("user")
        owners = {_owner(key) for key in context.api.all(self.collection)} - {None} if owner else set()
        if owners and owner not in owners:
            raise ResourceError(
                f"{reading.id} is a key of {owner}, and this stack calls {context.domain} as {', '.join(owners)}, to "
                f"whom it is not shown; nothing was done. Give the stack a key of {owner} (opendatasoft:apiKey)"
            )

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The actual value of one property; the owner by the username."""
        return _owner(response) if slot.name == "user" else super().decode(context, response, slot)

    # ------------------------------------------------------------ delete

    def refuse_delete(self, reading: Reading) -> None:
        """Raise `ResourceError` for the key that this stack calls the portal with, or that may be it."""
        if not self._is_in_use(reading):
            return
        raise ResourceError(
            f"{reading.id} is the API key that this stack itself calls {reading.context.domain} with, and was not "
            "revoked. Give the stack another key of the same user (opendatasoft:apiKey), then run again. (Is it to "
            "stay? `pulumi state delete`.)"
        )

    def _is_in_use(self, reading: Reading) -> bool:
        context, secret = reading.context, reading.prior.get("key")
        if secret:
            return context.api.is_own_key(str(secret))
        if _is_secret_lost(reading.prior):
            return False
        try:
            found = context.api.post_own_key(f"{self.collection}search_key/")
        except (NotFound, NotPermitted):
            raise ResourceError(
                f"{context.domain} returns neither the secret of {reading.id} nor, without the permission edit_domain, "
                "which key this stack calls it with: they may be the same, so it was not revoked. Revoke it in the "
                "back office, then `pulumi refresh`"
            ) from None
        return bool(members_of(found.get("result")).get("uid") == reading.id)

    def delete(self, reading: Reading) -> None:
        """Revoke the key; one that is revoked already is fine."""
        api, endpoint = reading.context.api, self.endpoint(reading.id)

        def revoked() -> Response | None:
            found: Response = api.get(endpoint)
            return found if self.is_gone(found) else None

        reason = reading.prior.get("revocation_reason") or REASON
        try:
            api.post(f"{endpoint}revoke/", {"reason": reason}, look=revoked)
        except NotFound:
            self._confirm_owner(reading)


def _is_secret_lost(state: State) -> bool:
    """Whether a key was made here, and the one answer that contained its secret did not come."""
    return bool(state.get(UNFINISHED)) and not state.get("key")


def _owner(response: Response) -> Any:
    return members_of(response.get("user")).get("username")


class ApiKey(Resource, path="/apikeys/{uid}/", handler=ApiKeyHandler):
    """An API key of the user whose key the stack calls the portal with.

    It has no permissions that the user does not have. A destroy revokes it. The key in use is never revoked.
    """

    label: Prop[str] = prop()
    """The name in the back office. Several keys may have the same one."""

    permissions: ListProp[Permission] = prop(default=None, unordered=True)
    """The permissions of the key, for example `["edit_dataset"]`. Left out at creation, the portal chooses them."""

    rotate: Prop[str | None] = prop(default=None, local=True, immutable=True)
    """Any text, such as `"2026-01"`. A changed text rotates the key: a new one is created, then the old one revoked.

    The first text that a key is given changes nothing.
    """

    revocation_reason: Prop[str] = prop(default=REASON, local=True)
    """The reason that the portal records when the key is revoked."""

    uid: Prop[str] = computed(is_id=True)
    """The portal's own identifier (`ak_…`)."""

    key: Prop[str | None] = computed(secret=True)
    """The key itself, from its creation. None if it was adopted from a portal that returns it only once."""

    user: Prop[str] = computed()
    """The username of the owner."""

    created_at: Prop[str] = computed()
    """The time of creation."""
