"""The commands of what visitors say about a dataset: feedback list, show, archive."""

from __future__ import annotations

import click

from . import targets
from .group import PASS_SESSION, Command
from .session import Session

COLUMNS = {
    "feedback": "uid",
    "created at": "created_at",
    "by": "user.username",
    "record": "record_id",
    "comment": "comment",
    "archived": "is_archived",
}


@click.group(help="Read and archive the feedback of visitors.")
def feedback() -> None:
    """The group of these commands."""


@feedback.command("list", cls=Command, example="opendatasoft feedback list air-quality")
@click.argument("dataset")
@click.option("--record", metavar="RECORD_ID", help="Only the feedback on this record.")
@click.option("--archived", is_flag=True, help="The archived feedback, in the place of the open one.")
@click.option("--sort", type=click.Choice(["created_at", "-created_at"]), help="The oldest first, or the newest.")
@PASS_SESSION
def list_(session: Session, dataset: str, record: str | None, archived: bool, sort: str | None) -> None:
    """List the feedback on DATASET, the newest first."""
    found = targets.dataset(session.client, dataset)
    rows = session.client.all(
        f"/datasets/{found.uid}/feedbacks/",
        record_id=record,
        is_archived="true" if archived else None,
        sort=sort,
    )
    session.table(rows, COLUMNS, empty=f"{found} has no {'archived' if archived else 'open'} feedback")


@feedback.command(cls=Command, example="opendatasoft feedback show air-quality df_qf2hyt")
@click.argument("dataset")
@click.argument("feedback")
@PASS_SESSION
def show(session: Session, dataset: str, feedback: str) -> None:
    """Show the feedback on DATASET that has the uid FEEDBACK, with the values that it proposes."""
    found = targets.dataset(session.client, dataset)
    response = session.client.get(f"/datasets/{found.uid}/feedbacks/{targets.step(feedback)}/")
    session.object(response, {**COLUMNS, "proposed value": "values.value"})


@feedback.command(cls=Command, asks=True, example="opendatasoft feedback archive air-quality df_qf2hyt")
@click.argument("dataset")
@click.argument("feedback")
@PASS_SESSION
def archive(session: Session, dataset: str, feedback: str) -> None:
    """Archive the feedback on DATASET that has the uid FEEDBACK. There is no way back."""
    found = targets.dataset(session.client, dataset)
    path = f"/datasets/{found.uid}/feedbacks/{targets.step(feedback)}/"
    known = session.client.get(path)
    comment = str(known.get("comment") or "")
    session.confirm(f'Archive feedback {feedback} on {found} for good: "{comment[:80]}"?')
    session.client.post(f"{path}archive/", repeatable=True)
    value = {"uid": feedback, "dataset_uid": found.uid, "is_archived": True}
    session.done(f"archived feedback {feedback} on {found}", value)
