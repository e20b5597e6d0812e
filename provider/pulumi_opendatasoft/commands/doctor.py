"""The command `doctor`: whether domain, proxy, connection, API key, clock and permissions are as a program needs."""

from __future__ import annotations

from typing import Any

import click

from ..comparison import stacks
from ..configuration import Settings
from ..diagnosis.check import OK, PROBLEM, Check, problem
from ..diagnosis.examination import Needs, examine
from ..diagnosis.program import needs_of_state, needs_of_steps
from ..dry_run.preview import NotAPreview, resources_in, steps_in
from ..errors import ConfigurationError, OpendatasoftError
from . import states
from .exit_codes import MEANINGS, ExitCode
from .group import PASS_SESSION, Command
from .portal import project_folder
from .session import Session
from .texts import printable

COLOURS = {OK: "green", PROBLEM: "red"}
PREVIEW_FIRST = "`pulumi preview --json | opendatasoft doctor --preview -` finds it out"


@click.command(cls=Command, example="opendatasoft doctor\npulumi preview --json | opendatasoft doctor --preview -")
@click.option(
    "--preview",
    "file",
    metavar="FILE",
    help="A file with the output of `pulumi preview --json`, or - for standard input: what the program would do.",
)
@PASS_SESSION
def doctor(session: Session, file: str | None) -> int:
    """Check domain, proxy, connection, API key, clock and permissions, each in one line with its remedy.

    The permissions that the program of this folder needs come from its stack's state, or from --preview.
    """
    checks: list[Check] = []
    for check in _checks(session, file):
        checks.append(check)
        if not session.as_json:
            colour = COLOURS.get(check.status, "yellow")
            click.echo(click.style(f"{check.status:<8}", fg=colour) + printable(str(check)[8:]))
    problems = [check for check in checks if check.status == PROBLEM]
    if session.as_json:
        session.done("", {"ok": not problems, "checks": [_as_json(check) for check in checks]})
    return _code(problems[0]) if problems else ExitCode.DONE


def _checks(session: Session, file: str | None) -> Any:
    try:
        settings: Settings = session.settings
    except ConfigurationError as error:
        yield problem("domain", str(error), "", ConfigurationError)
        return
    yield from examine(settings, lambda: _needs(session, file))


def _needs(session: Session, file: str | None) -> Needs:
    """The permissions that the program needs, by the preview that was given, else by the state of the stack."""
    if file is not None:
        try:
            return needs_of_steps(steps_in(states.text_of(file)), "the preview")
        except (NotAPreview, OSError) as error:
            return Needs(source=str(error), remedy=PREVIEW_FIRST)
    project = project_folder()
    if project is None:
        return Needs(source="this folder is in no Pulumi project", remedy="go to one to see what its program needs")
    try:
        found = resources_in(stacks.state(project, session.stack))
    except OpendatasoftError as error:
        return Needs(source=str(error), remedy=PREVIEW_FIRST)
    if not found:
        return Needs(source="the stack has no resources yet", remedy=PREVIEW_FIRST)
    return needs_of_state(found, "the state of the stack")


def _code(check: Check) -> ExitCode:
    """The exit code of a problem: that of the errors of its kind."""
    rows = (row.code for row in MEANINGS if row.errors and issubclass(check.error, row.errors))
    return next(rows, ExitCode.FAILED)


def _as_json(check: Check) -> dict[str, str]:
    return {"name": check.name, "status": check.status, "finding": check.finding, "remedy": check.remedy}
