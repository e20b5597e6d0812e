"""The commands of a dataset's publication: publish, unpublish, abort, status, copy."""

from __future__ import annotations

from typing import Any

import click

from ..lifecycle.context import Context
from ..resources.dataset import publication
from . import targets
from .exit_codes import CommandError, EndedBadly, NotInTime
from .group import PASS_SESSION, Command
from .session import Session
from .waiting import shown, timeout_option, wait_options, waiting

STATUS = {"status": "status", "since": "since", "published": "is_published", "message": "message"}


@click.command(cls=Command, example="opendatasoft publish air-quality")
@click.argument("dataset")
@click.option("--metadata-only", is_flag=True, help="Publish changed metadata without processing the records again.")
@wait_options
@PASS_SESSION
def publish(session: Session, dataset: str, metadata_only: bool, timeout: float | None) -> None:
    """Process DATASET and make it public, and wait until it is.

    What is published already is processed again: its sources are read anew. It fails if the processing does.
    """
    found = targets.dataset(session.client, dataset)
    with waiting(session, f"Publishing {found}", str(found), timeout) as context:
        known = publication.status_of(context, found.uid)
        if metadata_only and not known.get("is_published"):
            raise CommandError(f"{found} is not public, so it has no records to keep: leave --metadata-only out")
        result = shown(publication.publish(context, found.uid, known, metadata_only=metadata_only))
    value = {"uid": found.uid, "dataset_id": found.dataset_id, **result}
    if result.get("status") == "processing":
        if timeout == 0:
            session.done(f"{found} is being published", value)
            return
        raise NotInTime(f"{found} is still being processed; see `opendatasoft status {found.uid} --watch`", value)
    session.done(f"published the metadata of {found}" if metadata_only else f"published {found}", value)


@click.command(cls=Command, asks=True, example="opendatasoft unpublish air-quality")
@click.argument("dataset")
@timeout_option
@PASS_SESSION
def unpublish(session: Session, dataset: str, timeout: float | None) -> None:
    """Take DATASET off the public portal, and wait until it is.

    Its records are deleted, those that were pushed to it for good; its configuration stays.
    """
    found = targets.dataset(session.client, dataset)
    value = {"uid": found.uid, "dataset_id": found.dataset_id}
    known = session.client.get(f"/datasets/{found.uid}/status/")
    if known.get("status") == "idle" and known.get("is_published") is False:
        session.done(f"{found} is not public", {**value, "status": "idle"})
        return
    session.confirm(f"Unpublish {found} of {session.client.host}, and delete its records, pushed ones for good?")
    with waiting(session, f"Unpublishing {found}", str(found), timeout) as context:
        result = shown(publication.unpublish(context, found.uid))
    session.done(f"unpublished {found}", {**value, **result})


@click.command(cls=Command, example="opendatasoft abort air-quality")
@click.argument("dataset")
@timeout_option
@PASS_SESSION
def abort(session: Session, dataset: str, timeout: float | None) -> None:
    """Stop the processing of DATASET, and wait until it has stopped.

    The records that were processed so far stay.
    """
    found = targets.dataset(session.client, dataset)
    with waiting(session, f"Stopping {found}", str(found), timeout) as context:
        job = publication.Processing(context, found.uid)
        status = job.status()
        was_under_way = not job.is_settled(status)
        if was_under_way:
            publication.stop(context, found.uid)
            status = job.status()
    text = f"stopped the processing of {found}" if was_under_way else f"{found} is not being processed"
    value = {"uid": found.uid, "dataset_id": found.dataset_id, "aborted": was_under_way, "status": status.get("status")}
    session.done(text, value)


@click.command(cls=Command, example="opendatasoft status air-quality --watch")
@click.argument("dataset")
@click.option("--watch", is_flag=True, help="Wait until nothing is under way; fail if it ends in an error.")
@timeout_option
@PASS_SESSION
def status(session: Session, dataset: str, watch: bool, timeout: float | None) -> None:
    """Show the status of DATASET: whether it is public, is being processed, or failed."""
    found = targets.dataset(session.client, dataset)
    if watch:
        with waiting(session, f"Waiting for {found}", str(found), timeout) as context:
            job = publication.Processing(context, found.uid)
            current, is_settled = job.wait(job.is_settled)
        if not is_settled:
            raise NotInTime(f"{found} is still {current.get('status')}", current)
        if current.get("status") in publication.FAILED:
            reason = current.get("message") or "without a reason"
            raise EndedBadly(f"{found} ended in {current['status']}: {reason}", current)
    else:
        current = publication.status_of(Context(session.client, str(found)), found.uid)
    session.object(current, STATUS)


@click.command(cls=Command, example="opendatasoft copy air-quality")
@click.argument("dataset")
@PASS_SESSION
def copy(session: Session, dataset: str) -> None:
    """Copy DATASET: a new one that is not public, with the same metadata, sources and rules.

    No program manages the copy; the line that is printed with it takes it into one.
    """
    found = targets.dataset(session.client, dataset)
    with waiting(session, f"Copying {found}", str(found), None) as context:
        made: dict[str, Any] = publication.patiently(
            context, found.uid, lambda: session.client.post(f"/datasets/{found.uid}/copy/", is_usable=_has_uid)
        )
    new = targets.Dataset(str(made["uid"]), str(made.get("dataset_id") or ""), made)
    session.done(f"copied {found} to {new}", {"uid": new.uid, "dataset_id": new.dataset_id})
    if not session.as_json:
        key = f'dataset_id="{new.dataset_id}", adopt=True' if new.dataset_id else f'adopt="{new.uid}"'
        session.note(f'To manage it by a program: ods.Dataset("{new.dataset_id or new.uid}", {key}, ...)')


def _has_uid(response: Any) -> bool:
    return isinstance(response, dict) and bool(response.get("uid"))
