"""The commands and exit codes of docs/guide/commands.md, made from the commands: `python -m tools.commands_page`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from pulumi_opendatasoft.commands.exit_codes import MEANINGS
from pulumi_opendatasoft.commands.group import Command, opendatasoft
from pulumi_opendatasoft.operations import of_command

PAGE = Path(__file__).resolve().parents[1] / "docs" / "guide" / "commands.md"

BEGIN = "<!-- Made by `make docs` from the commands. Do not edit. -->\n"
END = "<!-- End of what `make docs` made. -->\n"

SHARED = frozenset({"portal", "stack", "as_json", "help"})
"""The options that every command has, which the page describes once."""


def commands(group: click.Group = opendatasoft, *above: str) -> Iterator[tuple[str, Command]]:
    """Yield every command below a group with its words, in the order of help."""
    context = click.Context(group, info_name="opendatasoft")
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, *above, name)
        elif isinstance(found, Command):
            yield " ".join((*above, name)), found


def page() -> str:
    """The text of the page, with the commands as they are now."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{''.join(_parts())}\n{END}{after}"


def _parts() -> Iterator[str]:
    every = dict(commands())
    yield "\n## Exit codes\n\n| code | when |\n|---|---|\n"
    yield from (f"| {int(row.code)} | {row.when} |\n" for row in MEANINGS)
    yield "\n## All commands\n\n| command | does |\n|---|---|\n"
    for name, command in every.items():
        anchor = f"opendatasoft-{name.replace(' ', '-')}"
        yield f"| [`{name}`](#{anchor}) | {_cell(_paragraphs(command)[0])} |\n"
    for name, command in every.items():
        yield f"\n### opendatasoft {name}\n\n"
        yield "\n\n".join(_paragraphs(command))
        yield f"\n\n```sh\n{command.example}\n```\n"
        yield from _options(command)
        if rows := of_command(name):
            yield f"\nOperations of the API: {', '.join(f'`{row.name}`' for row in rows)}.\n"


def _paragraphs(command: Command) -> list[str]:
    return [" ".join(text.split()) for text in (command.help or "").split("\n\n") if text.strip()]


def _options(command: Command) -> Iterator[str]:
    own = [one for one in command.params if isinstance(one, click.Option) and one.name not in SHARED]
    if own:
        yield "\n| option | meaning |\n|---|---|\n"
    for option in own:
        value = "" if option.is_flag else f" {option.metavar or str(option.name).upper()}"
        names = ", ".join(f"`{name}{value}`" for name in option.opts)
        yield f"| {names} | {_cell(option.help or '')} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Write the page; return the exit code."""
    PAGE.write_text(page())
    print(f"Written: {PAGE.relative_to(PAGE.parents[2])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
