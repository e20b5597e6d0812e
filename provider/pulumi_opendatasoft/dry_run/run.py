"""The steps of a preview, run against a portal in memory: the calls of each, as the lifecycle makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from .. import resources  # noqa: F401  # fills the registry
from ..lifecycle.context import Context
from ..lifecycle.finish import UNFINISHED
from ..lifecycle.handler import Handler
from ..lifecycle.lifecycle import INCOMPLETE, Lifecycle
from ..lifecycle.ownership import Ownership
from ..lifecycle.results import HalfMade, Missing
from ..program.resource import REGISTRY
from ..schema.canonical import canonical_members
from ..schema.secrets import MASKED
from ..schema.types import ListOf, MapOf, Object, OneOf, Slot
from .portal import PortalInMemory, Recorded
from .preview import CREATES, DELETES, READS, SECRET, UNKNOWN, UPDATES, State, Step

PROCESSING = 10.0
"""Seconds that a publication is taken to last."""

REMEMBERED = ("username", "joined_at", "adopted", "status", "_is_public", "is_system", UNFINISHED, INCOMPLETE)
"""The members of a state that decide which calls a step makes, beside the values of the program."""

A_FILE = str(Path(__file__).resolve())
"""A file that exists, in the place of each file of the program: no file is opened."""


@dataclass(frozen=True)
class Outcome:
    """The calls of one step."""

    step: Step
    calls: tuple[Recorded, ...]
    notes: tuple[str, ...] = ()
    """The reasons for which the real step may make other calls."""

    failure: str = ""
    """The reason for which its calls could not be found out; they are not in `calls` then."""


class DryRun:
    """Runs steps, one after another, on one portal in memory.

    Args:
        processing: Seconds that a publication is taken to last.
    """

    def __init__(self, processing: float = PROCESSING) -> None:
        self._lifecycles = {name: cls.lifecycle() for name, cls in REGISTRY.items()}
        handlers = [lifecycle.handler for lifecycle in self._lifecycles.values()]
        ids = {handler.collection: handler.id_name for handler in handlers}
        # The role of a connection is not what the connections are addressed by.
        self._portal = PortalInMemory(ids | {"/datasource_connections/": "uid"}, processing)
        self._ownership = Ownership()
        self._made: dict[str, State] = {}
        self._created: set[str] = set()
        self._numbers = count(1)

    def run(self, steps: Iterable[Step]) -> list[Outcome]:
        """Return the calls of each step."""
        return [self._run(step) for step in steps]

    def _run(self, step: Step) -> Outcome:
        lifecycle = self._lifecycles.get(step.kind)
        if lifecycle is None:
            return Outcome(step, (), failure=f"this version of pulumi-opendatasoft has no resource type {step.kind}")
        notes: list[str] = []
        before = len(self._portal.calls)
        try:
            self._carry_out(lifecycle, step, notes)
        except HalfMade as error:
            notes.append(f"it would stop half-way: {'; '.join(error.reasons)}")
        except Exception as error:  # whatever a lifecycle makes of values that a preview does not know
            del self._portal.calls[before:]
            return Outcome(step, (), tuple(notes), f"its calls are not known: {type(error).__name__}: {error}")
        return Outcome(step, tuple(self._portal.calls[before:]), tuple(notes))

    def _carry_out(self, lifecycle: Lifecycle, step: Step, notes: list[str]) -> None:
        context = self._context(step)
        desired = self._known(lifecycle.handler, step, step.new, notes)
        if step.op in CREATES:
            if adopt := desired.pop("adopt", None):
                self._bring_about(lifecycle, step, desired, id=adopt if isinstance(adopt, str) else "")
                notes.append("adopt: counted as one that the portal has")
                desired["adopt"] = adopt
            self._created.add(step.urn)
            _, self._made[step.urn] = lifecycle.create(context, desired)
        elif step.op in UPDATES:
            id, prior = self._existing(lifecycle, step)
            self._made[step.urn] = lifecycle.update(context, id, prior, desired)
        elif step.op in DELETES:
            id, prior = self._existing(lifecycle, step)
            lifecycle.delete(self._context(step, ownership=Ownership()), id, prior)
        elif step.op in READS:
            self._portal.seed(lifecycle.handler.endpoint(step.id), {lifecycle.handler.id_name: step.id})
            try:
                lifecycle.read(context, step.id, {})
            except Missing:
                notes.append("counted without what is below the object")

    def _existing(self, lifecycle: Lifecycle, step: Step) -> tuple[str, State]:
        """Bring about the object of a state, as its create did; returns its id and its state."""
        desired = self._known(lifecycle.handler, step, step.old, [])
        desired.pop("adopt", None)
        id, state = self._bring_about(lifecycle, step, desired, id=str(step.outputs.get("username") or step.id))
        if step.kind == "User" and step.outputs.get("joined_at"):
            with self._portal.unrecorded():
                self._portal.put(f"/users/{step.outputs['username']}/", {"joined_at": step.outputs["joined_at"]})
        return id, state | {name: step.outputs[name] for name in REMEMBERED if name in step.outputs}

    def _bring_about(self, lifecycle: Lifecycle, step: Step, desired: State, id: str) -> tuple[str, State]:
        """Let an object exist as a program declares it, without a call; returns its id and its state.

        Args:
            lifecycle: the lifecycle of its type.
            step: the step for which it is to exist.
            desired: the values of the program.
            id: its id; empty for any.
        """
        handler, name = lifecycle.handler, lifecycle.handler.id_name
        if step.kind == "AmazonS3ConnectionRole":
            connection = {"uid": desired[name], "auth": {"type": "iam_role", "region": ""}}
            self._portal.seed(handler.endpoint(desired[name]), connection)
        context = self._context(step, ownership=Ownership())
        with self._portal.unrecorded():
            if step.kind == "MetadataTemplate" and (step.outputs.get("is_system") or "title" not in desired):
                # One of the portal's own, which a program can only take over.
                self._portal.seed(handler.endpoint(desired[name]), {"is_system": True, "type": "interop", **desired})
                return lifecycle.create(context, desired | {"adopt": True})
            self._portal.next_id = id
            made = lifecycle.create(context, desired)
            self._portal.next_id = ""
            return made

    def _context(self, step: Step, ownership: Ownership | None = None) -> Context:
        return Context(
            api=self._portal, who=f'{step.kind} "{step.name}"', urn=step.urn, ownership=ownership or self._ownership
        )

    # ------------------------------------------------------------ values that a preview does not know

    def _known(self, handler: Handler, step: Step, values: State, notes: list[str]) -> State:
        """The values of a step with something plausible in the place of each that is unknown or secret."""
        known: State = {}
        for name, value in values.items():
            slot = handler.shape.slots.get(name)
            if value in (UNKNOWN, SECRET) and slot is not None and _is_composite(slot):
                notes.append(f"{name} is not known before the `up`: counted without it")
                continue
            # The outputs of what exists already are known: an unknown one is of a resource that is created.
            sources = iter([urn for urn in (step.sources or {}).get(name, ()) if urn in self._created])
            known[name] = self._filled(slot, value, sources)
        return {n: v for n, v in canonical_members(handler.shape, known).items() if v is not None}

    def _filled(self, slot: Slot | None, value: Any, sources: Any) -> Any:
        if isinstance(value, Mapping):
            if {"path", "sha256"} == set(value):
                return f"the text {value['sha256']}"
            if {"path", "sha256", "size", "filename"} <= set(value):
                self._portal.sizes[str(value["sha256"])] = int(value["size"])
                return {**value, "path": A_FILE}
            return {name: self._filled(None, inner, sources) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(slot, inner, sources) for inner in value]
        if value == UNKNOWN:
            return self._output_of(slot, next(sources, ""))
        return SECRET if value == MASKED else value  # a secret that only the portal knows, which exists there

    def _output_of(self, slot: Slot | None, urn: str) -> str:
        """An output of a resource that was created before, the one that a property refers to if that is known."""
        made = self._made.get(urn) or {}
        refers_to = (slot.behaviour.refers_to or "") if slot else ""
        name = refers_to.partition(".")[2] or "uid"
        return str(made.get(name) or made.get("uid") or f"unknown-{next(self._numbers)}")


def _is_composite(slot: Slot) -> bool:
    return isinstance(slot.kind, (ListOf, MapOf, Object, OneOf))
