"""What one kind of thing does its own way: how it is found, made, read, written and named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ..client.errors import NotFound
from ..errors import Problem
from ..schema import codec, comparison, secrets
from ..schema.canonical import typed
from ..schema.property import NAME
from ..schema.types import Slot
from ..schema.typos import mistyped
from ..schema.validation import Failure
from .context import Run
from .results import Gone, State
from .section import Section

if TYPE_CHECKING:
    from .declaration import Declaration


class Noun:
    """What `Lifecycle` asks of a kind of thing. A noun overrides what its API spells differently."""

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

    @property
    def held_as(self) -> str:
        """Where the objects are of which this process remembers whose they are: types of one collection share them."""
        return self.collection

    def key_words(self, asked: State) -> str:
        """How a message calls the natural key: `a dataset with dataset_id "air"`."""
        given = [f'{name} "{asked.get(name)}"' for name in self.it.natural_key]
        return f"a {self.noun} with {' and '.join(given)}"

    @property
    def noun(self) -> str:
        """What messages call the kind: `dataset`, `HTTP connection`."""
        return self.it.name.lower()

    @property
    def listed_by(self) -> str:
        """The member of a listing's rows by which an object is found there."""
        return str(self.id_name)

    @property
    def id_word(self) -> str:
        """How a message calls the resource's id."""
        return str(self.id_name)

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

    def meant(self, changed: set[str], asked: State) -> State:
        """What a program says of an existing object by leaving a property out that it gave before: its default."""
        return {n: v for n, v in self.defaults().items() if n in changed and n not in asked and v is not None}

    def is_in_the_way(self, run: Run, found: Mapping[str, Any], asked: State) -> bool:
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
        found = run.shared(id)
        if found is None:
            raise Gone
        return found

    def may_be_absent(self, state: State) -> bool:
        """Whether an object may be there though a look does not find it: its absence is not a loss."""
        return False

    def write(self, run: Run, id: str, live: Mapping[str, Any], asked: State, before: State) -> Mapping[str, Any]:
        """Change the object itself: the live object, overlaid with what is managed."""
        computed = {slot.name for slot in self.it.shape.computed}
        kept = {name: value for name, value in live.items() if name not in computed}
        return self.put(run, id, kept | self.body(asked, before)) or live

    def put(self, run: Run, id: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The one call of a change."""
        answer: Mapping[str, Any] = run.api.put(self.place(id), body)
        return answer

    def remove(self, run: Run, id: str, state: State) -> None:
        """Delete the object; something that is gone already is fine."""
        run.api.delete(self.place(id))

    def id_of(self, answer: Mapping[str, Any]) -> str:
        """The resource's id in an answer."""
        return str(answer[self.id_name])

    def tell(self, run: Run, answer: Mapping[str, Any], slot: Slot) -> Any:
        """What an answer says of one property of the object itself."""
        return codec.told(slot, answer.get(slot.name))

    def after(
        self, run: Run, id: str, answer: Mapping[str, Any], changed: set[str], asked: State, before: State
    ) -> State:
        """What is done once everything is written (a publication); returns computed properties it learned."""
        return {}

    def last_step(self, answer: Mapping[str, Any], asked: State) -> str:
        """What a message calls the step of `after`, by the property that it serves; empty where nothing is done."""
        return ""

    def left_open(self, answer: Mapping[str, Any]) -> bool | str:
        """What the state remembers when the last steps were not come to; `answer` is the object from before them."""
        return True

    def refuses(self, before: State, asked: State) -> list[Failure]:
        """What the noun refuses in a preview beyond the types; `before` is empty for a new resource."""
        return []

    def holds(self, asked: State) -> list[str]:
        """As what an unchanged object belongs to its resource."""
        return [self.held_as]

    def spoken(self, run: Run, answer: Mapping[str, Any], asked: State) -> State:
        """What is asked, with the secrets of the object itself that only the portal knows. Raises `Problem`."""
        own = [self.it.shape[n] for n in asked if n in self.it.shape and n not in self._sectioned]
        told = {s.name: self.tell(run, answer, s) for s in own}
        return asked | {s.name: secrets.spoken(s, asked[s.name], told[s.name], (s.name,)) for s in own}

    def drawn_in(self, changed: set[str], before: State, asked: State) -> set[str]:
        """What has to be looked at again because something else changes, though the program says it as before."""
        return set()

    def remarks(self, before: State, asked: State) -> list[str]:
        """What a person should know before saying yes: words that look mistyped."""
        return list(mistyped(self.it.shape, asked))

    def differs(self, slot: Slot, before: State, asked: State) -> bool:
        """Whether the program asks something else for one property."""
        return not comparison.same(slot, before.get(slot.name), asked.get(slot.name))

    def is_managed(self, name: str) -> bool:
        """Whether a property is something on the portal, not something that steers us."""
        return not self.it.shape[name].behaviour.local

    def is_unfinished(self, before: State, asked: State) -> bool:
        """Whether something is left to do though the program is as it was."""
        return False

    def fetch_for_update(self, run: Run, id: str, changed: set[str], asked: State, before: State) -> Mapping[str, Any]:
        """The live object that an update starts from."""
        try:
            return self.fetch(run, id)
        except Gone:
            raise Problem(f"{id} is no longer on {run.domain}: `pulumi refresh`, then `up` makes it anew") from None

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
            body[slot.name] = codec.sent(slot, asked[slot.name], (before or {}).get(slot.name))
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
