"""The command `unmanaged`: what lives on a portal and is in no stack."""

from __future__ import annotations

import dataclasses
from typing import Any

import click

from ..comparison.nouns import NOUNS, chosen
from ..comparison.unmanaged import survey
from . import states
from .exit_codes import ExitCode
from .group import PASS_SESSION, Command
from .session import Session

COLUMNS = {"kind": "noun", "key": "key", "title": "title", "id": "id"}


class _SeveralStacks(Command):
    """A command whose --stack may be given several times; the first one also names the portal."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.params = [one for one in self.params if one.name != "stack"]
        self.params.append(
            click.Option(
                ["--stack", "stacks"],
                multiple=True,
                metavar="NAME",
                help="A stack of this folder's project; may be repeated. Left out, all of them; the first names the "
                "portal.",
            )
        )


@click.command(
    cls=_SeveralStacks,
    example="opendatasoft unmanaged\nopendatasoft unmanaged --stack prod --ignore 'users/*' --ignore 'datasets/test-*'",
)
@click.argument("states_of", metavar="[STATE]...", nargs=-1)
@click.option("--ignore", multiple=True, metavar="PATTERN", help="Leave out what fits, by key or kind/key; repeatable.")
@click.option(
    "--only", multiple=True, type=click.Choice([noun.name for noun in NOUNS]), help="Only this kind; repeatable."
)
@PASS_SESSION
def unmanaged(
    session: Session,
    states_of: tuple[str, ...],
    stacks: tuple[str, ...],
    ignore: tuple[str, ...],
    only: tuple[str, ...],
) -> int:
    """List what lives on the portal and is in no stack: made by hand, or left behind.

    The states are those of this folder's stacks, or of STATE: files that `pulumi stack export --file` made, and folders
    of other projects. Nothing is written. A draft is in no list of the portal, so it is not seen.
    """
    session.stack = stacks[0] if stacks else session.stack
    named = stacks or ((session.stack,) if session.stack else ())
    known = states.resources(states_of, named)
    moved_from = session.settings.moved_from
    found = survey(session.client, known, nouns=chosen(only), ignore=ignore, moved_from=moved_from)
    rows = [dataclasses.asdict(one) for one in found.found]
    if session.as_json:
        counts = {
            "managed": found.managed,
            "ignored": found.ignored,
            "harvested": found.harvested,
            "unseen": found.unseen,
        }
        session.done("", {"unmanaged": rows, **counts})
    else:
        session.table(rows, COLUMNS, empty=f"{session.client.host} has nothing that is in no stack")
        session.note(
            f"{len(rows)} unmanaged, {found.managed} managed"
            + (f", {found.harvested} made by harvesters" if found.harvested else "")
            + (f", {found.ignored} ignored" if found.ignored else "")
        )
        for noun, reason in found.unseen.items():
            session.warn(f"{noun} were not seen: {reason}")
    if rows:
        return ExitCode.DIFFERENT
    return ExitCode.NOT_ALLOWED if found.unseen else ExitCode.DONE
