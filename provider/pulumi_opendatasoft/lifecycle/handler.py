"""The steps of a lifecycle that depend on the resource type: to find, create, read, update and delete its objects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from ..errors import NotFound, ResourceError
from ..schema import codec, comparison, secrets
from ..schema.canonical import typed
from ..schema.failure import Failure
from ..schema.property import NAME
from ..schema.types import Slot
from . import texts
from .context import Context
from .declaration import Declaration
from .operations import Change, Creation, Reading, Response, Update
from .results import Missing, State
from .safeguards import Presence
from .section import Section


class Handler:
    """The steps of a lifecycle that differ from one resource type to another, each with a default.

    `Lifecycle` calls them in the order in which the engine needs them. A subclass overrides what its part of the API
    does differently, and nothing else.
    """

    section_types: ClassVar[Sequence[type[Section]]] = ()
    """The properties that have calls of their own, in the order in which they are written."""

    adopts_by_id: ClassVar[bool] = False
    """Whether the natural key may fit several objects, so that a message offers adoption by the id."""

    presence: ClassVar[Presence] = Presence.EVIDENCE
    """Whether the presence of such objects proves, when others are missing, that portal and key are the right ones."""

    kind_name: str = ""
    """The name of the type in messages; by default that of its class: `dataset`."""

    is_id_private: ClassVar[bool] = False
    """Whether the id must not be written to the journal, as an e-mail address."""

    id_label: str = ""
    """The name of the id in messages; by default its member in the API: `uid`."""

    list_key: str = ""
    """The member of a list's entries by which an object is found there; by default that of the id."""

    owned_as: str = ""
    """The heading under which this process records the owners of objects; by default the collection, so that types
    of one collection share it."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        self.shape = declaration.shape
        self.sections = tuple(section(self.shape[section.names[0]]) for section in self.section_types)
        self.section_names = {name for section in self.sections for name in section.names}
        self.collection = declaration.path.partition("{")[0]
        self.id_name = str(re.findall(r"{(\w+)}", declaration.path)[-1])

        self.kind_name = self.kind_name or declaration.name.lower()
        self.id_label = self.id_label or self.id_name
        self.list_key = self.list_key or self.id_name
        self.owned_as = self.owned_as or self.collection

    # ------------------------------------------------------------ names

    def describe_key(self, desired: State) -> str:
        """The natural key in messages: `a dataset with dataset_id "air"`."""
        given = [f'{name} "{desired.get(name)}"' for name in self.declaration.natural_key]
        return f"a {self.kind_name} with {' and '.join(given)}"

    def id_of(self, response: Response) -> str:
        """The resource's id in a response."""
        return str(response[self.id_name])

    def is_whole(self, response: Any) -> bool:
        """Whether the response to a POST contains the object that it created, rather than nothing of use."""
        return isinstance(response, Mapping) and bool(response.get(self.id_name))

    def endpoint(self, id: str) -> str:
        """The path of one object."""
        return f"{self.collection}{id}/"

    # ------------------------------------------------------------ the program's side: no call is made here

    def check(self, prior: State, desired: State) -> list[Failure]:
        """The reasons to refuse a preview, besides the types of properties; `prior` is empty for a new resource."""
        return []

    def differs(self, slot: Slot, prior: State, desired: State) -> bool:
        """Whether the desired value of a property is another one than the prior value."""
        return not comparison.same(slot, prior.get(slot.name), desired.get(slot.name))

    def is_unfinished(self, prior: State, desired: State) -> bool:
        """Whether an update is needed although no property differs."""
        return False

    def replaces_beyond_change(self, prior: State) -> tuple[str, ...]:
        """The properties for whose sake another object has to be made, though the program is as it was."""
        return ()

    def defaults(self) -> State:
        """The default values that a create sends for properties which the program leaves out."""
        return {
            slot.name: slot.behaviour.default
            for slot in self.shape.settable
            if not slot.behaviour.local
            and slot.name not in self.section_names
            and not slot.behaviour.required
            and (slot.behaviour.default not in (None, NAME) or slot.behaviour.null)
        }

    def defaults_for(self, changed: frozenset[str], desired: State) -> State:
        """The defaults that an update sends for properties which the program left out since the last `up`."""
        return {n: v for n, v in self.defaults().items() if n in changed and n not in desired and v is not None}

    def dependents_of(self, changed: frozenset[str], prior: State, desired: State) -> set[str]:
        """The properties that must be written again when the `changed` ones are, although their values stay."""
        return set()

    # ------------------------------------------------------------ identity

    def has_key(self, desired: State) -> bool:
        """Whether the natural key identifies the object, so that `find` finds it."""
        return bool(self.declaration.natural_key)

    def find(self, context: Context, desired: State) -> list[Response]:
        """Return the objects that have the desired natural key; none for a type without one."""
        return []

    def find_alike(self, context: Context, desired: State) -> list[Response]:
        """Return the objects that equal the desired one as far as the portal returns it, where it has no key."""
        return []

    def is_unfinished_work_of(self, context: Context, found: Response) -> bool:
        """Whether an existing object has the mark of an interrupted create of this very resource."""
        return False

    def made_at(self, found: Response) -> object:
        """The time at which an existing object was made; None where the portal does not return it."""
        return found.get("created_at")

    def is_untouched(self, found: Response) -> bool:
        """Whether nothing uses an existing object yet, so that an interrupted create may have left it."""
        return True

    def resume(self, update: Update) -> Response:
        """Make the object that an interrupted create left what the program declares. Its sections follow."""
        return self.update(update)

    def is_of_use(self, found: Response) -> bool:
        """Whether the object of an interrupted create can be finished. If not, it is deleted, and another created."""
        return True

    def conflicts(self, context: Context, found: Response, desired: State) -> bool:
        """Whether an existing object with the same natural key forbids a new one."""
        return True

    def owner_keys(self, id: str, state: State) -> list[tuple[str, str]]:
        """The headings and ids under which the owner of an object is recorded."""
        return [(self.owned_as, id)]

    def owned_kinds(self, desired: State) -> list[str]:
        """The headings under which a resource owns an object that does not change."""
        return [self.owned_as]

    # ------------------------------------------------------------ create, read, update, delete

    def create(self, creation: Creation) -> Response:
        """Create the object itself, without its sections. After a lost response, `find` finds what it created."""
        context, desired = creation.context, creation.desired
        ids = {self.id_of(known) for known in creation.existing}

        def find_lost() -> Response | None:
            return next((found for found in self.find(context, desired) if self.id_of(found) not in ids), None)

        response: Response = context.api.post(
            self.collection,
            self.encode(self.defaults() | texts.read(self.shape, desired, context.texts, context.root)),
            look=find_lost if self.declaration.natural_key else None,
            is_usable=self.is_whole,
        )
        return response

    def read(self, reading: Reading) -> Response:
        """Return the object itself as the portal has it. Raises `Missing`."""
        return self.lookup(reading, reading.id)

    def lookup(self, reading: Reading, key: str) -> Response:
        """Read an object by its own GET, or from the shared list. Every read goes through here. Raises `Missing`."""
        context = reading.context
        if reading.fresh or context.shared is None:
            try:
                response: Response | None = context.api.get(self.endpoint(key))
            except NotFound:
                response = None
        else:
            response = context.shared(key)
        if response is None:
            raise Missing
        if self.is_gone(response):
            raise Missing(is_certain=True)
        return response

    def is_gone(self, response: Response) -> bool:
        """Whether an object that the portal still returns counts as deleted, such as a revoked API key."""
        return False

    def may_be_absent(self, state: State) -> bool:
        """Whether an object may exist although a read does not find it, so that it stays in the state."""
        return False

    def lock(self, reading: Reading) -> AbstractContextManager[None]:
        """The lock that an update holds from its read to its write."""
        return nullcontext()

    def prepare(self, change: Change) -> Response:
        """Return the actual object that an update starts from, once it can be written."""
        try:
            return self.read(change.reading)
        except Missing:
            raise ResourceError(
                f"{change.id} is no longer on {change.context.domain}: `pulumi refresh`, then `up` makes it anew"
            ) from None

    def update(self, update: Update) -> Response:
        """Change the object itself by a PUT of the actual object, overlaid with the managed properties."""
        return self.put(update.context, update.id, self.overlay(update)) or update.response

    def overlay(self, update: Update) -> dict[str, Any]:
        """The body of a change: what can be written of the actual object, overlaid with the managed properties."""
        kept = {name: value for name, value in update.response.items() if self.is_writable(name)}
        context = update.context
        desired = texts.read(self.shape, update.desired, context.texts, context.root)
        return kept | self.encode(desired, update.prior)

    def is_writable(self, name: str) -> bool:
        """Whether a member of a response can be sent back: if it is declared, and not set by the portal alone."""
        return name in self.shape and not self.shape[name].behaviour.computed and name not in self.section_names

    def put(self, context: Context, id: str, body: Mapping[str, Any]) -> Response:
        """Send the body of a change; returns the response."""
        response: Response = context.api.put(self.endpoint(id), body)
        return response

    def finish(self, update: Update) -> State:
        """Do the step after everything is written (a publication); returns computed properties."""
        return {}

    def final_step(self, update: Update) -> str:
        """The name of the step in `finish`, by the property that it serves; empty where it does nothing."""
        return ""

    def unfinished_marker(self, response: Response) -> bool | str:
        """The value that the state contains if the last steps were not reached.

        `response` is the object from before these steps.
        """
        return True

    def refuse_delete(self, reading: Reading) -> None:
        """Raise `ResourceError` where the object must not be deleted, such as the API key in use."""

    def delete(self, reading: Reading) -> None:
        """Delete the object, if it still exists."""
        reading.context.api.delete(self.endpoint(reading.id))

    def let_go(self, reading: Reading) -> None:
        """Do what is left when an adopted object, which stays on the portal, is no longer managed."""

    # ------------------------------------------------------------ between a program and the API

    def encode(self, desired: State, prior: State | None = None) -> dict[str, Any]:
        """The body of a write of the object itself: every managed property that is not a section."""
        body = dict(self.declaration.constants)
        for slot in self.shape.settable:
            if slot.behaviour.local or slot.name in self.section_names or slot.name not in desired:
                continue
            body |= codec.encode_property(slot, desired[slot.name], (prior or {}).get(slot.name))
        return typed_body(body)

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The actual value of one property of the object itself, in a program's spelling."""
        return codec.decode_property(self.shape, slot, response)

    def unmask(self, update: Update) -> State:
        """The desired values, with the actual values of masked secrets. Raises `ResourceError` where one is unknown."""
        desired = update.desired
        own = [self.shape[n] for n in desired if n in self.shape and n not in self.section_names]
        actual = {s.name: self.decode(update.context, update.response, s) for s in own}
        return desired | {s.name: secrets.unmask(s, desired[s.name], actual[s.name], (s.name,)) for s in own}

    # ------------------------------------------------------------ what the state contains

    def fingerprints(self, response: Response, own: State) -> dict[str, str]:
        """Further fingerprints of what the portal made of the object's own values, by path."""
        return {}

    def refine_report(self, reading: Reading, response: Response, report: State) -> State:
        """Correct the state after a read of a managed object, by facts that no single property has."""
        return report

    def after_read(self, reading: Reading, report: State) -> State:
        """Complete the state after a read, by further calls."""
        return report

    def after_adoption(self, reading: Reading, report: State) -> State:
        """Complete the state after an adoption, by further calls."""
        return report


def typed_body(body: dict[str, Any]) -> dict[str, Any]:
    """A body with integers where the engine made floats of them. Nulls are kept, because they have a meaning."""
    return {name: value if value is None else _typed_keeping_null(value) for name, value in body.items()}


def _typed_keeping_null(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _typed_keeping_null(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_typed_keeping_null(v) for v in value]
    return typed(value)
