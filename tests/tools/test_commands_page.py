"""The guide's page on the commands: up to date, and complete."""

from __future__ import annotations

from pulumi_opendatasoft.commands.exit_codes import ExitCode

from tools import commands_page


def test_page_is_up_to_date() -> None:
    assert commands_page.PAGE.read_text() == commands_page.page(), "the commands have changed: make docs"


def test_page_has_every_command_and_exit_code() -> None:
    text = commands_page.page()
    for name, command in commands_page.commands():
        assert f"\n### opendatasoft {name}\n" in text
        assert f"\n{command.example}\n" in text
    for code in ExitCode:
        assert f"\n| {int(code)} | " in text
