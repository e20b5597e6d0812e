"""What happens to a resource between a program and the portal: check, diff, create, read, update, delete.

Most of the API spells these alike. A noun overrides what it does differently, and gives its sections.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ..api.errors import NotFound, PortalError
from . import compare, wire
from .behaviour import NAME
from .canon import canonical_members, typed
from .checking import Failure, failures
from .identity import already_there, only_one
from .outcome import Diff, Gone, HalfMade, Problem, State
from .run import Run
from .section import SEEN, Section
from .shape import UNKNOWN, Slot

if TYPE_CHECKING:
    from .declare import Declaration

STEERING = ("adopt", "portal")


class Lifecycle:
    """The life of one kind of thing.

    State: what was asked under the names of the inputs (a key present is a key managed), the computed properties
    beside it, and `_seen`, the fingerprints of what the portal made of normalised values.
    """

    section_types: ClassVar[Sequence[type[Section]]] = ()
    """What is not part of the object itself but has calls of its own, in the order in which it is written."""

    adopts_by_id: ClassVar[bool] = False
    """Whether the natural key may fit several objects, so that a message offers adoption by the id."""

    def __init__(self, it: Declaration) -> None:
        self.it = it
        self.sections = tuple(section(it.shape[section.names[0]]) for section in self.section_types)
        self.collection = it.path.partition("{")[0]
        self.id_name = re.findall(r"{(\w+)}", it.path)[-1]
        self._sectioned = {name for section in self.sections for name in section.names}

    # ------------------------------------------------------------ what a noun may do its own way

    def existing(self, run: Run, asked: State) -> list[Mapping[str, Any]]:
        """The objects that have the natural key asked for; a noun without one has none."""
        return []

    def key_words(self, asked: State) -> str:
        """How a message calls the natural key: `a dataset with dataset_id "air"`."""
        given = [f'{name} "{asked.get(name)}"' for name in self.it.natural_key]
        return f"a {self.noun} with {' and '.join(given)}"

    @property
    def noun(self) -> str:
        """What messages call the kind: `dataset`, `HTTP connection`."""
        return self.it.name.lower()

    def is_unfinished_work_of(self, run: Run, found: Mapping[str, Any]) -> bool:
        """Whether an existing object is what a dead run of this very resource left behind."""
        return False

    def make(self, run: Run, asked: State, known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Create the object itself, and return the portal's answer; `known` are those of its key from before."""
        ids = {self.id_of(there) for there in known}

        def look() -> Mapping[str, Any] | None:
            return next((there for there in self.existing(run, asked) if self.id_of(there) not in ids), None)

        answer: Mapping[str, Any] = run.api.post(
            self.collection, self.body(self.defaults() | asked), look=look if self.it.natural_key else None
        )
        return answer

    def defaults(self) -> State:
        """What a new object gets of the properties that a program left out, where leaving out says something."""
        return {
            slot.name: slot.behaviour.default
            for slot in self.it.shape.settable
            if not slot.behaviour.local
            and slot.name not in self._sectioned
            and not slot.behaviour.required
            and (slot.behaviour.default not in (None, NAME) or slot.behaviour.null)
        }

    def is_in_the_way(self, found: Mapping[str, Any], asked: State) -> bool:
        """Whether an existing object of this natural key forbids another one beside it."""
        return True

    def fetch(self, run: Run, id: str) -> Mapping[str, Any]:
        """The object itself as the portal has it. Raises `Gone`."""
        try:
            answer: Mapping[str, Any] = run.api.get(self.place(id))
        except NotFound:
            raise Gone from None
        return answer

    def look(self, run: Run, id: str, state: State) -> Mapping[str, Any]:
        """The object for a read of the state, perhaps from a shared listing. Raises `Gone`."""
        if run.shared is None:
            return self.fetch(run, id)
        found = run.shared(self.collection, id)
        if found is None:
            raise Gone
        return found

    def write(self, run: Run, id: str, live: Mapping[str, Any], asked: State, before: State) -> Mapping[str, Any]:
        """Change the object itself: the live object, overlaid with what is managed."""
        computed = {slot.name for slot in self.it.shape.computed}
        kept = {name: value for name, value in live.items() if name not in computed}
        answer: Mapping[str, Any] = run.api.put(self.place(id), kept | self.body(asked, before))
        return answer or live

    def remove(self, run: Run, id: str, state: State) -> None:
        """Delete the object; something that is gone already is fine."""
        run.api.delete(self.place(id))

    def id_of(self, answer: Mapping[str, Any]) -> str:
        """The resource's id in an answer."""
        return str(answer[self.id_name])

    def tell(self, run: Run, answer: Mapping[str, Any], slot: Slot) -> Any:
        """What an answer says of one property of the object itself."""
        return wire.told(slot, answer.get(slot.name))

    def after(
        self, run: Run, id: str, answer: Mapping[str, Any], changed: set[str], asked: State, before: State
    ) -> State:
        """What is done once everything is written (a publication); returns computed properties it learned."""
        return {}

    def refuses(self, before: State, asked: State) -> list[Failure]:
        """What the noun refuses in a preview beyond the types; `before` is empty for a new resource."""
        return []

    def remarks(self, before: State, asked: State) -> list[str]:
        """What a person should know before saying yes."""
        return []

    # ------------------------------------------------------------ check and diff: no call is made here

    def check(self, before: State, given: Mapping[str, Any]) -> tuple[State, list[Failure]]:
        """The inputs in their one spelling, and what is wrong with them."""
        asked = canonical_members(self.it.shape, {k: v for k, v in given.items() if v is not None})
        wrong = failures(self.it.shape, asked)
        return asked, wrong or self.refuses(before, asked)

    def diff(self, before: State, asked: State, *, adopt_all: bool = False) -> Diff:
        """Which properties a program has changed since it was last heard."""
        changed = tuple(slot.name for slot in self.it.shape.settable if self.differs(slot, before, asked))
        replaces = tuple(
            name
            for name in changed
            if self.it.shape[name].behaviour.immutable
            and before.get(name) is not None
            and asked.get(name) not in (None, UNKNOWN)
        )
        released = [n for n in changed if n in before and n not in asked and n not in STEERING]
        notes = [f"{name}: no longer managed, left as they are" for name in released if self.is_managed(name)]
        ours_now = bool(before.get("adopted")) and not (asked.get("adopt") or adopt_all)
        unfinished = ours_now or self.is_unfinished(before, asked)
        return Diff(changed, replaces, unfinished, (*notes, *self.remarks(before, asked)))

    def differs(self, slot: Slot, before: State, asked: State) -> bool:
        """Whether the program asks something else for one property."""
        return not compare.same(slot, before.get(slot.name), asked.get(slot.name))

    def is_managed(self, name: str) -> bool:
        """Whether a property is something on the portal, not something that steers us."""
        return not self.it.shape[name].behaviour.local

    def is_unfinished(self, before: State, asked: State) -> bool:
        """Whether something is left to do though the program is as it was."""
        return False

    # ------------------------------------------------------------ create

    def create(self, run: Run, asked: State) -> tuple[str, State]:
        """Make the object, finish what a dead run of this resource left, or take over what exists.

        Raises `Problem` and `PortalError` while nothing exists yet, `HalfMade` afterwards.
        """
        adopt: bool | str = asked.get("adopt") or (run.adopt_all and bool(self.it.natural_key))
        if isinstance(adopt, str):
            return adopt, self.adopt(run, adopt, self._named(run, adopt), asked)
        known = self.existing(run, asked)
        unfinished = next((there for there in known if self.is_unfinished_work_of(run, there)), None)
        if unfinished is not None:
            id = self.id_of(unfinished)
            run.say(f"{id} is what an earlier run of this resource began: it is finished now")
            answer = self.write(run, id, unfinished, asked, {})
        elif adopt and known:
            chosen = only_one(self.key_words(asked), known, self.id_name)
            return self.id_of(chosen), self.adopt(run, self.id_of(chosen), chosen, asked)
        else:
            in_the_way = next((there for there in known if self.is_in_the_way(there, asked)), None)
            if in_the_way is not None:
                id = self.id_of(in_the_way)
                held = (run.domain, self.it.name, id) in run.held
                raise already_there(self.key_words(asked), id, held=held, adopt_by_id=self.adopts_by_id)
            answer = self.make(run, asked, known)
            id = self.id_of(answer)
        run.held.hold(run.domain, self.it.name, id)
        return id, self._complete(run, id, answer, asked)

    def _named(self, run: Run, id: str) -> Mapping[str, Any]:
        try:
            return self.fetch(run, id)
        except Gone:
            raise Problem(f'adopt="{id}": the portal has no such {self.noun}') from None

    def adopt(self, run: Run, id: str, found: Mapping[str, Any], asked: State) -> State:
        """Take over an existing object: only read it. The next `up` applies the program."""
        run.held.hold(run.domain, self.it.name, id)
        asked_state = {**asked, "adopted": True, "domain": run.domain}
        state = self._reported(run, id, found, asked_state)
        differing = [s.name for s in self.it.shape.settable if self.differs(s, state, asked)]
        words = f"differ from the program: {', '.join(differing)}; the next `up` changes them" if differing else "agree"
        run.say(f"adopted {id}, only read; the sections {words}")
        return state

    def _complete(self, run: Run, id: str, answer: Mapping[str, Any], asked: State) -> State:
        """Everything after the object exists. What fails here loses nothing that was made."""
        own = {n: v for n, v in asked.items() if n not in self._sectioned}
        state = self._composed(run, answer, own, {})
        steps = [s for s in self.sections if any(n in asked for n in s.names)]
        changed = set(asked)
        for number, section in enumerate(steps):
            try:
                state |= section.apply(run, id, answer, asked, {}, state)
            except Exception as error:
                waiting = [f"{later.names[0]}: not begun" for later in steps[number + 1 :]]
                raise HalfMade(id, state, [reason_of(error, section.names[0]), *waiting]) from error
            state |= {n: asked[n] for n in section.names if n in asked}
        try:
            state |= self.after(run, id, answer, changed, asked, {})
            for section in steps:
                section.finish(run, id, asked, state)
            return state
        except Exception as error:
            raise HalfMade(id, state, [reason_of(error)]) from error

    # ------------------------------------------------------------ read

    def read(self, run: Run, id: str, state: State) -> State:
        """What the state should say after a look at the portal. Raises `Gone`.

        Without a remembered state (`get`) it tells everything that can be read.
        """
        try:
            answer = self.look(run, id, state)
        except Gone:
            self.confirm_gone(run)
            raise
        return self._reported(run, id, answer, state) if state.get("domain") else self._everything(run, id, answer)

    def confirm_gone(self, run: Run) -> None:
        """A portal that shows nothing at all is the wrong portal or the wrong key, not a loss. Raises `Problem`."""
        shown = run.look_around()
        if shown and not any(shown.values()):
            raise Problem(
                f"{run.domain} shows this API key nothing at all, so it is not believed that the object is gone: "
                "is it the right portal and the right key? (If it is gone: `pulumi state delete`.)"
            )

    def _reported(self, run: Run, id: str, answer: Mapping[str, Any], state: State) -> State:
        fingerprints: Mapping[str, str] = state.get(SEEN) or {}
        report: State = {}
        for slot in self.it.shape.settable:
            if slot.name in state and slot.name not in self._sectioned:
                told = None if slot.behaviour.local else self.tell(run, answer, slot)
                report[slot.name] = compare.reported(slot, state[slot.name], told, fingerprints, (slot.name,))
        computed = self._computed(run, answer) | {n: state[n] for n in ("adopted", SEEN) if n in state}
        for section in self.sections:
            if any(name in state for name in section.names):
                report |= section.report(run, id, answer, state)
        learned = {s.name: state[s.name] for s in self.it.shape.computed if s.name in state and s.name not in computed}
        return {n: v for n, v in (learned | computed | report).items() if v is not None}

    def _everything(self, run: Run, id: str, answer: Mapping[str, Any]) -> State:
        own = [s for s in self.it.shape.settable if s.name not in self._sectioned and not s.behaviour.local]
        state = self._computed(run, answer) | {slot.name: self.tell(run, answer, slot) for slot in own}
        for section in self.sections:
            state |= section.tell(run, id, answer)
        return {name: value for name, value in state.items() if value is not None}

    def _computed(self, run: Run, answer: Mapping[str, Any]) -> State:
        computed = {slot.name: self.tell(run, answer, slot) for slot in self.it.shape.computed}
        return {n: v for n, v in computed.items() if v is not None} | {"domain": run.domain, "adopted": False}

    def _composed(self, run: Run, answer: Mapping[str, Any], asked: State, before: State) -> State:
        """The state after a write: what was asked, what the portal set, and what it made of normalised values."""
        fingerprints = dict(before.get(SEEN) or {})
        for slot in self.it.shape.settable:
            if slot.name in asked and not slot.behaviour.local and slot.name not in self._sectioned:
                fingerprints |= compare.seen(slot, asked[slot.name], self.tell(run, answer, slot), (slot.name,))
        state = self._computed(run, answer) | asked
        return state | ({SEEN: fingerprints} if fingerprints else {})

    # ------------------------------------------------------------ update and delete

    def update(self, run: Run, id: str, before: State, asked: State) -> State:
        """Make the live object what the program asks. Only what changed is read and written."""
        run.held.hold(run.domain, self.it.name, id)
        changed = {s.name for s in self.it.shape.settable if self.differs(s, before, asked)}
        computed = {s.name: before[s.name] for s in self.it.shape.computed if s.name in before}
        computed["adopted"] = bool(before.get("adopted")) and bool(asked.get("adopt") or run.adopt_all)
        wanted = {n for n in changed if n in asked and self.is_managed(n)}
        if not wanted and not self.is_unfinished(before, asked):
            # Something was let go of, or steers us: no call, only another memory.
            kept = {SEEN: before[SEEN]} if SEEN in before else {}
            return computed | kept | asked
        answer = self.fetch_for_update(run, id, changed, asked, before)
        if wanted - self._sectioned:
            answer = self.write(run, id, answer, asked, before)
        own = {n: v for n, v in asked.items() if n not in self._sectioned}
        state = computed | self._composed(run, answer, own, before) | {"adopted": computed["adopted"]}
        for section in self.sections:
            if changed.intersection(section.names):
                state |= section.apply(run, id, answer, asked, before, state)
            state |= {n: asked[n] for n in section.names if n in asked}
        state |= self.after(run, id, answer, changed, asked, before)
        for section in self.sections:
            if changed.intersection(section.names):
                section.finish(run, id, asked, state)
        return state

    def fetch_for_update(self, run: Run, id: str, changed: set[str], asked: State, before: State) -> Mapping[str, Any]:
        """The live object that an update starts from."""
        try:
            return self.fetch(run, id)
        except Gone:
            raise Problem(f"{id} is no longer on {run.domain}: `pulumi refresh`, then `up` makes it anew") from None

    def delete(self, run: Run, id: str, state: State) -> None:
        """Delete the object, unless something that the program still names has it, or it was only adopted."""
        if (run.domain, self.it.name, id) in run.held:
            run.say(f"{id} now belongs to another resource of this program: left on the portal")
            return
        if state.get("adopted"):
            run.say(f"{id} was adopted: left on the portal, no longer managed")
            return
        self.remove(run, id, state)

    # ------------------------------------------------------------ shapes

    def place(self, id: str) -> str:
        """The path of one object."""
        return f"{self.collection}{id}/"

    def body(self, asked: State, before: State | None = None) -> dict[str, Any]:
        """What a write of the object itself says: every managed property that is not a section."""
        body = dict(self.it.constants)
        for slot in self.it.shape.settable:
            if slot.behaviour.local or slot.name in self._sectioned or slot.name not in asked:
                continue
            body[slot.name] = wire.sent(slot, asked[slot.name], (before or {}).get(slot.name))
        return typed_body(body)


def typed_body(body: dict[str, Any]) -> dict[str, Any]:
    """A body with numbers as they were written; its nulls stay, for they mean something."""
    return {name: value if value is None else _typed_keeping_null(value) for name, value in body.items()}


def _typed_keeping_null(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _typed_keeping_null(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_typed_keeping_null(v) for v in value]
    return typed(value)


def reason_of(error: Exception, section: str = "") -> str:
    """One line for a step that failed; our own mistakes say that they are ours."""
    if isinstance(error, PortalError | Problem):
        text = str(error)
    else:
        text = f"{type(error).__name__}: {error} (a fault of pulumi-opendatasoft: please report it)"
    return f"{section}: {text}" if section else text
