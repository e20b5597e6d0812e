"""The group of all commands: where each is found, the options that all have, and how errors end them."""

from __future__ import annotations

import errno
import functools
import importlib
import importlib.metadata
import inspect
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import click

from ..errors import OpendatasoftError
from ..operations import of_command
from .exit_codes import ExitCode, exit_code_of
from .session import Session
from .texts import json_text

COMMANDS: Final[Mapping[str, str]] = {
    "abort": "datasets:abort",
    "compare": "compare:compare",
    "copy": "datasets:copy",
    "doctor": "doctor:doctor",
    "download": "downloads:download",
    "export": "export:export",
    "feedback": "feedbacks:feedback",
    "harvest": "harvesters:harvest",
    "keys": "keys:keys",
    "metadata": "metadata:metadata",
    "page": "pages:page",
    "plan-cost": "plan_cost:plan_cost",
    "publish": "datasets:publish",
    "realtime": "realtime:realtime",
    "source": "sources:source",
    "status": "datasets:status",
    "studio": "pages:studio",
    "unmanaged": "unmanaged:unmanaged",
    "unpublish": "datasets:unpublish",
    "users": "users:users",
    "versions": "versions:versions",
}
"""The commands and groups of commands by their names: the module below this package, and its member.

A module is imported when its command is called, or when help lists it.
"""

ARGUMENTS: Final[Mapping[str, str]] = {
    "dataset": "DATASET is a dataset_id or a uid.",
    "source": "SOURCE is the title or the uid of a source. It may be left out where the dataset has only one.",
    "harvester": "HARVESTER is a name or a uid.",
}
"""A sentence on each argument that several commands have, which their help contains."""

PASS_SESSION: Final = click.make_pass_decorator(Session, ensure=True)
"""Passes the session to a command, as its first argument."""


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep an option's value in the session. An option may stand before the command's name, or after it."""
    if value:
        setattr(context.ensure_object(Session), str(parameter.name), value)


def _shared_options() -> list[click.Parameter]:
    """The options that every command has, and the group too."""
    shared: dict[str, Any] = {"expose_value": False, "callback": _remember}
    return [
        click.Option(["--portal"], metavar="NAME", help="A portal of `opendatasoft:portals`.", **shared),
        click.Option(["--stack"], metavar="NAME", help="The stack whose configuration names the portal.", **shared),
        click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON document for programs.", **shared),
    ]


class Command(click.Command):
    """A command of `opendatasoft`, with the options that all have.

    Args:
        example: A command line that its help shows.
        asks: Whether it asks before it does anything; it then has the option --yes.
    """

    def __init__(self, *args: Any, example: str, asks: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        arguments = [ARGUMENTS[str(one.name)] for one in self.params if str(one.name) in ARGUMENTS]
        self.help = "\n\n".join([inspect.cleandoc(self.help or ""), *arguments])
        self.example = example
        self.asks = asks
        if asks:
            self.params.append(
                click.Option(
                    ["--yes"], is_flag=True, help="Do not ask.", expose_value=False, callback=_remember, is_eager=True
                )
            )
        self.params += _shared_options()

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the operations of the API that it calls, and the example, at the end of the help."""
        rows = of_command(ctx.command_path.partition(" ")[2])
        if rows:
            with formatter.section("Operations of the API"):
                for row in rows:
                    formatter.write(f"{'':>{formatter.current_indent}}{row.name}\n")
        with formatter.section("Example"):
            for line in self.example.splitlines():
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


class Group(click.Group):
    """The group of all commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in alphabetical order."""
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, whose module is imported for it."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(importlib.import_module(f"{__package__}.{module}"), name)
        assert isinstance(found, click.Command), COMMANDS[cmd_name]
        return found

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command, and exit with its code; every error of `errors.py` is printed, in one or two lines."""
        arguments = list(sys.argv[1:] if args is None else args)
        session = extra["obj"] = Session()
        for stream in (sys.stdout, sys.stderr):
            if callable(reconfigure := getattr(stream, "reconfigure", None)):
                reconfigure(errors="backslashreplace")  # a title in Greek must not fail on an ASCII terminal
        run = functools.partial(super().main, arguments, prog_name or "opendatasoft", standalone_mode=False, **extra)
        sys.exit(_exit_code(session, arguments, run))


def _exit_code(session: Session, arguments: list[str], run: Callable[[], Any]) -> int:
    """Run a command, print its error if there is one, and return the exit code."""
    failed, value = "", None
    try:
        returned = run()
        sys.stdout.flush()
        return int(returned) if isinstance(returned, int) else ExitCode.DONE
    except OpendatasoftError as error:
        failed, code, kind = str(error), int(exit_code_of(error)), type(error).__name__
        value = getattr(error, "value", None)
        session.error(failed)
    except click.ClickException as error:
        failed, code, kind = error.format_message(), error.exit_code, type(error).__name__
        error.show()
    except click.Abort:
        failed, code, kind = "interrupted: what was begun on the portal goes on", ExitCode.INTERRUPTED, "Interrupted"
        session.note(failed)
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader of the output, such as `head`, has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.FAILED
        named = f"{error.filename}: " if error.filename else ""
        failed, code, kind = f"{named}{error.strerror or error}", ExitCode.FAILED, type(error).__name__
        session.error(failed)
    finally:
        session.close()
    if session.as_json or "--json" in arguments:
        document = {"error": {"kind": kind, "message": failed, "exit_code": int(code)}}
        click.echo(json_text(document if value is None else {**document, "result": value}))
    return int(code)


def _version() -> str:
    try:
        return importlib.metadata.version("pulumi-opendatasoft")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _print_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(f"opendatasoft {_version()}")
        context.exit()


opendatasoft = Group(
    "opendatasoft",
    help="Work with the Opendatasoft portal that OPENDATASOFT_DOMAIN and OPENDATASOFT_API_KEY name, or that of the "
    "Pulumi project of this folder.",
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Print the version and exit.",
        ),
        *_shared_options(),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
"""The command `opendatasoft`."""
