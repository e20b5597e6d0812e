"""What comes after an object exists: its sections, what ends the work, and what is remembered if that fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..client.errors import PortalError
from ..errors import Problem
from .context import Run
from .handler import Noun
from .results import HalfMade, State
from .section import Section, Work

UNFINISHED = "_unfinished"
"""In the state of an object whose last steps failed: they are made up for, though nothing differs."""


class Completion(Noun):
    """How a create and an update come to their end, the same way."""

    def _finish(
        self,
        run: Run,
        id: str,
        answer: Mapping[str, Any],
        steps: Sequence[Section],
        changed: set[str],
        asked: State,
        before: State,
        work: Work,
    ) -> State:
        """The sections, then what ends the work. Raises `HalfMade`, whose state forgets nothing that was done."""
        state = work.state
        reasons, waiting = self._apply(run, id, answer, steps, asked, before, work)
        last = self.last_step(answer, asked)
        if reasons and last:
            waiting.append(last)
        if not reasons:
            try:
                state |= self.after(run, id, answer, changed, asked, before)
            except Exception as error:
                state |= error.learned if isinstance(error, Problem) else {}
                reasons.append(reason_of(error, last))
        if reasons:
            state[UNFINISHED] = self.left_open(answer)
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
        run: Run,
        id: str,
        answer: Mapping[str, Any],
        steps: Sequence[Section],
        asked: State,
        before: State,
        work: Work,
    ) -> tuple[list[str], list[str]]:
        """Write sections, as many side by side as there are lanes; those that end the work come one after another.

        What is finished goes into the state of `work`; of a section that was begun and is not, the state says nothing.
        Returns a line for each that failed, and the names of those that were then not begun.
        """
        reasons: list[str] = []
        waiting: list[str] = []

        def apply(section: Section) -> None:
            name = section.names[0]
            if reasons:
                waiting.append(name)
                if not before:
                    # The object itself may have been made with a part of it.
                    work.state.update(section.begun(asked, before))
                return
            for own in section.names:
                work.state.pop(own, None)
            try:
                learned = section.apply(run, id, answer, asked, before, work)
            except Exception as error:
                reasons.append(reason_of(error, name))
                work.state.update(section.begun(asked, before))
                return
            work.written.append(name)
            work.state.update(learned | {n: asked[n] for n in section.names if n in asked})

        with ThreadPoolExecutor(run.lanes) as lanes:
            list(lanes.map(apply, [s for s in steps if not s.is_last]))
        for section in steps:
            if section.is_last:
                apply(section)
        return reasons, waiting


def reason_of(error: Exception, section: str = "") -> str:
    """One line for a step that failed; our own mistakes say that they are ours."""
    if isinstance(error, PortalError | Problem):
        text = str(error)
    else:
        text = f"{type(error).__name__}: {error} (a fault of pulumi-opendatasoft: please report it)"
    return f"{section}: {text}" if section else text
