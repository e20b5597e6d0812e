"""What happens to a resource between a program and the portal: check, diff, create, read, update, delete."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import ResourceError
from ..schema import codec, comparison, secrets
from ..schema.canonical import canonical_members, is_known
from ..schema.validation import Failure, failures
from .context import Context
from .finish import UNFINISHED, Completion
from .ownership import already_there, only_one
from .results import Diff, Missing, State
from .safeguards import PEOPLE, confirm_gone
from .section import SEEN, Work

STEERING = ("adopt", "portal")
INCOMPLETE = "incomplete"


class Lifecycle(Completion):
    """The life of one kind of thing.

    State: what was asked under the names of the inputs (a key present is a key managed), the computed properties
    beside it, and `_seen`, the fingerprints of what the portal made of normalised values.
    """

    # ------------------------------------------------------------ check and diff: no call is made here

    def check(self, prior: State, given: Mapping[str, Any]) -> tuple[State, list[Failure]]:
        """The inputs in their one spelling, and what is wrong with them."""
        desired = canonical_members(self.it.shape, {k: v for k, v in given.items() if v is not None})
        wrong = failures(self.it.shape, desired)
        if wrong:
            return desired, wrong
        return desired, [f for section in self.sections for f in section.refuses(desired)] + self.refuses(
            prior, desired
        )

    def diff(
        self,
        prior: State,
        desired: State,
        *,
        adopt_all: bool = False,
        is_lost: Callable[[str, str], bool] = lambda refers_to, id: False,
    ) -> Diff:
        """Which properties a program has changed since it was last heard.

        `is_lost` says of what a property refers to whether this process has deleted it (and made it again).
        """
        changed = self._changed(prior, desired, is_lost)
        replaces = tuple(
            name
            for name in changed
            if self.it.shape[name].behaviour.immutable
            and prior.get(name) is not None
            and desired.get(name) is not None
            and is_known(desired[name])
        )
        said = {*desired, *self.meant(set(changed), desired), *STEERING}
        released = [n for n in changed if n in prior and n not in said]
        notes = [f"{name}: no longer managed, left as they are" for name in released if self.is_managed(name)]
        ours_now = bool(prior.get("adopted")) and not (desired.get("adopt") or adopt_all)
        if ours_now:
            notes.append("`adopt` was taken out: from now on, deleting the resource deletes the object")
        unfinished = ours_now or self._is_unfinished(prior, desired)
        return Diff(changed, replaces, unfinished, tuple(notes))

    def _changed(self, prior: State, desired: State, is_lost: Callable[[str, str], bool]) -> tuple[str, ...]:
        """What the program says differently, or says of an object that was made anew since."""
        return tuple(
            slot.name
            for slot in self.it.shape.settable
            if self.differs(slot, prior, desired)
            or any(is_lost(*place) for place in codec.references(slot, desired.get(slot.name)))
        )

    def _is_unfinished(self, prior: State, desired: State) -> bool:
        return bool(prior.get(INCOMPLETE) or prior.get(UNFINISHED)) or self.is_unfinished(prior, desired)

    # ------------------------------------------------------------ create

    def create(self, context: Context, desired: State) -> tuple[str, State]:
        """Make the object, finish what a dead run of this resource left, or take over what exists.

        Raises `Problem` and `PortalError` while nothing exists yet, `HalfMade` afterwards.
        """
        for slot in self.it.shape.settable:
            secrets.unmask(slot, desired.get(slot.name), None, (slot.name,))
        adopt: bool | str = desired.get("adopt") or (context.adopt_all and bool(self.it.natural_key))
        if isinstance(adopt, str):
            # Before anything can fail: whatever comes of it, no older name may take the object away.
            context.held.hold(context.domain, self.held_as, adopt, context.urn)
            return adopt, self.adopt(context, adopt, self._named(context, adopt), desired)
        if self.it.natural_key and not self.adopts_by_id:
            key = self.key_words(desired)
            if not context.held.claim(context.domain, self.it.name, key, context.urn):
                raise ResourceError(f"another resource of this program already has {key}: one of the two must go")
        known = self.existing(context, desired)
        context.held.looked(context.domain, self.it.name, self.key_words(desired))
        for there in known if adopt else []:
            context.held.hold(context.domain, self.held_as, self.id_of(there), context.urn)
        unfinished = next((there for there in known if self.is_unfinished_work_of(context, there)), None)
        if unfinished is not None:
            id = self.id_of(unfinished)
            context.say(f"{id} is what an earlier run of this resource began: it is finished now")
            response = self.write(context, id, unfinished, desired, {})
        elif adopt and known:
            chosen = only_one(self.key_words(desired), known, self.id_name)
            return self.id_of(chosen), self.adopt(context, self.id_of(chosen), chosen, desired)
        else:
            in_the_way = next((there for there in known if self.is_in_the_way(context, there, desired)), None)
            if in_the_way is not None:
                id = self.id_of(in_the_way)
                held = context.held.belongs_to_another(context.domain, self.held_as, id, context.urn)
                context.held.hold(context.domain, self.held_as, id, context.urn)
                raise already_there(self.key_words(desired), id, held=held, adopt_by_id=self.adopts_by_id)
            response = self.make(context, desired, known)
            id = self.id_of(response)
            if desired.get("adopt"):
                context.warn(
                    f"adopt: there was no {self.noun} to take over, so one was made, which goes with the resource"
                )
        context.held.hold(context.domain, self.held_as, id)
        return id, self._complete(context, id, response, desired, is_new=unfinished is None)

    def _named(self, context: Context, id: str) -> Mapping[str, Any]:
        try:
            found = self.fetch(context, id)
        except Missing:
            raise ResourceError(f'adopt="{id}": the portal has no such {self.noun}') from None
        for name, value in self.it.constants.items():
            if found.get(name) not in (None, value):
                raise ResourceError(f'adopt="{id}": on the portal its {name} is "{found[name]}", and not "{value}"')
        return found

    def adopt(self, context: Context, id: str, found: Mapping[str, Any], desired: State) -> State:
        """Take over an existing object: only read it. The next `up` applies the program."""
        if context.held.belongs_to_another(context.domain, self.held_as, id, context.urn):
            raise ResourceError(
                f"another resource of this program already has the {self.noun} {id}: one of the two must go"
            )
        context.held.hold(context.domain, self.held_as, id)
        asked_state = {**desired, "adopted": True, "domain": context.domain}
        # What the portal never tells may be another there: it counts as not yet asked, and is sent by the next `up`.
        actual = codec.without_write_only(self.it.shape, asked_state)
        state = self._reported(context, id, found, actual)
        differing = [s.name for s in self.it.shape.settable if self.differs(s, state, desired)]
        changes = f"the next `up` changes: {', '.join(differing)}" if differing else "it is as the program says"
        context.say(f"adopted {id}, only read; {changes}")
        return state

    def _complete(
        self, context: Context, id: str, response: Mapping[str, Any], desired: State, *, is_new: bool
    ) -> State:
        """Everything after the object exists. What fails here loses nothing that was made."""
        own = {n: v for n, v in desired.items() if n not in self._sectioned}
        state = self._composed(context, response, own, self._seen(context, response, own))
        steps = [s for s in self.sections if any(n in desired for n in s.names)]
        return self._finish(context, id, response, steps, set(desired), desired, {}, Work(state, is_new))

    # ------------------------------------------------------------ read

    def read(self, context: Context, id: str, state: State) -> State:
        """What the state should say after a look at the portal. Raises `Gone`.

        Without a remembered state (`get`) it tells everything that can be read.
        """
        is_remembered = bool(state.get("domain"))
        try:
            response = self.look(context, id, state)
        except Missing:
            if is_remembered and self.may_be_absent(state):
                return state
            if is_remembered:
                confirm_gone(context.domain, self.collection, context.look_around(), context.census)
            raise
        if self.collection != PEOPLE:
            context.census.found()
        return (
            self._reported(context, id, response, state) if is_remembered else self._everything(context, id, response)
        )

    def _reported(self, context: Context, id: str, response: Mapping[str, Any], state: State) -> State:
        fingerprints: Mapping[str, str] = state.get(SEEN) or {}
        report: State = {}
        for slot in self.it.shape.settable:
            if slot.name in state and slot.name not in self._sectioned:
                actual = None if slot.behaviour.local else self.tell(context, response, slot)
                report[slot.name] = comparison.report(slot, state[slot.name], actual, fingerprints, (slot.name,))
        computed = self._computed(context, response) | {
            n: state[n] for n in ("adopted", SEEN, UNFINISHED) if n in state
        }
        for section in self.sections:
            if any(name in state for name in section.names):
                report |= section.report(context, id, response, state)
        learned = {n: v for n, v in self._learned(state).items() if n not in computed}
        actual = {n: v for n, v in (learned | computed | report).items() if v is not None}
        return secrets.redact(self.it.shape, actual, state)

    def _everything(self, context: Context, id: str, response: Mapping[str, Any]) -> State:
        own = [s for s in self.it.shape.settable if s.name not in self._sectioned and not s.behaviour.local]
        state = self._computed(context, response) | {slot.name: self.tell(context, response, slot) for slot in own}
        for section in self.sections:
            state |= section.tell(context, id, response)
        return secrets.redact(self.it.shape, {n: v for n, v in state.items() if v is not None}, {})

    def _computed(self, context: Context, response: Mapping[str, Any]) -> State:
        computed = {slot.name: self.tell(context, response, slot) for slot in self.it.shape.computed}
        return {n: v for n, v in computed.items() if v is not None} | {"domain": context.domain, "adopted": False}

    def _composed(
        self, context: Context, response: Mapping[str, Any], desired: State, fingerprints: Mapping[str, str]
    ) -> State:
        """The state after a write: what was asked, what the portal set, and what it made of normalised values."""
        state = self._computed(context, response) | desired
        return state | ({SEEN: dict(fingerprints)} if fingerprints else {})

    def _seen(self, context: Context, response: Mapping[str, Any], own: State) -> dict[str, str]:
        """What the portal made of the object's own normalised values, from its answer to a write of them."""
        found: dict[str, str] = {}
        for slot in self.it.shape.settable:
            if slot.name in own and not slot.behaviour.local:
                found |= comparison.fingerprints_of(
                    slot, own[slot.name], self.tell(context, response, slot), (slot.name,)
                )
        return found

    # ------------------------------------------------------------ update and delete

    def update(self, context: Context, id: str, prior: State, desired: State) -> State:
        """Make the live object what the program asks. Only what changed is read and written."""
        context.held.hold(context.domain, self.held_as, id)
        changed = set(self._changed(prior, desired, functools.partial(context.held.is_lost, context.domain)))
        changed |= self.drawn_in(changed, prior, desired)
        released = {n for s in self.sections if not any(n in desired for n in s.names) for n in s.learns}
        computed = {n: v for n, v in self._learned(prior).items() if n not in released}
        computed["adopted"] = bool(prior.get("adopted")) and bool(desired.get("adopt") or context.adopt_all)
        computed.pop(INCOMPLETE, None)
        meant = self.meant(changed, desired)
        fingerprints = self._still_managed(prior, desired)
        wanted = {n for n in changed if (n in desired or n in meant) and self.is_managed(n)}
        if not wanted and not self._is_unfinished(prior, desired):
            # Something was let go of, or steers us: no call, only another memory.
            return computed | ({SEEN: fingerprints} if fingerprints else {}) | desired
        response = self.fetch_for_update(context, id, changed, desired, prior)
        own = {n: v for n, v in desired.items() if n not in self._sectioned}
        if wanted - self._sectioned:
            response = self.write(context, id, response, self.spoken(context, response, meant | desired), prior)
            of_sections = {path: mark for path, mark in fingerprints.items() if _first_step(path) in self._sectioned}
            fingerprints = of_sections | self._seen(context, response, own)
        state = computed | self._composed(context, response, own, fingerprints) | {"adopted": computed["adopted"]}
        # Until a section is begun, the state says what it was.
        known = {n: prior.get(n) if n in changed else desired[n] for n in desired if n in self._sectioned}
        state |= {n: v for n, v in known.items() if v is not None}
        steps = [s for s in self.sections if changed.intersection(s.names) and any(n in desired for n in s.names)]
        return self._finish(context, id, response, steps, changed, desired, prior, Work(state))

    def _is_anothers(self, context: Context, id: str, state: State) -> bool:
        """Whether another resource of the program names the object, by its id or by what it is found by."""
        if context.held.belongs_to_another(context.domain, self.held_as, id, context.urn):
            return True
        if not self.it.natural_key or self.adopts_by_id:
            return False
        return context.held.is_looked_for_by_another(context.domain, self.it.name, self.key_words(state), context.urn)

    def _learned(self, state: State) -> State:
        """What a state has beside what was asked: the computed properties, and what sections keep for themselves."""
        names = [s.name for s in self.it.shape.computed] + [n for s in self.sections for n in s.learns]
        return {name: state[name] for name in names if name in state}

    @staticmethod
    def _still_managed(prior: State, desired: State) -> dict[str, str]:
        """The fingerprints of what is still asked for: what is let go of may become anything."""
        return {path: mark for path, mark in (prior.get(SEEN) or {}).items() if _first_step(path) in desired}

    def delete(self, context: Context, id: str, state: State) -> None:
        """Delete the object, unless something that the program still names has it, or it was only adopted."""
        if self._is_anothers(context, id, state):
            context.say(f"{id} now belongs to another resource of this program: left on the portal")
            return
        if state.get("adopted"):
            context.say(f"{id} was adopted: left on the portal, no longer managed")
            return
        self.remove(context, id, state)
        context.held.lose(context.domain, self.it.name, state)


def _first_step(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
