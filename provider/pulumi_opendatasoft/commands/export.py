"""The command `export`: a portal as a Pulumi project that leaves it unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import ArgumentError
from .group import PASS_SESSION, Command
from .session import Session

if TYPE_CHECKING:
    from ..export.export import Report

MANY = 200
"""So many objects take long to import."""

STACK = "The stack to make and select; `dev` if it is left out."


class ExportCommand(Command):
    """The command `export`, whose option --stack names the stack that it makes."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for parameter in self.params:
            if isinstance(parameter, click.Option) and parameter.name == "stack":
                parameter.help = STACK


@click.command(cls=ExportCommand, example="opendatasoft export ~/mycity --import\ncd ~/mycity\npulumi preview")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--only", metavar="TYPE", multiple=True, help="Only objects of this type, such as Dataset; repeatable.")
@click.option("--match", metavar="PATTERN", multiple=True, help="Only objects with such a name: `air-*`; repeatable.")
@click.option("--exclude", metavar="PATTERN", multiple=True, help="No object with such a name; repeatable.")
@click.option("--with-dependencies", is_flag=True, help="Also what the selected objects refer to.")
@click.option("--no-users", is_flag=True, help="No users.")
@click.option("--empty", is_flag=True, help="Manage empty sources, fields and processors too.")
@click.option("--state", "by_state", is_flag=True, help="Generate the state: faster for many objects.")
@click.option("--import", "imports", is_flag=True, help="Run the command that makes the state.")
@PASS_SESSION
def export(session: Session, /, folder: Path, **options: Any) -> None:
    """Write the portal as a Pulumi project into DIR: nothing on the portal changes.

    A second export into the same folder keeps what you have edited, and writes `.new` files beside it. One that was
    interrupted goes on where it was, within an hour.
    """
    from ..export.export import Plan  # noqa: PLC0415  # help needs none of it
    from ..export.export import export as run  # noqa: PLC0415
    from ..export.found import KINDS, Selection  # noqa: PLC0415

    only = {name for given in options["only"] for name in given.split(",")}
    unknown = sorted(only - {*KINDS, "Connection"})
    if unknown:
        raise ArgumentError(f"--only {unknown[0]}: the types are Connection, {', '.join(KINDS)}")
    stack, session.stack = session.stack or "dev", None  # it names no portal here
    selection = Selection(
        only=frozenset(only or KINDS),
        match=options["match"],
        exclude=options["exclude"],
        with_dependencies=options["with_dependencies"],
        users=not options["no_users"],
        empty=options["empty"],
    )
    plan = Plan(folder, stack, selection, by_state=options["by_state"], imports=options["imports"])
    with session.progress("Reading the portal", total=0) as progress:
        report = run(
            session.client,
            session.settings,
            plan,
            expect=progress.grow,
            progress=lambda found: progress.advance(found.label),
        )
    _print(session, report)


def _print(session: Session, report: Report) -> None:
    """Print what was seen, what was left out, and what comes next."""
    if session.as_json:
        session.done("", report.as_json())
        return
    counts = ", ".join(f"{number} {kind}" for kind, number in report.objects.items()) or "nothing"
    session.done(f"{report.folder}: {counts}, of {report.portal} as {report.seen_as or 'an unknown user'}", {})
    for heading, lines in (
        ("Not exported:", report.left_out),
        ("Remarks:", report.remarks),
        ("Edited by you, the portal's beside it as .new:", report.files.beside),
        ("Edited by you, and left as it is:", report.files.kept),
        ("No longer on the portal, and removed:", report.files.removed),
        ("Secrets that only the portal knows (a new portal needs `pulumi config set --secret`):", report.secrets_kept),
    ):
        if lines:
            session.note(heading)
        for line in lines:
            session.note(f"  {line}")
    if report.resumed:
        session.note(f"{report.resumed} reads of the interrupted export were used again.")
    if report.command and not report.is_imported:
        session.note(f"Next, in {report.folder}: {report.command}")
        session.note("(The file of that command may contain secrets; delete it afterwards.)")
        if sum(report.objects.values()) > MANY and " import --" in report.command:
            session.note("(It takes about a minute for 300 objects; an export with --state takes seconds.)")
    session.note("Then `pulumi preview` shows no change, and a destroy deletes nothing, until you run")
    session.note("`pulumi config rm opendatasoft:keepAdopted` and `pulumi up`: then the objects are the stack's.")
