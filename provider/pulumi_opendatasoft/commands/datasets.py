"""The commands of a dataset's publication: publish, unpublish, abort, status, copy."""

from __future__ import annotations

import click

from . import targets
from .group import PASS_SESSION, Command
from .session import Session

STATUS = {"status": "status", "since": "since", "published": "is_published", "message": "message"}


@click.command(cls=Command, example="opendatasoft status air-quality")
@click.argument("dataset")
@PASS_SESSION
def status(session: Session, dataset: str) -> None:
    """Show the status of DATASET: whether it is published, is being processed, or failed.

    DATASET is a dataset_id or a uid.
    """
    found = targets.dataset(session.client, dataset)
    session.object(session.client.get(f"/datasets/{found.uid}/status/"), STATUS)
