"""The commands of a portal's users: users export."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import click

from .downloads import refuse_existing
from .group import PASS_SESSION, Command
from .session import Session
from .texts import printable


@click.group(help="Export the users of a portal.")
def users() -> None:
    """The group of these commands."""


@users.command(cls=Command, example="opendatasoft users export --output users.csv")
@click.option("--delimiter", metavar="CHARACTER", help="The character between two cells; a comma without it.")
@click.option("--subdomains", metavar="DOMAINS", help="Also the users of these subdomains.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file; standard output without it.")
@click.option("--overwrite", is_flag=True, help="Replace the file if there is one.")
@PASS_SESSION
def export(
    session: Session, delimiter: str | None, subdomains: str | None, output: Path | None, overwrite: bool
) -> None:
    """Export the users as CSV, one line each, with their groups and permissions."""
    if delimiter is not None and len(delimiter) != 1:
        raise click.BadParameter("it is one character", param_hint="--delimiter")
    if output and not overwrite:
        refuse_existing(output)
    with tempfile.TemporaryDirectory() as folder:
        file = output or Path(folder) / "users.csv"
        session.client.download("/users/export/", file, delimiter=delimiter, subdomains=subdomains)
        text = file.read_text(encoding="utf-8-sig", errors="replace")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter or ","))
    if output:
        session.done(f"wrote {len(rows)} users to {output}", {"file": str(output), "users": len(rows)})
    elif session.as_json:
        session.table(rows, {}, empty="")
    else:
        for line in text.splitlines():
            click.echo(printable(line))
