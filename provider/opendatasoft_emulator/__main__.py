"""The command line: `opendatasoft-emulator serve`."""

import signal
import sys
import threading
from pathlib import Path

import click

from .server import CannotServe, Emulator
from .state.store import StateUnusable


@click.group()
def main() -> None:
    """An emulator of an Opendatasoft portal on this machine."""


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), required=True, help="The port; 0 takes a free one.")
@click.option(
    "--data", type=click.Path(path_type=Path), required=True, help="The folder that keeps the portal's state."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
def serve(port: int, data: Path, host: str) -> None:
    """Serve a portal until Ctrl-C. The administrator's API key is in DATA/api-key."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with Emulator(data, port, host) as emulator:
            click.echo(f"Opendatasoft emulator: {emulator.url} (state in {data})")
            sys.stdout.flush()
            stop.wait()
    except (CannotServe, StateUnusable) as error:
        click.echo(f"opendatasoft-emulator: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
