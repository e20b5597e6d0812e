"""The steps after an object exists: its sections, what ends the work, and what the state remembers if one fails."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import PortalError, ResourceError
from .handler import Handler
from .operations import Update
from .results import HalfMade, State
from .section import Progress, Section

UNFINISHED = "_unfinished"
"""In the state of an object whose last steps failed: they are done by the next `up`, though nothing differs."""


def finish(handler: Handler, update: Update, sections: Sequence[Section], progress: Progress) -> State:
    """Write the sections, then do what ends the work (a publication), then the removals.

    Args:
        handler: the resource type's.
        update: what is written; its response is the object itself, which is written already.
        sections: those that are written.
        progress: what they share; its state grows with each that was written.

    Returns:
        The state of the finished object.

    Raises:
        HalfMade: a step failed; its state holds all that was done.
    """
    state = progress.state
    reasons, waiting = _apply(update, sections, progress)
    final_step = handler.final_step(update)
    if reasons and final_step:
        waiting.append(final_step)
    if not reasons:
        try:
            state |= handler.finish(update)
        except Exception as error:
            state |= error.outputs if isinstance(error, ResourceError) else {}
            reasons.append(reason_of(error, final_step))
    if reasons:
        state[UNFINISHED] = handler.unfinished_marker(update.response)
    left = list(progress.last)
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
    raise HalfMade(update.id, {n: v for n, v in state.items() if n not in undone}, reasons + missing)


def _apply(update: Update, sections: Sequence[Section], progress: Progress) -> tuple[list[str], list[str]]:
    """Write sections one after another, those that are last after all others.

    Of a section that was begun and is not finished, the state contains nothing. Returns a line for each that failed,
    and the names of those that were then not begun.
    """
    reasons: list[str] = []
    waiting: list[str] = []
    for section in sorted(sections, key=lambda one: one.is_last):
        name = section.names[0]
        if reasons:
            waiting.append(name)
            if not update.prior:
                # The object itself may have been made with a part of it.
                progress.state.update(section.unfinished_state(update))
            continue
        for own in section.names:
            progress.state.pop(own, None)
        try:
            computed = section.apply(update, progress)
        except Exception as error:
            reasons.append(reason_of(error, name))
            progress.state.update(section.unfinished_state(update))
            continue
        progress.written.append(name)
        progress.state.update(computed | {n: update.desired[n] for n in section.names if n in update.desired})
    return reasons, waiting


def reason_of(error: Exception, section: str = "") -> str:
    """One line for a step that failed; our own mistakes say that they are ours."""
    if isinstance(error, PortalError | ResourceError):
        text = str(error)
    else:
        text = f"{type(error).__name__}: {error} (a fault of pulumi-opendatasoft: please report it)"
    return f"{section}: {text}" if section else text
