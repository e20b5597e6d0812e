"""All commands together: each has help, an example, --json, and a test that called its operations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pulumi_opendatasoft.commands.group import COMMANDS, Command, opendatasoft
from pulumi_opendatasoft.operations import of_command, operations

from ..operations import claims
from .conftest import Call


def found(group: click.Group, *path: str) -> Iterator[tuple[str, Command]]:
    """Every command below a group, by its words."""
    context = click.Context(group, info_name="opendatasoft")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from found(command, *path, name)
        else:
            assert isinstance(command, Command), f"{name} is no Command of the frame"
            yield " ".join((*path, name)), command


EVERY = dict(found(opendatasoft))

OTHERS = {"doctor"}
"""The commands of the table that make further calls, and whose tests are elsewhere."""


@pytest.mark.parametrize("name", EVERY)
def test_help_has_an_example_and_the_shared_options(call: Call, name: str) -> None:
    text = call(*name.split(), "--help").stdout
    assert f"opendatasoft {name}" in text.partition("\nExample:\n")[2]
    for option in ("--portal", "--stack", "--json"):
        assert option in text
    summary = (EVERY[name].help or "").partition("\n")[0]
    assert summary.endswith((".", ":")) or summary


def called_with_json() -> set[str]:
    """The commands that a test calls with --json, read from the text of the tests."""
    found = set()
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "call":
                words = [str(word.value) for word in node.args if isinstance(word, ast.Constant)]
                found |= {name for name in EVERY if "--json" in words and words[: len(name.split())] == name.split()}
    return found


def test_every_command_of_the_table_is_called_with_json() -> None:
    assert {name for name in EVERY if of_command(name)} - OTHERS - called_with_json() == set()


def test_commands_ask_before_what_cannot_be_undone() -> None:
    asking = {
        "feedback archive",
        "harvest unpublish",
        "keys revoke",
        "metadata set",
        "page delete",
        "realtime forget",
        "realtime renew",
        "unpublish",
        "versions restore",
    }
    assert {name for name, command in EVERY.items() if command.asks and of_command(name)} == asking


def test_no_command_takes_a_key_or_a_password() -> None:
    taken = {f"{name} {one.name}" for name, command in EVERY.items() for one in command.params}
    assert [one for one in taken if one.endswith(("api_key", "apikey", "password", "secret"))] == []


def test_groups_have_a_line_of_help(call: Call) -> None:
    text = call("--help").stdout
    for name in COMMANDS:
        (line,) = [line for line in text.splitlines() if line.startswith(f"  {name} ")]
        assert len(line.split()) > 2, line


def test_every_command_of_the_table_is_there() -> None:
    named = {name for row in operations() for name in row.commands}
    assert named - EVERY.keys() - OTHERS == set()


def test_every_operation_of_a_command_was_called_in_a_test() -> None:
    proven = claims()
    missing = [
        f"{name}: {row.name}"
        for row in operations()
        for name in row.commands
        if name in EVERY.keys() - OTHERS and row.name not in proven[name]
    ]
    assert missing == []
