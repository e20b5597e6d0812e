"""The object that an interrupted create of a resource left on the portal, and by what it is recognised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import ResourceError
from .context import Context
from .handler import Handler
from .intents import Begun, digest_of
from .operations import Reading, Response
from .results import Missing, State


class Interrupted:
    """Recognises what an interrupted create of one resource left.

    It is never recognised by its properties alone, because another stack, or a colleague, may have made an object that
    is equal. There must be a mark of this resource in it, a note of this machine, or the setting `opendatasoft:resume`.

    Args:
        handler: the handler of the resource type.
        context: the call of the engine.
        desired: the program's values.
        existing: the objects that have the natural key.
    """

    def __init__(self, handler: Handler, context: Context, desired: State, existing: Sequence[Response]) -> None:
        self._handler, self._context = handler, context
        self._desired, self._existing = desired, existing
        self._has_key = handler.has_key(desired)

    def find(self, only: str = "") -> Response | None:
        """The object, which this resource owns from now on; None where nothing was left.

        `only` is the id that it must have, if any. Raises `ResourceError` where several may be the one.
        """
        context = self._context
        marked = [f for f in self._existing if self._handler.is_unfinished_work_of(context, f)]
        for found in marked or self._noted() or self._named():
            id = self._handler.id_of(found)
            if only in ("", id) and context.ownership.take_if_free(
                context.domain, self._handler.owned_as, id, context.urn
            ):
                return found
        return None

    def _noted(self) -> list[Response]:
        """The object of the note, if this machine has one; where the portal did not answer, the only one it may be."""
        begun = self._context.intent.begun()
        if begun is None:
            return []
        handler = self._handler
        if begun.made:
            same = [f for f in self._existing if begun.is_of(handler.id_of(f), f.get("created_at"))]
            # The program may have another key by now.
            same = same[:1] or [f for f in self._with_id(begun.id) if begun.is_of(begun.id, f.get("created_at"))]
            # An object that the state contains was not left: it is to be replaced, by `up --replace` or a taint.
            return [f for f in same if not self._context.is_in_state(handler.id_of(f))]
        found = [f for f in self._candidates() if self._may_be(f, begun)]
        if len(found) > 1:
            ids = [handler.id_of(f) for f in found]
            raise ResourceError(
                f"an interrupted `up` of this resource created one of {', '.join(ids)}, it is unclear which, and "
                f"nothing was written. Look in the back office, then `pulumi config set opendatasoft:resume {ids[0]}`"
            )
        return found

    def _may_be(self, found: Response, begun: Begun) -> bool:
        """Whether the create may have made an object: at the right time, used by nobody and no other resource's."""
        handler = self._handler
        id = handler.id_of(found)
        context = self._context
        return (
            not context.is_owned_by_another(handler.owned_as, id)
            and digest_of(id) not in context.intent.others()
            and handler.is_untouched(found)
            and begun.may_be_of(id, handler.made_at(found), handler.describe_key(self._desired), context.api.now())
        )

    def _named(self) -> Iterable[Response]:
        """The objects that the setting names, by their ids or by the natural key."""
        names, handler = self._context.resume, self._handler
        if not names:
            return []
        key = {str(self._desired.get(name)) for name in handler.declaration.natural_key}
        is_key_named = len(self._existing) == 1 and not key.isdisjoint(names)
        return [f for f in self._candidates() if handler.id_of(f) in names or is_key_named]

    def _candidates(self) -> Sequence[Response]:
        return self._existing if self._has_key else self._handler.find_alike(self._context, self._desired)

    def _with_id(self, id: str) -> list[Response]:
        try:
            return [] if not id else [self._handler.read(Reading(self._context, id, {}))]
        except Missing:
            return []
