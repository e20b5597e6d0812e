"""The create of one object: a new one, one that an interrupted `up` left, or one that is adopted."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import PortalError, ResourceError
from ..schema import codec, secrets
from .context import Context
from .finish import UNFINISHED, finish
from .handler import Handler
from .interrupted import Interrupted
from .operations import Change, Creation, Reading, Response, Update
from .ownership import alike_exists, already_there, only_one
from .places import in_program_order
from .reports import Reports
from .results import Missing, State
from .section import Progress

UNTIL_SHOWN = 0.2
"""Seconds: the engine calls `diff` for every resource of the state, each within milliseconds of its registration."""


class Create:
    """The create of one resource.

    Args:
        handler: the handler of the resource type.
        reports: builds its states.
        context: the call of the engine.
        desired: the program's values.
    """

    def __init__(self, handler: Handler, reports: Reports, context: Context, desired: State) -> None:
        self._handler, self._reports = handler, reports
        self._context, self._desired = context, desired

    def run(self) -> tuple[str, State]:
        """Return the id and the state. Raises `HalfMade` where the object exists and is not finished."""
        context, desired, handler = self._context, self._desired, self._handler
        for slot in handler.shape.settable:
            secrets.unmask(slot, desired.get(slot.name), None, (slot.name,))
        adopt = desired.get("adopt")
        if isinstance(adopt, str):
            existing, only = [self._with_id(adopt)], adopt
        else:
            only = ""
            adopt = adopt or (context.adopt_all and bool(handler.declaration.natural_key))
            existing = self._with_key()
        left = Interrupted(handler, context, desired, existing).find(only)
        if left is not None:
            if handler.is_of_use(left):
                return self._resume(left)
            self._discard(left)
        if isinstance(adopt, str):
            return adopt, self._adopt(adopt, existing[0])
        for found in existing if adopt else []:
            context.ownership.record(context.domain, handler.owned_as, handler.id_of(found), context.urn)
        if adopt and existing:
            chosen = only_one(handler.describe_key(desired), existing, handler.id_name)
            return handler.id_of(chosen), self._adopt(handler.id_of(chosen), chosen)
        self._refuse_conflict(existing)
        return self._create(existing)

    # ------------------------------------------------------------ what exists

    def _with_key(self) -> list[Response]:
        """The objects with the natural key. Raises `ResourceError` where another resource has claimed it."""
        context, desired, handler = self._context, self._desired, self._handler
        key, kind = handler.describe_key(desired), handler.declaration.name
        is_unique = bool(handler.declaration.natural_key) and not handler.adopts_by_id
        if is_unique and not context.ownership.claim_key(context.domain, kind, key, context.urn):
            raise ResourceError(f"another resource of this program already has {key}: remove one of the two")
        existing = handler.find(context, desired)
        context.ownership.settle_key(context.domain, kind, key)
        if existing and not is_unique:
            # The engine may still be about to show the resource of this program that an equal object belongs to.
            context.api.pause(UNTIL_SHOWN)
            existing = [f for f in existing if not context.is_owned_by_another(handler.owned_as, handler.id_of(f))]
        return existing

    def _with_id(self, id: str) -> Response:
        """The object that the program adopts by its id. Raises `ResourceError` where it is none of this type."""
        # Even if the adoption fails, an older name of the resource must not delete the object.
        context, handler = self._context, self._handler
        context.ownership.record(context.domain, handler.owned_as, id, context.urn)
        try:
            found = handler.read(Reading(context, id, {}))
        except Missing:
            raise ResourceError(
                f'adopt="{id}": the portal has no such {handler.kind_name}: give the {handler.id_label} of one, or '
                "leave adopt out to create one"
            ) from None
        for name, value in handler.declaration.constants.items():
            if found.get(name) not in (None, value):
                raise ResourceError(f'adopt="{id}": on the portal its {name} is "{found[name]}", and not "{value}"')
        return found

    def _refuse_conflict(self, existing: Sequence[Response]) -> None:
        """Raise `ResourceError` where an existing object forbids a new one."""
        context, desired, handler = self._context, self._desired, self._handler
        conflict = next((found for found in existing if handler.conflicts(context, found, desired)), None)
        if conflict is not None:
            id = handler.id_of(conflict)
            is_owned = context.is_owned_by_another(handler.owned_as, id)
            context.ownership.record(context.domain, handler.owned_as, id, context.urn)
            key = handler.describe_key(desired)
            raise already_there(key, id, is_owned=is_owned, adopt_by_id=handler.adopts_by_id)
        if context.adopt_all and not handler.has_key(desired):
            alike = [handler.id_of(found) for found in handler.find_alike(context, desired)]
            free = [id for id in alike if not context.is_owned(handler.owned_as, id)]
            if free:
                raise alike_exists(handler.kind_name, free)

    # ------------------------------------------------------------ create

    def _create(self, existing: Sequence[Response]) -> tuple[str, State]:
        context, desired, handler = self._context, self._desired, self._handler
        alike = existing if handler.has_key(desired) else handler.find_alike(context, desired)
        perhaps_left = [] if handler.has_key(desired) else self._perhaps_left(alike)
        creation = Creation(context, desired, tuple(alike), context.intent.begun())
        self._begin(alike)
        try:
            with in_program_order(context, handler.shape, desired):
                response = handler.create(creation)
        except PortalError as error:
            if not error.may_have_arrived and error.tries == 1:
                context.intent.drop()
            raise
        id = handler.id_of(response)
        context.intent.made(id, response.get("created_at"), is_private=handler.is_id_private)
        if perhaps_left and not context.is_recorded:
            context.info(
                f"the portal also has {', '.join(perhaps_left)}, which existed before and looks the same: if an "
                "interrupted `up` on another machine created it, delete it in the back office"
            )
        if desired.get("adopt"):
            context.warn(
                f"adopt: there is no {handler.kind_name} to take over, so one was created; it is deleted with the "
                "resource"
            )
        return id, self._complete(id, response, is_new=True)

    def _begin(self, alike: Sequence[Response]) -> None:
        context, handler = self._context, self._handler
        key = handler.describe_key(self._desired)
        context.intent.begin(context.api.now(), key, [handler.id_of(found) for found in alike])

    def _perhaps_left(self, alike: Sequence[Response]) -> list[str]:
        """The objects without a natural key that an interrupted `up` on another machine may have left.

        Raises `ResourceError` where the stack's state contains the create of this resource that such an `up` began.
        """
        context, handler = self._context, self._handler
        unused = [handler.id_of(f) for f in alike if handler.is_untouched(f)]
        free = [id for id in unused if not context.is_owned(handler.owned_as, id)]
        # A note of this machine would have shown the object.
        if free and context.intent.begun() is None and context.was_begun():
            raise ResourceError(
                f"an earlier `up` of this stack was interrupted while it created this {handler.kind_name}, and may "
                f"have made {' or '.join(free)}. Nothing was written. If it did, `pulumi config set "
                f"opendatasoft:resume {free[0]}` finishes it; if not, `pulumi refresh --clear-pending-creates`"
            )
        return free

    def _complete(self, id: str, response: Response, *, is_new: bool) -> State:
        """Do everything after the object exists. A failure raises `HalfMade`, so that the object is recorded."""
        context, desired, handler = self._context, self._desired, self._handler
        context.ownership.record(context.domain, handler.owned_as, id)
        update = Update(context, id, {}, desired, frozenset(desired), response)
        state = self._reports.written(update, self._reports.fingerprints(update))
        sections = [s for s in handler.sections if any(n in desired for n in s.names)]
        return finish(handler, update, sections, Progress(state, is_new))

    # ------------------------------------------------------------ what an interrupted `up` left

    def _resume(self, left: Response) -> tuple[str, State]:
        """Finish the object of an interrupted `up`; it belongs to the resource as if that had finished it."""
        context, desired, handler = self._context, self._desired, self._handler
        id = handler.id_of(left)
        context.info(f"{id} was created by an interrupted `up` of this resource: it is finished now")
        if context.intent.begun() is None:
            self._begin([])
        context.intent.made(id, left.get("created_at"), is_private=handler.is_id_private)
        change = Change(context, id, {}, desired, frozenset(desired))
        with in_program_order(context, handler.shape, desired):
            response = handler.resume(change.of(handler.prepare(change)))
        return id, self._complete(id, response, is_new=False)

    def _discard(self, left: Response) -> None:
        """Delete the object of an interrupted `up` that cannot be finished.

        Raises `ResourceError` where the user named it, and it must not be deleted.
        """
        context, handler = self._context, self._handler
        id = handler.id_of(left)
        if context.intent.begun() is None:
            handler.refuse_delete(Reading(context, id, {}))  # only the user says that it may be deleted
        context.info(
            f"{id} was created by an interrupted `up` of this resource, and cannot be finished: it is deleted, and "
            "another created"
        )
        handler.delete(Reading(context, id, {UNFINISHED: True}))

    # ------------------------------------------------------------ adopt

    def _adopt(self, id: str, found: Response) -> State:
        """Take over an existing object by only reading it. The next `up` applies the program.

        Returns the state, with the actual values of the managed properties. Raises `ResourceError` where another
        resource of the program owns the object.
        """
        context, desired, handler = self._context, self._desired, self._handler
        if context.is_owned_by_another(handler.owned_as, id):
            raise ResourceError(
                f"another resource of this program already has the {handler.kind_name} {id}: remove one of the two"
            )
        context.ownership.record(context.domain, handler.owned_as, id)
        desired_state = {**desired, "adopted": True, "domain": context.domain}
        # The values that the portal never returns are unknown: without them in the state, the next `up` sends them.
        reading = Reading(context, id, codec.without_write_only(handler.shape, desired_state))
        state = handler.after_adoption(reading, self._reports.managed(reading, found))
        for owned_as, key in handler.owner_keys(id, state):
            context.ownership.record(context.domain, owned_as, key)
        differing = [s.name for s in handler.shape.settable if handler.differs(s, state, desired)]
        changes = f"the next `up` changes: {', '.join(differing)}" if differing else "it is as the program declares"
        context.info(f"adopted {id}, only read; {changes}")
        return state
