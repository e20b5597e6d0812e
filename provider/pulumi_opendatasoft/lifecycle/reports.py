"""The contents of a state: after a write, after a read, and for an object that is only read (`get`)."""

from __future__ import annotations

from collections.abc import Mapping

from ..schema import comparison, secrets
from .context import Context
from .finish import UNFINISHED
from .handler import Handler
from .operations import Reading, Response, Update
from .results import State
from .section import SEEN
from .texts import keep_actual


class Reports:
    """Builds the states of one resource type."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._shape = handler.shape

    def managed(self, reading: Reading, response: Response) -> State:
        """The state after a read: each managed property as desired where that holds, else its actual value."""
        handler, state = self._handler, reading.prior
        fingerprints: Mapping[str, str] = state.get(SEEN) or {}
        report: State = {}
        for slot in self._shape.settable:
            if slot.name in state and slot.name not in handler.section_names:
                actual = None if slot.behaviour.local else handler.decode(reading.context, response, slot)
                report[slot.name] = comparison.report(slot, state[slot.name], actual, fingerprints, (slot.name,))
                keep_actual(reading.context.texts, slot, report[slot.name], actual)
        kept = {n: state[n] for n in ("adopted", SEEN, UNFINISHED) if n in state}
        computed = self._computed(reading.context, response) | kept
        for section in handler.sections:
            if any(name in state for name in section.names):
                report |= section.report(reading, response)
        earlier = {n: v for n, v in self.computed_in(state).items() if n not in computed}
        whole = {n: v for n, v in (earlier | computed | report).items() if v is not None}
        return handler.refine_report(reading, response, secrets.redact(self._shape, whole, state))

    def everything(self, reading: Reading, response: Response) -> State:
        """The state of an object that the program only reads (`get`): everything that the portal returns."""
        handler = self._handler
        own = [s for s in self._shape.settable if s.name not in handler.section_names and not s.behaviour.local]
        state = self._computed(reading.context, response)
        state |= {slot.name: handler.decode(reading.context, response, slot) for slot in own}
        for section in handler.sections:
            state |= section.read_unmanaged(reading, response)
        return secrets.redact(self._shape, {n: v for n, v in state.items() if v is not None}, {})

    def written(self, update: Update, fingerprints: Mapping[str, str]) -> State:
        """The state after a write of the object itself: the desired values, and the computed ones."""
        state = self._computed(update.context, update.response) | self._own(update.desired)
        return state | ({SEEN: dict(fingerprints)} if fingerprints else {})

    def fingerprints(self, update: Update) -> dict[str, str]:
        """The fingerprints of the object's own normalised values, from the portal's response to a write of them."""
        found: dict[str, str] = {}
        own = self._own(update.desired)
        for slot in self._shape.settable:
            if slot.name in own and not slot.behaviour.local:
                actual = self._handler.decode(update.context, update.response, slot)
                found |= comparison.fingerprints_of(slot, own[slot.name], actual, (slot.name,))
        return found | self._handler.fingerprints(update.response, own)

    def section_fingerprints(self, fingerprints: Mapping[str, str]) -> dict[str, str]:
        """The fingerprints of sections, which a write of the object itself does not change."""
        return {path: mark for path, mark in fingerprints.items() if _first_step(path) in self._handler.section_names}

    @staticmethod
    def remaining_fingerprints(prior: State, desired: State) -> dict[str, str]:
        """The fingerprints of the properties that are still managed."""
        return {path: mark for path, mark in (prior.get(SEEN) or {}).items() if _first_step(path) in desired}

    def computed_in(self, state: State) -> State:
        """The values of a state that are not desired ones: the computed properties, also those of sections."""
        names = [s.name for s in self._shape.computed] + [n for s in self._handler.sections for n in s.computes]
        return {name: state[name] for name in names if name in state}

    def _computed(self, context: Context, response: Response) -> State:
        computed = {slot.name: self._handler.decode(context, response, slot) for slot in self._shape.computed}
        return {n: v for n, v in computed.items() if v is not None} | {"domain": context.domain, "adopted": False}

    def _own(self, desired: State) -> State:
        return {n: v for n, v in desired.items() if n not in self._handler.section_names}


def _first_step(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
