"""The steps after an object exists: its sections, its final step, and the state that records where one failed."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import PortalError, ResourceError
from .handler import Handler
from .operations import Update
from .results import HalfMade, State
from .section import Progress, Section

UNFINISHED = "_unfinished"
"""In the state of an object whose last steps failed, so that the next `up` does them although nothing differs."""


def finish(handler: Handler, update: Update, sections: Sequence[Section], progress: Progress) -> State:
    """Write the sections, then do the final step (a publication), then the removals.

    Args:
        handler: the handler of the resource type.
        update: the change; its response is the object itself after it was written.
        sections: the sections that are to be written.
        progress: the values that they share; its state grows with each section.

    Returns:
        The state of the finished object.

    Raises:
        HalfMade: a step failed; the state of the exception contains all that was done.
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
    remaining = list(progress.last)
    while remaining and not reasons:
        name, call = remaining[0]
        try:
            call()
        except Exception as error:
            reasons.append(reason_of(error, name))
        else:
            remaining.pop(0)
    if not reasons:
        return state
    undone = {name for name, _ in remaining}
    waiting += [f"{name} (removals)" for name in sorted(undone)]
    missing = [f"still to do: {', '.join(waiting)}"] if waiting else []
    raise HalfMade(update.id, {n: v for n, v in state.items() if n not in undone}, reasons + missing)


def _apply(update: Update, sections: Sequence[Section], progress: Progress) -> tuple[list[str], list[str]]:
    """Write the sections one after another, up to the first that fails; of that one the state contains nothing.

    Returns the reason of the failure, if there is one, and the names of the sections that were not begun.
    """
    reasons: list[str] = []
    waiting: list[str] = []
    for section in sorted(sections, key=lambda one: one.is_last):
        name = section.names[0]
        if reasons:
            waiting.append(name)
            if not update.prior:
                # The create of the object itself may have written a part of the section.
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
    """One line for a step that failed, which calls an unexpected exception a fault of this package."""
    if isinstance(error, PortalError | ResourceError):
        text = str(error)
    else:
        text = f"{type(error).__name__}: {error} (a fault of pulumi-opendatasoft: please report it)"
    place = getattr(error, "place", "") or section
    return f"{place}: {text}" if place else text
