"""A program as one side of a comparison, and a portal as seen by a program: of it, only what the program declares."""

from __future__ import annotations

import copy
import functools
from collections.abc import Collection, Mapping
from concurrent import futures
from pathlib import Path
from typing import Any

from ..client.client import Client
from ..dry_run.preview import UNKNOWN, Step, declared_in
from ..errors import NotFound, NotPermitted, ResourceError
from ..export.found import CONNECTIONS, Found, Portal
from ..export.listing import listing
from ..export.reading import SIDE_BY_SIDE
from ..export.reads import Reads
from ..lifecycle.context import Context
from ..lifecycle.lifecycle import Lifecycle
from ..lifecycle.results import Missing
from ..lifecycle.section import SEEN
from ..lifecycle.texts import Texts
from ..program.resource import REGISTRY
from ..program.text_file import TextFile
from ..schema.canonical import canonical_members
from ..schema.traversal import Position, map_value
from .things import Side, Thing, comparable, key_of, noun_of, numbered, side_of_portal

NEVER_COMPARED = frozenset({"ApiKey", "AmazonS3ConnectionRole"})
"""The types of which a portal returns nothing that could be compared, or only as a part of another object."""


class Program:
    """The objects that a program declares.

    Args:
        name: The name of the side.
        text: The output of `pulumi preview --json`, or of `pulumi stack export`.
        folder: The program's folder, where the files of its texts are.

    Raises:
        NotAPreview: The text is neither.
    """

    def __init__(self, name: str, text: str, folder: Path) -> None:
        self.name = name
        self._folder = folder
        declared = [one for one in declared_in(text) if one.kind in REGISTRY]
        self._steps = [one for one in declared if one.kind not in NEVER_COMPARED]
        self._by_urn = {one.urn: one for one in self._steps}
        self._by_output: dict[tuple[str, str], Step] = {}
        for one in self._steps:
            for output, value in {"uid": one.id, **one.outputs}.items():
                if isinstance(value, str):
                    self._by_output.setdefault((f"{_heading(one.kind)}.{output}", value), one)

    def of_portal(self, portal: str | None) -> Program:
        """The part of a program for several portals that is for one; the whole of a program that does not name it.

        Args:
            portal: the name of the portal below `opendatasoft:portals`; None for the stack's only one.
        """
        steps = [one for one in self._steps if one.new.get("portal") == portal]
        if not steps:
            return self
        part = copy.copy(self)
        part._steps = steps
        return part

    def side(self) -> Side:
        """The program as a side."""
        return Side(self.name, numbered(self._thing(one) for one in self._steps), is_program=True)

    def _thing(self, one: Step) -> Thing:
        shape = REGISTRY[one.kind].lifecycle().shape
        values: dict[str, Any] = {}
        for name, value in canonical_members(shape, one.new).items():
            values |= comparable(shape, {name: value}, self.refer_from(one, name), self._text)
        return Thing(noun_of(one.kind), key_of(one.kind, one.new), one.kind, values, one)

    def refer_from(self, one: Step, name: str) -> functools.partial[str]:
        """From the references in a property of a resource to the natural keys of their objects."""
        sources = [self._by_urn[urn] for urn in (one.sources or {}).get(name, ()) if urn in self._by_urn]
        # The outputs of what exists already are known: an unknown one is of a resource that is to be created.
        return functools.partial(self._refer, [source for source in sources if not source.id])

    def _refer(self, to_be_created: list[Step], refers_to: str, id: str) -> str:
        """The natural key of the object of a reference; a resource that does not exist yet is found by its URN."""
        kind, _, name = refers_to.partition(".")
        of_kind = [one for one in to_be_created if _heading(one.kind) == _heading(kind)]
        target = of_kind[0] if id == UNKNOWN and of_kind else None
        if target is not None and len(of_kind) > 1:
            to_be_created.remove(target)  # the next unknown reference is taken to be to another one
        target = target or self._by_output.get((f"{_heading(kind)}.{name}", id))
        return key_of(target.kind, target.new) if target else id

    def _text(self, members: Mapping[str, Any]) -> str | None:
        try:
            return TextFile.read(members, self._folder)
        except ResourceError:
            return None


