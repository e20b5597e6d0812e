"""What happens to a resource between a program and the portal: check, diff, create, read, update, delete."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import Problem
from ..schema import codec, comparison, secrets
from ..schema.canonical import canonical_members, is_known
from ..schema.validation import Failure, failures
from .context import Run
from .finish import UNFINISHED, Completion
from .ownership import already_there, only_one
from .results import Diff, Gone, State
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

    def check(self, before: State, given: Mapping[str, Any]) -> tuple[State, list[Failure]]:
        """The inputs in their one spelling, and what is wrong with them."""
        asked = canonical_members(self.it.shape, {k: v for k, v in given.items() if v is not None})
        wrong = failures(self.it.shape, asked)
        if wrong:
            return asked, wrong
        return asked, [f for section in self.sections for f in section.refuses(asked)] + self.refuses(before, asked)

    def diff(
        self,
        before: State,
        asked: State,
        *,
        adopt_all: bool = False,
        is_lost: Callable[[str, str], bool] = lambda refers_to, id: False,
    ) -> Diff:
        """Which properties a program has changed since it was last heard.

        `is_lost` says of what a property refers to whether this process has deleted it (and made it again).
        """
        changed = self._changed(before, asked, is_lost)
        replaces = tuple(
            name
            for name in changed
            if self.it.shape[name].behaviour.immutable
            and before.get(name) is not None
            and asked.get(name) is not None
            and is_known(asked[name])
        )
        said = {*asked, *self.meant(set(changed), asked), *STEERING}
        released = [n for n in changed if n in before and n not in said]
        notes = [f"{name}: no longer managed, left as they are" for name in released if self.is_managed(name)]
        ours_now = bool(before.get("adopted")) and not (asked.get("adopt") or adopt_all)
        if ours_now:
            notes.append("`adopt` was taken out: from now on, deleting the resource deletes the object")
        unfinished = ours_now or self._is_unfinished(before, asked)
        return Diff(changed, replaces, unfinished, tuple(notes))

    def _changed(self, before: State, asked: State, is_lost: Callable[[str, str], bool]) -> tuple[str, ...]:
        """What the program says differently, or says of an object that was made anew since."""
        return tuple(
            slot.name
            for slot in self.it.shape.settable
            if self.differs(slot, before, asked)
            or any(is_lost(*place) for place in codec.references(slot, asked.get(slot.name)))
        )

    def _is_unfinished(self, before: State, asked: State) -> bool:
        return bool(before.get(INCOMPLETE) or before.get(UNFINISHED)) or self.is_unfinished(before, asked)

    # ------------------------------------------------------------ create

    def create(self, run: Run, asked: State) -> tuple[str, State]:
        """Make the object, finish what a dead run of this resource left, or take over what exists.

        Raises `Problem` and `PortalError` while nothing exists yet, `HalfMade` afterwards.
        """
        for slot in self.it.shape.settable:
            secrets.spoken(slot, asked.get(slot.name), None, (slot.name,))
        adopt: bool | str = asked.get("adopt") or (run.adopt_all and bool(self.it.natural_key))
        if isinstance(adopt, str):
            # Before anything can fail: whatever comes of it, no older name may take the object away.
            run.held.hold(run.domain, self.held_as, adopt, run.urn)
            return adopt, self.adopt(run, adopt, self._named(run, adopt), asked)
        if self.it.natural_key and not self.adopts_by_id:
            key = self.key_words(asked)
            if not run.held.claim(run.domain, self.it.name, key, run.urn):
                raise Problem(f"another resource of this program already has {key}: one of the two must go")
        known = self.existing(run, asked)
        run.held.looked(run.domain, self.it.name, self.key_words(asked))
        for there in known if adopt else []:
            run.held.hold(run.domain, self.held_as, self.id_of(there), run.urn)
        unfinished = next((there for there in known if self.is_unfinished_work_of(run, there)), None)
        if unfinished is not None:
            id = self.id_of(unfinished)
            run.say(f"{id} is what an earlier run of this resource began: it is finished now")
            answer = self.write(run, id, unfinished, asked, {})
        elif adopt and known:
            chosen = only_one(self.key_words(asked), known, self.id_name)
            return self.id_of(chosen), self.adopt(run, self.id_of(chosen), chosen, asked)
        else:
            in_the_way = next((there for there in known if self.is_in_the_way(run, there, asked)), None)
            if in_the_way is not None:
                id = self.id_of(in_the_way)
                held = run.held.belongs_to_another(run.domain, self.held_as, id, run.urn)
                run.held.hold(run.domain, self.held_as, id, run.urn)
                raise already_there(self.key_words(asked), id, held=held, adopt_by_id=self.adopts_by_id)
            answer = self.make(run, asked, known)
            id = self.id_of(answer)
            if asked.get("adopt"):
                run.warn(f"adopt: there was no {self.noun} to take over, so one was made, which goes with the resource")
        run.held.hold(run.domain, self.held_as, id)
        return id, self._complete(run, id, answer, asked, is_new=unfinished is None)

    def _named(self, run: Run, id: str) -> Mapping[str, Any]:
        try:
            found = self.fetch(run, id)
        except Gone:
            raise Problem(f'adopt="{id}": the portal has no such {self.noun}') from None
        for name, value in self.it.constants.items():
            if found.get(name) not in (None, value):
                raise Problem(f'adopt="{id}": on the portal its {name} is "{found[name]}", and not "{value}"')
        return found

    def adopt(self, run: Run, id: str, found: Mapping[str, Any], asked: State) -> State:
        """Take over an existing object: only read it. The next `up` applies the program."""
        if run.held.belongs_to_another(run.domain, self.held_as, id, run.urn):
            raise Problem(f"another resource of this program already has the {self.noun} {id}: one of the two must go")
        run.held.hold(run.domain, self.held_as, id)
        asked_state = {**asked, "adopted": True, "domain": run.domain}
        # What the portal never tells may be another there: it counts as not yet asked, and is sent by the next `up`.
        told = codec.without_write_only(self.it.shape, asked_state)
        state = self._reported(run, id, found, told)
        differing = [s.name for s in self.it.shape.settable if self.differs(s, state, asked)]
        changes = f"the next `up` changes: {', '.join(differing)}" if differing else "it is as the program says"
        run.say(f"adopted {id}, only read; {changes}")
        return state

    def _complete(self, run: Run, id: str, answer: Mapping[str, Any], asked: State, *, is_new: bool) -> State:
        """Everything after the object exists. What fails here loses nothing that was made."""
        own = {n: v for n, v in asked.items() if n not in self._sectioned}
        state = self._composed(run, answer, own, self._seen(run, answer, own))
        steps = [s for s in self.sections if any(n in asked for n in s.names)]
        return self._finish(run, id, answer, steps, set(asked), asked, {}, Work(state, is_new))

    # ------------------------------------------------------------ read

    def read(self, run: Run, id: str, state: State) -> State:
        """What the state should say after a look at the portal. Raises `Gone`.

        Without a remembered state (`get`) it tells everything that can be read.
        """
        is_remembered = bool(state.get("domain"))
        try:
            answer = self.look(run, id, state)
        except Gone:
            if is_remembered and self.may_be_absent(state):
                return state
            if is_remembered:
                confirm_gone(run.domain, self.collection, run.look_around(), run.census)
            raise
        if self.collection != PEOPLE:
            run.census.found()
        return self._reported(run, id, answer, state) if is_remembered else self._everything(run, id, answer)

    def _reported(self, run: Run, id: str, answer: Mapping[str, Any], state: State) -> State:
        fingerprints: Mapping[str, str] = state.get(SEEN) or {}
        report: State = {}
        for slot in self.it.shape.settable:
            if slot.name in state and slot.name not in self._sectioned:
                told = None if slot.behaviour.local else self.tell(run, answer, slot)
                report[slot.name] = comparison.reported(slot, state[slot.name], told, fingerprints, (slot.name,))
        computed = self._computed(run, answer) | {n: state[n] for n in ("adopted", SEEN, UNFINISHED) if n in state}
        for section in self.sections:
            if any(name in state for name in section.names):
                report |= section.report(run, id, answer, state)
        learned = {n: v for n, v in self._learned(state).items() if n not in computed}
        told = {n: v for n, v in (learned | computed | report).items() if v is not None}
        return secrets.concealed(self.it.shape, told, state)

    def _everything(self, run: Run, id: str, answer: Mapping[str, Any]) -> State:
        own = [s for s in self.it.shape.settable if s.name not in self._sectioned and not s.behaviour.local]
        state = self._computed(run, answer) | {slot.name: self.tell(run, answer, slot) for slot in own}
        for section in self.sections:
            state |= section.tell(run, id, answer)
        return secrets.concealed(self.it.shape, {n: v for n, v in state.items() if v is not None}, {})

    def _computed(self, run: Run, answer: Mapping[str, Any]) -> State:
        computed = {slot.name: self.tell(run, answer, slot) for slot in self.it.shape.computed}
        return {n: v for n, v in computed.items() if v is not None} | {"domain": run.domain, "adopted": False}

    def _composed(self, run: Run, answer: Mapping[str, Any], asked: State, fingerprints: Mapping[str, str]) -> State:
        """The state after a write: what was asked, what the portal set, and what it made of normalised values."""
        state = self._computed(run, answer) | asked
        return state | ({SEEN: dict(fingerprints)} if fingerprints else {})

    def _seen(self, run: Run, answer: Mapping[str, Any], own: State) -> dict[str, str]:
        """What the portal made of the object's own normalised values, from its answer to a write of them."""
        found: dict[str, str] = {}
        for slot in self.it.shape.settable:
            if slot.name in own and not slot.behaviour.local:
                found |= comparison.seen(slot, own[slot.name], self.tell(run, answer, slot), (slot.name,))
        return found

    # ------------------------------------------------------------ update and delete

    def update(self, run: Run, id: str, before: State, asked: State) -> State:
        """Make the live object what the program asks. Only what changed is read and written."""
        run.held.hold(run.domain, self.held_as, id)
        changed = set(self._changed(before, asked, functools.partial(run.held.is_lost, run.domain)))
        changed |= self.drawn_in(changed, before, asked)
        released = {n for s in self.sections if not any(n in asked for n in s.names) for n in s.learns}
        computed = {n: v for n, v in self._learned(before).items() if n not in released}
        computed["adopted"] = bool(before.get("adopted")) and bool(asked.get("adopt") or run.adopt_all)
        computed.pop(INCOMPLETE, None)
        meant = self.meant(changed, asked)
        fingerprints = self._still_managed(before, asked)
        wanted = {n for n in changed if (n in asked or n in meant) and self.is_managed(n)}
        if not wanted and not self._is_unfinished(before, asked):
            # Something was let go of, or steers us: no call, only another memory.
            return computed | ({SEEN: fingerprints} if fingerprints else {}) | asked
        answer = self.fetch_for_update(run, id, changed, asked, before)
        own = {n: v for n, v in asked.items() if n not in self._sectioned}
        if wanted - self._sectioned:
            answer = self.write(run, id, answer, self.spoken(run, answer, meant | asked), before)
            of_sections = {path: mark for path, mark in fingerprints.items() if _first_step(path) in self._sectioned}
            fingerprints = of_sections | self._seen(run, answer, own)
        state = computed | self._composed(run, answer, own, fingerprints) | {"adopted": computed["adopted"]}
        # Until a section is begun, the state says what it was.
        known = {n: before.get(n) if n in changed else asked[n] for n in asked if n in self._sectioned}
        state |= {n: v for n, v in known.items() if v is not None}
        steps = [s for s in self.sections if changed.intersection(s.names) and any(n in asked for n in s.names)]
        return self._finish(run, id, answer, steps, changed, asked, before, Work(state))

    def _is_anothers(self, run: Run, id: str, state: State) -> bool:
        """Whether another resource of the program names the object, by its id or by what it is found by."""
        if run.held.belongs_to_another(run.domain, self.held_as, id, run.urn):
            return True
        if not self.it.natural_key or self.adopts_by_id:
            return False
        return run.held.is_looked_for_by_another(run.domain, self.it.name, self.key_words(state), run.urn)

    def _learned(self, state: State) -> State:
        """What a state has beside what was asked: the computed properties, and what sections keep for themselves."""
        names = [s.name for s in self.it.shape.computed] + [n for s in self.sections for n in s.learns]
        return {name: state[name] for name in names if name in state}

    @staticmethod
    def _still_managed(before: State, asked: State) -> dict[str, str]:
        """The fingerprints of what is still asked for: what is let go of may become anything."""
        return {path: mark for path, mark in (before.get(SEEN) or {}).items() if _first_step(path) in asked}

    def delete(self, run: Run, id: str, state: State) -> None:
        """Delete the object, unless something that the program still names has it, or it was only adopted."""
        if self._is_anothers(run, id, state):
            run.say(f"{id} now belongs to another resource of this program: left on the portal")
            return
        if state.get("adopted"):
            run.say(f"{id} was adopted: left on the portal, no longer managed")
            return
        self.remove(run, id, state)
        run.held.lose(run.domain, self.it.name, state)


def _first_step(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
