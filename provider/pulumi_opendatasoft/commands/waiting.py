"""Waiting for work of the portal: how long a command waits, and how it shows what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from ..errors import ResourceError
from ..lifecycle.context import Context
from .exit_codes import EndedBadly, NotInTime
from .session import Session

F = TypeVar("F", bound=Callable[..., Any])


def wait_options(command: F) -> F:
    """Add the options --timeout and --no-wait, passed as `timeout` (0 for --no-wait, None if not given)."""

    def no_wait(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            context.params["timeout"] = 0.0

    command = timeout_option(command)
    option = click.option(
        "--no-wait", is_flag=True, expose_value=False, callback=no_wait, help="Do not wait for its end."
    )
    return option(command)


def timeout_option(command: F) -> F:
    """Add the option --timeout, passed as `timeout`, None if it is not given."""

    def keep(context: click.Context, _: click.Parameter, value: float | None) -> float | None:
        known: float | None = context.params.get("timeout")
        return known if value is None else value

    return click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        callback=keep,
        metavar="SECONDS",
        help="Wait at most so long; without it, as long as opendatasoft:processingTimeout (600).",
    )(command)


@contextmanager
def waiting(session: Session, title: str, who: str, timeout: float | None) -> Iterator[Context]:
    """Show the progress of work on the portal, and give its failures the exit codes of commands.

    Args:
        session: The session.
        title: The work, such as "Publishing air (da_1)".
        who: The object, such as "air (da_1)".
        timeout: Seconds to wait at most; None for the configured ones.

    Yields:
        The context in which the jobs of `resources` run.
    """
    warnings: list[str] = []
    try:
        with session.progress(title) as progress:
            yield Context(
                api=session.client,
                who=who,
                processing_timeout=session.settings.processing_timeout if timeout is None else timeout,
                again="run the command again",
                allow_more_time="allow more with --timeout",
                warn=warnings.append,
                progress=progress.step,
            )
    except ResourceError as error:
        if not error.outputs:
            raise NotInTime(str(error)) from error
        raise EndedBadly(f"{who}: {error}", shown(error.outputs)) from error
    finally:
        for warning in warnings:
            session.warn(f"{who}: {warning}")


def shown(outputs: dict[str, Any]) -> dict[str, Any]:
    """The properties that a job determines, without those that only a state needs."""
    return {name: value for name, value in outputs.items() if not name.startswith("_")}