class _Read(Texts):
    """The texts that were read from the portal, by their hashes."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def find(self, hash: str) -> str | None:
        return self._texts.get(hash)

    def keep(self, hash: str, text: str) -> None:
        self._texts[hash] = text


class SeenByProgram:
    """A portal, read as a refresh of a program's stack reads it: what holds as declared is as the program has it.

    Args:
        name: The name of the side.
        client: The portal; only read.
        program: The program.
        nouns: The nouns that are compared; all without any.
    """

    def __init__(self, name: str, client: Client, program: Program, nouns: Collection[str] = ()) -> None:
        self._name, self._client, self._program, self._nouns = name, client, program, nouns
        self._reads = Reads(client)
        listed = listing(self._reads)
        self._portal = Portal(client.host, listed.seen_as, [], listed.left_out, listed.found)
        self._unread: list[str] = []
        self._listed: dict[tuple[str, str], Found] = {}
        for one in listed.found:
            self._listed.setdefault((_heading(one.kind), key_of(one.kind, one.row)), one)

    def side(self) -> Side:
        """The portal as a side, with the objects that the program declares."""
        every = self._program.side().things
        declared = {key: one for key, one in every.items() if not self._nouns or one.noun in self._nouns}
        with futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            found = dict(zip(declared, pool.map(self._thing, declared.values()), strict=True))
        things = {key: thing for key, thing in found.items() if thing is not None}
        unseen = side_of_portal(self._name, self._portal).unseen
        return Side(self._name, things, unseen=unseen, notes=tuple(sorted(self._unread)))

    def _thing(self, declared: Thing) -> Thing | None:
        step = declared.step
        assert step is not None
        lifecycle = REGISTRY[declared.kind].lifecycle()
        texts, listed = _Read(), self._listed.get((_heading(declared.kind), declared.key))
        context = Context(
            api=self._reads, who=step.name, texts=texts, shared=(lambda key: listed.row) if listed else None
        )
        desired = self._in_ids_of_the_portal(lifecycle, step)
        try:
            row = listed.row if listed else _found_by_key(lifecycle, context, desired)
            if row is None:
                return None
            id = lifecycle.handler.id_of(row)
            is_own = step.outputs.get("domain") == self._client.host
            state = {**desired, **_known_of(lifecycle, step, row, is_own=is_own), "domain": self._client.host}
            report = lifecycle.read(context, id, state)
        except (Missing, NotFound):
            return None
        except NotPermitted:
            self._unread.append(f"{declared.noun} {declared.key}: the API key may not read it")
            return declared
        values = self._values(lifecycle, declared, desired, report, texts)
        return Thing(declared.noun, declared.key, declared.kind, values)

    def _values(
        self,
        lifecycle: Lifecycle,
        declared: Thing,
        desired: Mapping[str, Any],
        report: Mapping[str, Any],
        texts: Texts,
    ) -> dict[str, Any]:
        """The values of the portal, where they differ from those of the program; else those of the program.

        Args:
            lifecycle: the lifecycle of the type.
            declared: the object as the program declares it.
            desired: its inputs, with the ids of the portal.
            report: its state after a read.
            texts: the texts that were read.
        """

        def refer(refers_to: str, id: str) -> str:
            target = self._portal.target(refers_to, id)
            return key_of(target.kind, target.row) if target else id

        shape, handler = lifecycle.shape, lifecycle.handler
        values = dict(declared.values)
        for name in declared.values:
            if handler.differs(shape[name], dict(report), dict(desired)):
                del values[name]
                actual = {name: report[name]} if name in report else {}
                values |= comparable(shape, actual, refer, lambda file: texts.find(str(file.get("sha256"))))
        return values

    def _in_ids_of_the_portal(self, lifecycle: Lifecycle, step: Step) -> dict[str, Any]:
        """The inputs of a resource, with each reference to the object of the same natural key of this portal."""
        translated: dict[str, Any] = {}
        for name, value in step.new.items():
            if name in lifecycle.shape and name != "adopt":
                refer = self._program.refer_from(step, name)
                leaf = functools.partial(self._translated, refer)
                translated[name] = map_value(lifecycle.shape[name], value, leaf)
        return {n: v for n, v in canonical_members(lifecycle.shape, translated).items() if v is not None}

    def _translated(self, refer: functools.partial[str], at: Position, value: Any) -> Any:
        if not (at.behaviour.refers_to and isinstance(value, str)):
            return value
        kind = at.behaviour.refers_to.partition(".")[0]
        key = refer(at.behaviour.refers_to, value)
        target = self._listed.get((_heading(kind), key))
        if target is None:
            return key
        return str(target.row.get("username")) if target.kind == "User" else target.id


def _found_by_key(lifecycle: Lifecycle, context: Context, desired: dict[str, Any]) -> Any:
    """The object that a program declares and that no list of an export has, such as a template of the portal's own."""
    handler = lifecycle.handler
    found = handler.find(context, desired) if handler.has_key(desired) else handler.find_alike(context, desired)
    return found[0] if found else None


def _known_of(lifecycle: Lifecycle, step: Step, row: Mapping[str, Any], *, is_own: bool) -> dict[str, Any]:
    """The outputs of a state: on the program's own portal the recorded ones, else those of a list.

    What a portal made of a value, such as HTML, is taken to be the same on every portal.
    """
    seen = {SEEN: step.outputs[SEEN]} if SEEN in step.outputs else {}
    if is_own:
        return {n: value for n, value in step.outputs.items() if n not in lifecycle.shape or n not in step.new}
    return seen | {name: row[name] for name in ("username", "joined_at") if row.get(name) and step.kind == "User"}


def _heading(kind: str) -> str:
    return "Connection" if kind in CONNECTIONS else kind
