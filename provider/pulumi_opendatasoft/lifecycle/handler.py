"""What one kind of thing does its own way: how it is found, made, read, written and named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import NotFound, ResourceError
from ..schema import codec, comparison, secrets
from ..schema.canonical import typed
from ..schema.property import NAME
from ..schema.types import Slot
from ..schema.typos import mistyped
from ..schema.validation import Failure
from .context import Context
from .results import Missing, State
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

    def existing(self, context: Context, desired: State) -> list[Mapping[str, Any]]:
        """The objects that have the natural key asked for; a noun without one has none."""
        return []

    @property
    def held_as(self) -> str:
        """Where the objects are of which this process remembers whose they are: types of one collection share them."""
        return self.collection

    def key_words(self, desired: State) -> str:
        """How a message calls the natural key: `a dataset with dataset_id "air"`."""
        given = [f'{name} "{desired.get(name)}"' for name in self.it.natural_key]
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

    def is_unfinished_work_of(self, context: Context, found: Mapping[str, Any]) -> bool:
        """Whether an existing object is what a dead run of this very resource left behind."""
        return False

    def make(self, context: Context, desired: State, known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Create the object itself, and return the portal's answer; `known` are those of its key from before."""
        ids = {self.id_of(there) for there in known}

        def look() -> Mapping[str, Any] | None:
            return next((there for there in self.existing(context, desired) if self.id_of(there) not in ids), None)

        response: Mapping[str, Any] = context.api.post(
            self.collection, self.body(self.defaults() | desired), look=look if self.it.natural_key else None
        )
        return response

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

    def meant(self, changed: set[str], desired: State) -> State:
        """What a program says of an existing object by leaving a property out that it gave before: its default."""
        return {n: v for n, v in self.defaults().items() if n in changed and n not in desired and v is not None}

    def is_in_the_way(self, context: Context, found: Mapping[str, Any], desired: State) -> bool:
        """Whether an existing object of this natural key forbids another one beside it."""
        return True

    def fetch(self, context: Context, id: str) -> Mapping[str, Any]:
        """The object itself as the portal has it. Raises `Gone`."""
        try:
            response: Mapping[str, Any] = context.api.get(self.place(id))
        except NotFound:
            raise Missing from None
        return response

    def look(self, context: Context, id: str, state: State) -> Mapping[str, Any]:
        """The object for a read of the state, perhaps from a shared listing. Raises `Gone`."""
        if context.shared is None:
            return self.fetch(context, id)
        found = context.shared(id)
        if found is None:
            raise Missing
        return found

    def may_be_absent(self, state: State) -> bool:
        """Whether an object may be there though a look does not find it: its absence is not a loss."""
        return False

    def write(
        self, context: Context, id: str, live: Mapping[str, Any], desired: State, prior: State
    ) -> Mapping[str, Any]:
        """Change the object itself: the live object, overlaid with what is managed."""
        computed = {slot.name for slot in self.it.shape.computed}
        kept = {name: value for name, value in live.items() if name not in computed}
        return self.put(context, id, kept | self.body(desired, prior)) or live

    def put(self, context: Context, id: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The one call of a change."""
        response: Mapping[str, Any] = context.api.put(self.place(id), body)
        return response

    def remove(self, context: Context, id: str, state: State) -> None:
        """Delete the object; something that is gone already is fine."""
        context.api.delete(self.place(id))

    def id_of(self, response: Mapping[str, Any]) -> str:
        """The resource's id in an answer."""
        return str(response[self.id_name])

    def tell(self, context: Context, response: Mapping[str, Any], slot: Slot) -> Any:
        """What an answer says of one property of the object itself."""
        return codec.decode(slot, response.get(slot.name))

    def after(
        self, context: Context, id: str, response: Mapping[str, Any], changed: set[str], desired: State, prior: State
    ) -> State:
        """What is done once everything is written (a publication); returns computed properties it learned."""
        return {}

    def last_step(self, response: Mapping[str, Any], desired: State) -> str:
        """What a message calls the step of `after`, by the property that it serves; empty where nothing is done."""
        return ""

    def left_open(self, response: Mapping[str, Any]) -> bool | str:
        """What the state remembers when the last steps were not come to; `answer` is the object from before them."""
        return True

    def refuses(self, prior: State, desired: State) -> list[Failure]:
        """What the noun refuses in a preview beyond the types; `before` is empty for a new resource."""
        return []

    def holds(self, desired: State) -> list[str]:
        """As what an unchanged object belongs to its resource."""
        return [self.held_as]

    def spoken(self, context: Context, response: Mapping[str, Any], desired: State) -> State:
        """What is asked, with the secrets of the object itself that only the portal knows. Raises `Problem`."""
        own = [self.it.shape[n] for n in desired if n in self.it.shape and n not in self._sectioned]
        actual = {s.name: self.tell(context, response, s) for s in own}
        return desired | {s.name: secrets.unmask(s, desired[s.name], actual[s.name], (s.name,)) for s in own}

    def drawn_in(self, changed: set[str], prior: State, desired: State) -> set[str]:
        """What has to be looked at again because something else changes, though the program says it as before."""
        return set()

    def remarks(self, prior: State, desired: State) -> list[str]:
        """What a person should know before saying yes: words that look mistyped."""
        return list(mistyped(self.it.shape, desired))

    def differs(self, slot: Slot, prior: State, desired: State) -> bool:
        """Whether the program asks something else for one property."""
        return not comparison.same(slot, prior.get(slot.name), desired.get(slot.name))

    def is_managed(self, name: str) -> bool:
        """Whether a property is something on the portal, not something that steers us."""
        return not self.it.shape[name].behaviour.local

    def is_unfinished(self, prior: State, desired: State) -> bool:
        """Whether something is left to do though the program is as it was."""
        return False

    def fetch_for_update(
        self, context: Context, id: str, changed: set[str], desired: State, prior: State
    ) -> Mapping[str, Any]:
        """The live object that an update starts from."""
        try:
            return self.fetch(context, id)
        except Missing:
            raise ResourceError(
                f"{id} is no longer on {context.domain}: `pulumi refresh`, then `up` makes it anew"
            ) from None

    # ------------------------------------------------------------ shapes

    def place(self, id: str) -> str:
        """The path of one object."""
        return f"{self.collection}{id}/"

    def body(self, desired: State, prior: State | None = None) -> dict[str, Any]:
        """What a write of the object itself says: every managed property that is not a section."""
        body = dict(self.it.constants)
        for slot in self.it.shape.settable:
            if slot.behaviour.local or slot.name in self._sectioned or slot.name not in desired:
                continue
            body[slot.name] = codec.encode(slot, desired[slot.name], (prior or {}).get(slot.name))
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
