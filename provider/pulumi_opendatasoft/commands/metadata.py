"""The commands of a dataset's metadata: metadata show, set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from ..errors import ArgumentError
from ..resources.dataset import publication
from . import targets
from .group import PASS_SESSION, Command
from .session import Session
from .texts import json_text
from .waiting import waiting

READ_ONLY = "remote_value"
"""The member of a value that a portal returns and does not take."""


@click.group(help="See and replace the metadata of a dataset.")
def metadata() -> None:
    """The group of these commands."""


@metadata.command(cls=Command, example="opendatasoft metadata show air-quality > metadata.json")
@click.argument("dataset")
@PASS_SESSION
def show(session: Session, dataset: str) -> None:
    """Print the metadata of DATASET as JSON: the values by field within template, as `metadata set` reads them."""
    found = targets.dataset(session.client, dataset)
    click.echo(json_text(session.client.get(f"/datasets/{found.uid}/metadata/")))


@metadata.command("set", cls=Command, asks=True, example="opendatasoft metadata set air-quality metadata.json")
@click.argument("dataset")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@PASS_SESSION
def set_(session: Session, dataset: str, file: str) -> None:
    """Replace all metadata of DATASET by those in FILE, which `metadata show` printed; - is standard input.

    Nothing is published. The next `up` of a program that manages the dataset brings back what the program declares.
    """
    given = _templates(file)
    found = targets.dataset(session.client, dataset)
    path = f"/datasets/{found.uid}/metadata/"
    session.confirm(f"Replace the metadata of {found} on {session.client.host} by those in {file}?")
    with waiting(session, f"Writing the metadata of {found}", str(found), None) as context:
        response = publication.patiently(context, found.uid, lambda: session.client.put(path, given))
    count = sum(len(fields) for fields in response.values()) if isinstance(response, Mapping) else 0
    value = {"uid": found.uid, "dataset_id": found.dataset_id, "metadata": response}
    session.done(f"{found} has {count} metadata values now; they are not published yet", value)


def _templates(file: str) -> dict[str, dict[str, Any]]:
    """The metadata in a file, as the API takes them. Raises ArgumentError for anything else."""
    form = '{"default": {"title": {"value": "Air quality"}}}'
    try:
        with click.open_file(file, encoding="utf-8") as text:
            templates = json.load(text)
        return {
            template: {
                name: {member: value for member, value in entry.items() if member != READ_ONLY}
                for name, entry in fields.items()
            }
            for template, fields in templates.items()
        }
    except OSError as error:
        raise ArgumentError(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, AttributeError):
        raise ArgumentError(f"{file} does not contain metadata as `metadata show` prints them: {form}") from None
