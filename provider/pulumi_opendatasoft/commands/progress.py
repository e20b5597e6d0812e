"""The progress of a long command: a bar or a moving line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from .texts import printable

if TYPE_CHECKING:
    import rich.progress

LINE_EVERY = 5.0
"""Seconds between two plain lines, at least; the first and the last always come."""


class Progress:
    """The progress of one piece of work, on standard error. Safe for any number of threads.

        with session.progress("Reading the portal", total=34) as progress:
            progress.advance("dataset air")

    Args:
        title: The work, such as "Reading the portal".
        total: How many steps it has; None where that is not known.
        is_terminal: Whether it is shown as a moving line, and not as plain lines.
        is_quiet: Whether nothing is printed.
    """

    def __init__(self, title: str, total: int | None = None, *, is_terminal: bool, is_quiet: bool = False) -> None:
        self.title = title
        self.total = total
        self.done = 0
        self._is_terminal, self._is_quiet = is_terminal, is_quiet
        self._lock = threading.Lock()
        self._last_line = 0.0
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None

    def __enter__(self) -> Self:
        if self._is_quiet:
            return self
        if self._is_terminal:
            self._bar = _bar(has_total=self.total is not None)
            self._task = self._bar.add_task(self.title, total=self.total, step="")
            self._bar.start()
        else:
            self._print(f"{self.title}...")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, step: str = "", by: int = 1) -> None:
        """Count steps that are done; `step` describes the present one."""
        with self._lock:
            self.done += by
            self._show(step, is_last=self.done == self.total)

    def grow(self, by: int) -> None:
        """Add steps to the total, where they become known during the work."""
        with self._lock:
            self.total = (self.total or 0) + by
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, total=self.total)

    def step(self, text: str) -> None:
        """Describe the present step, such as "processing for 12 s"."""
        with self._lock:
            self._show(text)

    def keep(self, text: str) -> None:
        """Print a line that stays, above the moving one."""
        with self._lock:
            if self._is_quiet:
                return
            if self._bar is not None:
                self._bar.console.print(printable(text), markup=False, highlight=False)
            else:
                self._print(text)

    def _show(self, step: str, *, is_last: bool = False) -> None:
        if self._is_quiet:
            return
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self.done, step=printable(step))
            return
        now = time.monotonic()
        if not is_last and now - self._last_line < LINE_EVERY:
            return
        self._last_line = now
        count = f" {self.done} of {self.total}" if self.total else ""
        self._print(f"{self.title}:{count}{' ' if step else ''}{step}")

    def _print(self, text: str) -> None:
        self._last_line = time.monotonic()
        click.echo(printable(text), err=True)


def _bar(*, has_total: bool) -> rich.progress.Progress:
    import rich.console  # noqa: PLC0415  # a tenth of a second, and only a terminal needs it
    import rich.progress  # noqa: PLC0415

    columns: list[rich.progress.ProgressColumn] = [
        rich.progress.SpinnerColumn(),
        rich.progress.TextColumn("{task.description}", markup=False),
    ]
    if has_total:
        columns += [rich.progress.BarColumn(), rich.progress.MofNCompleteColumn()]
    columns += [rich.progress.TextColumn("{task.fields[step]}", markup=False), rich.progress.TimeElapsedColumn()]
    return rich.progress.Progress(*columns, console=rich.console.Console(stderr=True), transient=True)
