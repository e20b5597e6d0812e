"""The lifecycle of a resource between a program and the portal: check, diff, create, read, update, delete."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path

from ..schema import carried, codec, comparison, secrets
from ..schema.canonical import canonical_in_both_orders, is_known
from ..schema.failure import Failure
from .context import Context
from .create import Create
from .finish import UNFINISHED, finish
from .handler import Handler
from .operations import Change, Reading
from .places import in_program_order
from .reports import Reports
from .results import Diff, Missing, State
from .safeguards import Presence, confirm_gone
from .section import SEEN, Progress
from .texts import Texts, changes

STEERING = ("adopt", "portal")
INCOMPLETE = "incomplete"

IsDeleted = Callable[[str, str], bool]
"""Whether this process deleted the object of a reference: (`Group.uid`, an id)."""


class Lifecycle:
    """The lifecycle of one resource type, in the steps of its handler.

    A state contains the desired values by the names of the inputs (a property that is present is managed), the
    computed properties, and `_seen`, the fingerprints of normalised values as the portal returns them.
    """

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.declaration = handler.declaration
        self.shape = handler.shape
        self._reports = Reports(handler)

    # ------------------------------------------------------------ check and diff: no call is made here

    def check(self, prior: State, inputs: Mapping[str, object]) -> tuple[State, list[Failure]]:
        """The inputs in their canonical form, and the failures of validation."""
        given = {k: v for k, v in inputs.items() if v is not None}
        lost = carried.failures(given)
        if lost:
            return {}, lost
        # Messages count the members of a list as the program has them.
        desired, in_order = canonical_in_both_orders(self.shape, given)
        # Imported here, because it loads pydantic's core, which neither a program nor a refresh needs.
        from ..schema.validation import failures  # noqa: PLC0415

        of_types = failures(self.shape, in_order)
        if of_types:
            return desired, of_types
        if not prior and (unknown := secrets.masked(self.shape, desired)):
            return desired, unknown
        of_sections = [failure for section in self.handler.sections for failure in section.check(in_order)]
        return desired, of_sections + self.handler.check(prior, desired)

    def diff(
        self,
        prior: State,
        desired: State,
        *,
        adopt_all: bool = False,
        keep_adopted: bool = False,
        is_deleted: IsDeleted = lambda refers_to, id: False,
        texts: Texts | None = None,
    ) -> Diff:
        """Compare the desired values with the state.

        Args:
            prior: the state.
            desired: the program's values, in canonical form.
            adopt_all: whether this whole `up` adopts existing objects.
            keep_adopted: whether adopted objects stay so although the program does not adopt them.
            is_deleted: whether this process deleted the object of a reference.
            texts: the texts that are known by their hashes, for the lines that change.

        Returns:
            The properties that differ, and those that replace the resource.
        """
        changed = self._changed(prior, desired, is_deleted)
        immutable = set(comparison.immutable_changes(self.shape, prior, desired))
        replaces = tuple(
            name
            for name in changed
            # An immutable reference to an object that was made anew replaces, though its id may be the same one.
            if name in immutable or (self.shape[name].behaviour.immutable and _is_another(prior, desired, name))
        )
        replaces += self.handler.replaces_beyond_change(prior)
        kept = {*desired, *self.handler.defaults_for(frozenset(changed), desired), *STEERING}
        released = [n for n in changed if n in prior and n not in kept]
        notes = [f"{name}: no longer managed, left as they are" for name in released if self.shape[name].is_managed]
        of_texts = [
            change
            for slot in (self.shape[name] for name in changed if name in desired and name in prior)
            for change in changes(slot, prior[slot.name], desired[slot.name], texts or Texts(), Path())
        ]
        is_adopted = bool(prior.get("adopted"))
        ours_now = is_adopted and not _stays_adopted(prior, desired, adopt_all or keep_adopted)
        if ours_now:
            notes.append("`adopt` was taken out: from now on, deleting the resource deletes the object")
        unfinished = ours_now or self._is_unfinished(prior, desired)
        return Diff(changed, replaces, unfinished, tuple(notes), tuple(of_texts))

    def _changed(self, prior: State, desired: State, is_deleted: IsDeleted) -> tuple[str, ...]:
        """The properties that differ, or that refer to an object which this process has deleted."""
        return tuple(
            slot.name
            for slot in self.shape.settable
            if self.handler.differs(slot, prior, desired)
            or (
                slot.name in self._referring
                and any(is_deleted(*reference) for reference in codec.references(slot, desired.get(slot.name)))
            )
        )

    @functools.cached_property
    def _referring(self) -> frozenset[str]:
        """The properties that can contain references: the values of all others need no walk for them."""
        return frozenset(slot.name for slot in self.shape.settable if codec.may_refer(slot))

    def _is_unfinished(self, prior: State, desired: State) -> bool:
        is_marked = bool(prior.get(INCOMPLETE) or prior.get(UNFINISHED))
        return is_marked or self.handler.is_unfinished(prior, desired)

    # ------------------------------------------------------------ create

    def create(self, context: Context, desired: State) -> tuple[str, State]:
        """Create the object, finish one that an interrupted `up` of this resource created, or adopt an existing one.

        Returns the id and the state. Raises `ResourceError` and `PortalError` before the object exists, and
        `HalfMade` afterwards.
        """
        return Create(self.handler, self._reports, context, desired).run()

    # ------------------------------------------------------------ read

    def read(self, context: Context, id: str, state: State) -> State:
        """Return the state after a read. Without a prior state (`get`), it contains everything that can be read.

        Raises `Missing` where the object does not exist, and `ConfigurationError` where that is doubtful.
        """
        reading = Reading(context, id, state, fresh=False)
        is_managed = bool(state.get("domain"))
        try:
            response = self.handler.read(reading)
        except Missing as missing:
            if is_managed and self.handler.may_be_absent(state):
                return self.handler.after_read(reading, state)
            if is_managed and not missing.is_certain:
                confirm_gone(context.domain, self.handler.presence, context.survey(), context.census)
            raise
        if self.handler.presence is Presence.EVIDENCE:
            context.census.found()
        report = self._reports.managed if is_managed else self._reports.everything
        return self.handler.after_read(reading, report(reading, response))

    # ------------------------------------------------------------ update and delete

    def update(self, context: Context, id: str, prior: State, desired: State) -> State:
        """Change the object as the program desires it; returns the state. Only changed sections are read and written.

        Args:
            context: the call of the engine.
            id: the id of the object.
            prior: the state.
            desired: the program's values.

        Raises:
            ResourceError, PortalError: nothing was written.
            HalfMade: a later step failed; the state of the exception contains all that was done.
        """
        with self.handler.lock(Reading(context, id, prior)):
            return self._update(context, id, prior, desired)

    def _update(self, context: Context, id: str, prior: State, desired: State) -> State:
        handler = self.handler
        context.ownership.record(context.domain, handler.owned_as, id)
        differing = frozenset(
            self._changed(prior, desired, functools.partial(context.ownership.is_deleted, context.domain))
        )
        changed = differing | handler.dependents_of(differing, prior, desired)
        released = {n for s in handler.sections if not any(n in desired for n in s.names) for n in s.computes}
        computed = {n: v for n, v in self._reports.computed_in(prior).items() if n not in released}
        computed["adopted"] = _stays_adopted(prior, desired, context.adopt_all or context.keep_adopted)
        computed.pop(INCOMPLETE, None)
        defaults = handler.defaults_for(changed, desired)
        fingerprints = self._reports.remaining_fingerprints(prior, desired)
        managed = {n for n in changed if (n in desired or n in defaults) and self.shape[n].is_managed}
        if not managed and not self._is_unfinished(prior, desired):
            # Only the state changes: a property is no longer managed, or one controls the provider alone.
            return computed | ({SEEN: fingerprints} if fingerprints else {}) | desired
        change = Change(context, id, prior, desired, changed)
        update = change.of(handler.prepare(change))
        if managed - handler.section_names:
            complete = handler.unmask(update.having(desired=defaults | desired))
            with in_program_order(context, self.shape, complete):
                update = update.having(response=handler.update(update.having(desired=complete)))
            of_sections = self._reports.section_fingerprints(fingerprints)
            fingerprints = of_sections | self._reports.fingerprints(update)
        state = computed | self._reports.written(update, fingerprints) | {"adopted": computed["adopted"]}
        # Until a section is begun, the state contains its prior value.
        known = {n: prior.get(n) if n in changed else desired[n] for n in desired if n in handler.section_names}
        state |= {n: v for n, v in known.items() if v is not None}
        sections = [s for s in handler.sections if changed.intersection(s.names) and any(n in desired for n in s.names)]
        return finish(handler, update, sections, Progress(state))

    def delete(self, context: Context, id: str, state: State) -> None:
        """Delete the object, unless another resource of the program owns it or it was only adopted."""
        owner = self._other_owner(context, id, state)
        if owner:
            context.info(f"{owner} now belongs to another resource of this program: left on the portal")
            return
        reading = Reading(context, id, state)
        if state.get("adopted"):
            self.handler.let_go(reading)
            context.info(f"{id} was adopted: left on the portal, no longer managed")
            return
        self.handler.refuse_delete(reading)
        self.handler.delete(reading)
        context.ownership.mark_deleted(context.domain, self.declaration.name, state)

    def _other_owner(self, context: Context, id: str, state: State) -> str:
        """The id under which another resource of the program owns the object; empty where none does."""
        for owned_as, key in reversed(self.handler.owner_keys(id, state)):
            if context.is_owned_by_another(owned_as, key):
                return key
        if not self.declaration.natural_key or self.handler.adopts_by_id:
            return ""
        key = self.handler.describe_key(state)
        kind = self.declaration.name
        return id if context.ownership.is_claimed_by_another(context.domain, kind, key, context.urn) else ""


def _stays_adopted(prior: State, desired: State, is_kept: bool) -> bool:
    """Whether an object that was taken over is still not the stack's own.

    Args:
        prior: the state.
        desired: the program's values. `adopt=False` makes a single object the stack's own.
        is_kept: whether the configuration keeps what was taken over.
    """
    adopt = desired.get("adopt")
    return bool(prior.get("adopted")) and bool(adopt or (is_kept and adopt is None))


def _is_another(prior: State, desired: State, name: str) -> bool:
    """Whether both values are known: to begin or to stop managing something never replaces, nor does an unknown."""
    return prior.get(name) is not None and desired.get(name) is not None and is_known(desired[name])
