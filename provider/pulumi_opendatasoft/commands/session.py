"""The session of one command: its options, the portal that it works on, and how it prints and asks."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

import click

from ..configuration import Settings
from . import portal as portals
from .exit_codes import Declined
from .progress import Progress
from .texts import cell, json_text, member, plain_table, printable

if TYPE_CHECKING:
    from ..client.client import Client


class Session:
    """One run of the command.

    `portal`, `stack`, `as_json` and `yes` are the options of that name. Results go to standard output, all else to
    standard error.
    """

    def __init__(self) -> None:
        self.portal: str | None = None
        self.stack: str | None = None
        self.as_json = False
        self.yes = False

    # ---------------------------------------------------------------- the portal

    @functools.cached_property
    def settings(self) -> Settings:
        """The settings of the portal; see `portal.settings`."""
        return portals.settings(self.portal, self.stack)

    @functools.cached_property
    def client(self) -> Client:
        """The client of the portal, made when a command first needs it, and closed with the session."""
        from ..client.client import Client  # noqa: PLC0415  # its libraries are slow to load, and help needs none

        found = self.settings
        return Client(
            found.domain,
            found.key,
            concurrency=found.max_concurrency,
            timeout=found.request_timeout,
            retries=found.max_retries,
        )

    def close(self) -> None:
        """Close the connections to the portal, if there are any."""
        if "client" in vars(self):
            self.client.close()

    # ---------------------------------------------------------------- results, on standard output

    def done(self, text: str, value: Any) -> None:
        """Print what was done, in one line; with --json the value instead."""
        if self.as_json:
            click.echo(json_text(value))
        else:
            click.echo(printable(text))

    def object(self, value: Mapping[str, Any], members: Mapping[str, str] | None = None) -> None:
        """Print an object, a line for each member; with --json the whole of it.

        `members` are the dotted paths to print, by the words before them; None for all.
        """
        if self.as_json:
            click.echo(json_text(value))
            return
        paths = members or {name: name for name in value}
        lines = {word: cell(member(value, path)) for word, path in paths.items()}
        if is_terminal(sys.stdout):
            width = max((len(word) for word in lines), default=0)
            for word, text in lines.items():
                click.echo(f"{styled(word.ljust(width), bold=True)}  {text}")
        else:
            for word, text in lines.items():
                click.echo(f"{word}\t{text}")

    def table(self, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, empty: str) -> None:
        """Print rows as a table; with --json, all of each row.

        Args:
            rows: The objects.
            columns: The dotted paths of their members to print, by the names of the columns.
            empty: The line, on standard error, where there are no rows.
        """
        if self.as_json:
            click.echo(json_text(list(rows)))
            return
        if not rows:
            self.note(empty)
            return
        cells = [[cell(member(row, path)) for path in columns.values()] for row in rows]
        if is_terminal(sys.stdout):
            _print_table(list(columns), cells)
        else:
            click.echo(plain_table(list(columns), cells))

    # ---------------------------------------------------------------- all else, on standard error

    def note(self, text: str) -> None:
        """Print a line that is no result, such as a remark on it."""
        click.echo(printable(text), err=True)

    def warn(self, text: str) -> None:
        """Print a warning."""
        self._print_labelled("Warning", "yellow", text)

    def error(self, text: str) -> None:
        """Print an error, in as many lines as its text has."""
        self._print_labelled("Error", "red", text)

    def _print_labelled(self, label: str, colour: str, text: str) -> None:
        first, *rest = [printable(line) for line in text.splitlines()] or [""]
        click.echo("\n".join([f"{styled(f'{label}:', fg=colour)} {first}", *rest]), err=True)

    def progress(self, title: str, total: int | None = None) -> Progress:
        """The progress of a piece of work: moving on a terminal, plain lines elsewhere, of those none with --json."""
        moving = is_terminal(sys.stderr)
        return Progress(title, total, is_terminal=moving, is_quiet=self.as_json and not moving)

    # ---------------------------------------------------------------- asking

    def confirm(self, question: str) -> None:
        """Ask before something that cannot be undone; return if the answer is yes, or --yes was given.

        Args:
            question: What is about to happen, with its target: "Restore version ch_1 of air (da_2)?".

        Raises:
            Declined: The answer was no, or there is no terminal to ask on.
        """
        if self.yes:
            return
        if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
            raise Declined(f"{printable(question)} Nobody can answer here: add --yes. Nothing was done.")
        if not click.confirm(printable(question), err=True):
            raise Declined("nothing was done")


def is_terminal(stream: IO[str]) -> bool:
    """Whether a person looks at a stream."""
    return stream.isatty()


def styled(text: str, **style: Any) -> str:
    """A text in a style, unless the environment has NO_COLOR. Click leaves it plain where no terminal is."""
    return text if os.environ.get("NO_COLOR") else click.style(text, **style)


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console  # noqa: PLC0415  # a tenth of a second, and only a terminal needs it
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in header:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(text) for text in row))
    Console().print(table)
