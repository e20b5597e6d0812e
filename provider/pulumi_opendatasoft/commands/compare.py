"""The command `compare`: what differs between two portals, or between a portal and a project."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..comparison import stacks
from ..comparison.differences import DIFFERS, ONLY_FROM, ONLY_TO, Difference, Result
from ..comparison.differences import compare as compared
from ..comparison.nouns import NOUNS
from ..comparison.program import Program, SeenByProgram
from ..comparison.things import Side, kinds_of, side_of_portal
from ..configuration import Settings
from ..dry_run.preview import NotAPreview
from ..errors import ArgumentError, ConfigurationError
from ..export.files import Downloads, Fetch, unread
from ..export.found import Found, Selection
from ..export.reading import ALWAYS_LEFT_OUT, read_portal
from . import portal as portals
from . import states
from .exit_codes import ExitCode
from .group import PASS_SESSION, Command
from .session import Session
from .texts import printable

if TYPE_CHECKING:
    from ..client.client import Client

LONGEST = 100
"""Characters of a value that are shown."""


@click.command(
    cls=Command,
    example="opendatasoft compare --from test --to prod\nopendatasoft compare --from . --to prod --only datasets",
)
@click.option("--from", "one", metavar="SIDE", help="The first side; left out, the command's own portal.")
@click.option("--to", "other", metavar="SIDE", help="The second side; left out, the command's own portal.")
@click.option(
    "--only", multiple=True, type=click.Choice([noun.name for noun in NOUNS]), help="Only this kind; repeatable."
)
@click.option("--ignore", multiple=True, metavar="PATTERN", help="Leave out what fits, by key or kind/key; repeatable.")
@click.option("--files", is_flag=True, help="Download uploaded files, and compare their contents too.")
@PASS_SESSION
def compare(
    session: Session, one: str | None, other: str | None, only: tuple[str, ...], ignore: tuple[str, ...], files: bool
) -> int:
    """Show what differs between two portals, or between a portal and a project. Nothing is written.

    A SIDE is a stack of this folder's project, a portal of `opendatasoft:portals`, the folder of a project, whose
    program runs for a preview, or a file with the output of `pulumi preview --json` or `pulumi stack export`. Objects
    are matched by their natural keys, such as the dataset_id, and references by what they point at. Of a project, only
    what it declares is compared.
    """
    if one is None and other is None:
        raise click.UsageError("give --from, --to, or both")
    first, second = _sides(session, _place(session, one), _place(session, other), only, files=files)
    result = compared(first, second, nouns=only, ignore=ignore)
    if session.as_json:
        session.done("", _as_json(first, second, result))
    else:
        _print(session, first, second, result)
    if result.differences:
        return ExitCode.DIFFERENT
    return ExitCode.NOT_ALLOWED if result.unseen else ExitCode.DONE


# ---------------------------------------------------------------- the sides


class _Place(NamedTuple):
    """A portal that is to be read."""

    name: str
    settings: Settings
    portal: str | None = None
    """Its name below `opendatasoft:portals`, if that is what it was named by."""


def _place(session: Session, name: str | None) -> _Place | Program:
    """The program or the portal that a SIDE names."""
    if name is None:
        return _Place(session.settings.domain, session.settings, session.portal)
    path = Path(name)
    if path.is_file():
        return _program(name, states.text_of(name), path.parent)
    if path.is_dir() and portals.project_folder(path) is not None:
        return _program(name, stacks.preview(path), path)
    return _settings(session, name)


def _settings(session: Session, name: str) -> _Place:
    """The portal of a stack of the project, or one of its configuration."""
    project = portals.project_folder()
    if project is None:
        raise ConfigurationError(f'"{name}" is no folder of a project, and this folder has no stacks: go to a project')
    known = stacks.names(project)
    if name in known:
        return _Place(name, portals.settings(session.portal, name), session.portal)
    try:
        return _Place(name, portals.settings(name, session.stack), name)
    except ConfigurationError as error:
        raise ConfigurationError(
            f'"{name}" is neither a stack of this project ({", ".join(known) or "it has none"}) nor a folder, and as a '
            f"portal: {error}"
        ) from None


def _program(name: str, text: str, folder: Path) -> Program:
    try:
        return Program(name, text, folder)
    except NotAPreview as error:
        raise ArgumentError(f"{name}: {error}") from None


def _sides(
    session: Session, one: _Place | Program, other: _Place | Program, only: Sequence[str], *, files: bool
) -> tuple[Side, Side]:
    """Read both sides. Of a portal beside a program, only what that declares is read."""
    if isinstance(one, Program) and isinstance(other, Program):
        return one.side(), other.side()
    if isinstance(one, Program) and isinstance(other, _Place):
        one = one.of_portal(other.portal)
        return one.side(), _seen_by(session, one, other, only)
    if isinstance(other, Program) and isinstance(one, _Place):
        other = other.of_portal(one.portal)
        return _seen_by(session, other, one, only), other.side()
    assert isinstance(one, _Place)
    assert isinstance(other, _Place)
    return _read(session, one, only, files=files), _read(session, other, only, files=files)


def _seen_by(session: Session, program: Program, place: _Place, only: Sequence[str]) -> Side:
    with _client(place.settings) as client, session.progress(f"Reading {place.name}"):
        return SeenByProgram(place.name, client, program, only).side()


def _read(session: Session, place: _Place, only: Sequence[str], *, files: bool) -> Side:
    with (
        tempfile.TemporaryDirectory() as folder,
        _client(place.settings) as client,
        session.progress(f"Reading {place.name}", total=0) as progress,
    ):
        fetch: Fetch = Downloads(client, Path(folder), kept={}, keep=lambda place, hash: None) if files else unread

        def advance(found: Found) -> None:
            progress.advance(found.label)

        chosen = Selection(only=kinds_of(only))
        portal = read_portal(client, chosen, fetch=fetch, expect=progress.grow, progress=advance)
    return side_of_portal(place.name, portal)


def _client(settings: Settings) -> Client:
    from ..client.client import Client  # noqa: PLC0415  # its libraries are slow to load, and help needs none

    return Client(
        settings.domain,
        settings.key,
        concurrency=settings.max_concurrency,
        timeout=settings.request_timeout,
        retries=settings.max_retries,
    )


# ---------------------------------------------------------------- the result


def _print(session: Session, first: Side, second: Side, result: Result) -> None:
    last: tuple[str, str] | None = None
    for one in result.differences:
        head = click.style(printable(f"{one.noun} {one.key}"), bold=True)
        if one.what != DIFFERS:
            side = first if one.what == ONLY_FROM else second
            click.echo(f"{head}: only in {printable(side.name)}")
        else:
            if (one.noun, one.key) != last:
                click.echo(head)
            _print_property(one)
        last = (one.noun, one.key)
    parts = [f"{len({(one.noun, one.key) for one in result.differences if one.what == DIFFERS})} differ"]
    for what, side in ((ONLY_FROM, first), (ONLY_TO, second)):
        number = sum(one.what == what for one in result.differences)
        parts += [f"{number} only in {side.name}"] if number else []
    parts += [f"{result.equal} equal", *([f"{result.ignored} ignored"] if result.ignored else [])]
    session.note(f"{first.name} and {second.name}: {', '.join(parts)}")
    for noun, name in result.unseen.items():
        session.warn(f"{noun} were not compared: the API key of {name} may not list them")
    for side in (first, second):
        for note in side.notes:
            if note not in ALWAYS_LEFT_OUT and not note.startswith("all "):
                session.note(f"not compared, {side.name}: {note}")


def _print_property(one: Difference) -> None:
    if one.lines:
        click.echo(f"  {printable(one.path)}:")
        colours = {"+": "green", "-": "red"}
        for line in one.lines:
            click.echo(click.style(f"    {printable(line)}", fg=colours.get(line[:1])))
        return
    click.echo(f"  {printable(one.path)}: {_value(one.before)} -> {_value(one.after)}")


def _value(value: Any) -> str:
    if value is None:
        return "(none)"
    text = printable(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _as_json(first: Side, second: Side, result: Result) -> dict[str, Any]:
    return {
        "from": first.name,
        "to": second.name,
        "equal": result.equal,
        "ignored": result.ignored,
        "unseen": result.unseen,
        "not_compared": {"from": list(first.notes), "to": list(second.notes)},
        "differences": [
            {
                "what": one.what,
                "kind": one.noun,
                "key": one.key,
                "path": one.path,
                "from": one.before,
                "to": one.after,
            }
            for one in result.differences
        ],
    }
