"""The commands of a dataset's versions: versions list, show, restore."""

from __future__ import annotations

import click

from ..resources.dataset import publication
from . import targets
from .group import PASS_SESSION, Command
from .session import Session
from .waiting import waiting

COLUMNS = {
    "version": "uid",
    "created at": "created_at",
    "by": "created_by.username",
    "changed": "sections",
    "can be restored": "can_restore",
}


@click.group(help="See and restore the earlier configurations of a dataset.")
def versions() -> None:
    """The group of these commands."""


@versions.command("list", cls=Command, example="opendatasoft versions list air-quality")
@click.argument("dataset")
@PASS_SESSION
def list_(session: Session, dataset: str) -> None:
    """List the versions of DATASET, the newest first. A portal keeps the last 20."""
    found = targets.dataset(session.client, dataset)
    rows = session.client.all(f"/datasets/{found.uid}/versions/")
    session.table(rows, COLUMNS, empty=f"{found} has no versions")


@versions.command(cls=Command, example="opendatasoft versions show air-quality ch_qf2hyt")
@click.argument("dataset")
@click.argument("version")
@PASS_SESSION
def show(session: Session, dataset: str, version: str) -> None:
    """Show the version of DATASET that has the uid VERSION."""
    found = targets.dataset(session.client, dataset)
    session.object(session.client.get(f"/datasets/{found.uid}/versions/{targets.step(version)}/"), COLUMNS)


@versions.command(cls=Command, asks=True, example="opendatasoft versions restore air-quality ch_qf2hyt")
@click.argument("dataset")
@click.argument("version")
@PASS_SESSION
def restore(session: Session, dataset: str, version: str) -> None:
    """Restore DATASET to the version that has the uid VERSION, which makes a new version.

    Access rules and schedules stay as they are, and nothing is published. The next `up` of a program that manages the
    dataset brings back what the program declares.
    """
    found = targets.dataset(session.client, dataset)
    path = f"/datasets/{found.uid}/versions/{targets.step(version)}/"
    wanted = session.client.get(path)
    session.confirm(f"Restore {found} of {session.client.host} to version {version} of {wanted.get('created_at')}?")
    with waiting(session, f"Restoring {found}", str(found), None) as context:
        publication.patiently(context, found.uid, lambda: session.client.post(f"{path}restore/"))
    value = {"uid": found.uid, "dataset_id": found.dataset_id, "version": version}
    session.done(f"restored {found} to version {version}; it is not published yet", value)
