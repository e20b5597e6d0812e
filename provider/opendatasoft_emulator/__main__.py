"""The command line: `opendatasoft-emulator serve`."""

import json
import re
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from .portal import Options
from .server import CannotServe, Emulator
from .state.settings import Settings
from .state.store import StateUnusable

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
@click.version_option(package_name="pulumi-opendatasoft")
def main() -> None:
    """An emulator of an Opendatasoft portal on this machine."""


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), required=True, help="The port; 0 takes a free one.")
@click.option(
    "--data", type=click.Path(path_type=Path), required=True, help="The folder that keeps the portal's state."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--key",
    envvar="OPENDATASOFT_EMULATOR_KEY",
    help="The administrator's API key; else a new one, or the one of the folder. [OPENDATASOFT_EMULATOR_KEY]",
)
@click.option("--settings", type=_FILE, help="A JSON file of switches, as POST /_emulator/settings takes them.")
@click.option(
    "--seed",
    type=_FOLDER,
    help="The --data folder of another portal, which is not running: an empty portal begins with its content, and a "
    "reset returns to it.",
)
@click.option(
    "--remote", type=_FOLDER, help="The folder that stands for remote servers; else `remote` in the --data folder."
)
@click.option(
    "--federate",
    metavar="DOMAIN_ID=URL",
    multiple=True,
    help="A portal whose datasets federated datasets and harvesters read; may be repeated.",
)
@click.option(
    "--allowed-host",
    metavar="NAME",
    multiple=True,
    help="A name by which the calls below /_emulator/ may be reached, besides localhost and IP addresses; may be "
    "repeated.",
)
def serve(
    port: int,
    data: Path,
    host: str,
    key: str | None,
    settings: Path | None,
    seed: Path | None,
    remote: Path | None,
    federate: tuple[str, ...],
    allowed_host: tuple[str, ...],
) -> None:
    """Serve a portal until Ctrl-C. The administrator's API key is in DATA/api-key."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    options = Options(key=_key(key), settings=_settings(settings, federate), seed=seed, remote=remote)
    try:
        with Emulator(data, port, host, options=options, allowed_hosts=allowed_host) as emulator:
            click.echo(f"Opendatasoft emulator: {emulator.url} (state in {data})")
            sys.stdout.flush()
            stop.wait()
    except (CannotServe, StateUnusable) as error:
        click.echo(f"opendatasoft-emulator: {error}", err=True)
        sys.exit(1)


def _key(key: str | None) -> str | None:
    """The key, if it can be sent in a header. Raises BadParameter."""
    if key is not None and not re.fullmatch(r"[A-Za-z0-9_-]{8,200}", key):
        raise click.BadParameter("a key has 8 to 200 letters, digits, - and _", param_hint="--key")
    return key


def _settings(file: Path | None, federate: tuple[str, ...]) -> Settings | None:
    """The switches of the command line; None without any. Raises BadParameter."""
    if file is None and not federate:
        return None
    given: Any = {}
    if file is not None:
        try:
            given = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise click.BadParameter(f"{file} is no JSON ({error})", param_hint="--settings") from None
        if not isinstance(given, dict):
            raise click.BadParameter(f"{file} contains no object of switches", param_hint="--settings")
    domains = dict(given.get("federated_domains") or {})
    for one in federate:
        name, separator, url = one.partition("=")
        if not name or not separator or not url.startswith(("http://", "https://")):
            raise click.BadParameter(f"{one!r} is not DOMAIN_ID=URL", param_hint="--federate")
        domains[name] = url
    try:
        return Settings.model_validate({**given, "federated_domains": domains})
    except ValidationError as error:
        first = error.errors()[0]
        what = ".".join(map(str, first["loc"]))
        raise click.BadParameter(f"{file}: {what}: {first['msg']}", param_hint="--settings") from None


if __name__ == "__main__":
    main()
