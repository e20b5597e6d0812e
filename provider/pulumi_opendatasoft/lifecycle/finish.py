"""What comes after an object exists: its sections, what ends the work, and what is remembered if that fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import PortalError, ResourceError
from .context import Context
from .handler import Noun
from .results import HalfMade, State
from .section import Section, Work

UNFINISHED = "_unfinished"
"""In the state of an object whose last steps failed: they are made up for, though nothing differs."""


class Completion(Noun):
    """How a create and an update come to their end, the same way."""

    def _finish(
        self,
        context: Context,
        id: str,
        response: Mapping[str, Any],
        steps: Sequence[Section],
        changed: set[str],
        desired: State,
        prior: State,
        work: Work,
    ) -> State:
        """The sections, then what ends the work. Raises `HalfMade`, whose state forgets nothing that was done."""
        state = work.state
        reasons, waiting = self._apply(context, id, response, steps, desired, prior, work)
        last = self.last_step(response, desired)
        if reasons and last:
            waiting.append(last)
        if not reasons:
            try:
                state |= self.after(context, id, response, changed, desired, prior)
            except Exception as error:
                state |= error.learned if isinstance(error, ResourceError) else {}
                reasons.append(reason_of(error, last))
        if reasons:
            state[UNFINISHED] = self.left_open(response)
        left = list(work.later)
        while left and not reasons:
            name, call = left[0]
            try:
                call()
            except Exception as error:
                reasons.append(reason_of(error, name))
            else:
                left.pop(0)
        if not reasons:
            return state
        undone = {name for name, _ in left}
        waiting += [f"{name} (removals)" for name in sorted(undone)]
        missing = [f"still to do: {', '.join(waiting)}"] if waiting else []
        raise HalfMade(id, {n: v for n, v in state.items() if n not in undone}, reasons + missing)

    def _apply(
        self,
        context: Context,
        id: str,
        response: Mapping[str, Any],
        steps: Sequence[Section],
        desired: State,
        prior: State,
        work: Work,
    ) -> tuple[list[str], list[str]]:
        """Write sections one after another; those that are last come after all others.

        What is finished goes into the state of `work`; of a section that was begun and is not, the state says nothing.
        Returns a line for each that failed, and the names of those that were then not begun.
        """
        reasons: list[str] = []
        waiting: list[str] = []

        def apply(section: Section) -> None:
            name = section.names[0]
            if reasons:
                waiting.append(name)
                if not prior:
                    # The object itself may have been made with a part of it.
                    work.state.update(section.begun(desired, prior))
                return
            for own in section.names:
                work.state.pop(own, None)
            try:
                learned = section.apply(context, id, response, desired, prior, work)
            except Exception as error:
                reasons.append(reason_of(error, name))
                work.state.update(section.begun(desired, prior))
                return
            work.written.append(name)
            work.state.update(learned | {n: desired[n] for n in section.names if n in desired})

        for section in sorted(steps, key=lambda step: step.is_last):
            apply(section)
        return reasons, waiting


def reason_of(error: Exception, section: str = "") -> str:
    """One line for a step that failed; our own mistakes say that they are ours."""
    if isinstance(error, PortalError | ResourceError):
        text = str(error)
    else:
        text = f"{type(error).__name__}: {error} (a fault of pulumi-opendatasoft: please report it)"
    return f"{section}: {text}" if section else text
