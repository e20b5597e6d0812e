"""The commands of harvesters: harvest start, abort, errors, preview, publish, unpublish."""

from __future__ import annotations

import click

from ..client.redaction import redact_deep
from ..resources.harvester import run
from . import targets
from .exit_codes import NotInTime
from .group import PASS_SESSION, Command
from .inputs import JSON_FILE, json_object_in, secrets_in
from .session import Session
from .waiting import timeout_option, wait_options, waiting


@click.group(help="Start and examine the runs of harvesters.")
def harvest() -> None:
    """The group of these commands."""


def _uid(session: Session, name: str) -> tuple[str, str]:
    """The uid of a harvester, and how texts name it."""
    found = targets.harvester(session.client, name)
    uid, title = str(found.get("uid") or name), str(found.get("name") or "")
    return uid, f"{title} ({uid})" if title and title != uid else uid


@harvest.command(cls=Command, example="opendatasoft harvest start region")
@click.argument("harvester")
@wait_options
@PASS_SESSION
def start(session: Session, harvester: str, timeout: float | None) -> None:
    """Start a run of HARVESTER and wait for its end. It fails if the run does.

    New datasets are not public afterwards: `opendatasoft harvest publish` makes them.
    """
    uid, who = _uid(session, harvester)
    with waiting(session, f"Harvesting {who}", who, timeout) as context:
        result = run.run(context, uid, run.Harvesting(context, uid).status())
    if result is None and timeout != 0:
        raise NotInTime(f"{who} is still running; see `opendatasoft harvest errors {uid}` later", {"uid": uid})
    if result is None:
        session.done(f"{who} has started", {"uid": uid, "status": "processing"})
    else:
        session.done(f"{who} has harvested", {"uid": uid, **result})


@harvest.command(cls=Command, example="opendatasoft harvest abort region")
@click.argument("harvester")
@timeout_option
@PASS_SESSION
def abort(session: Session, harvester: str, timeout: float | None) -> None:
    """Stop the run of HARVESTER, and wait until it has stopped. The datasets that it wrote stay."""
    uid, who = _uid(session, harvester)
    with waiting(session, f"Stopping {who}", who, timeout) as context:
        job = run.Harvesting(context, uid)
        was_under_way = not job.is_settled(job.status())
        if was_under_way:
            run.abort(job)
    session.done(f"stopped {who}" if was_under_way else f"{who} is not running", {"uid": uid, "aborted": was_under_way})


@harvest.command(cls=Command, example="opendatasoft harvest errors region")
@click.argument("harvester")
@PASS_SESSION
def errors(session: Session, harvester: str) -> None:
    """Show the errors of the last run of HARVESTER: its own, and those of single datasets."""
    uid, who = _uid(session, harvester)
    found = redact_deep(session.client.get(f"/harvesters/{uid}/errors/"), session.client.redact)
    if session.as_json:
        session.object(found)
        return
    rows = [{"what": who, "error": found["harvester"]}] if found.get("harvester") else []
    resources = found.get("resources")
    rows += [{"what": name, "error": text} for name, text in resources.items()] if isinstance(resources, dict) else []
    session.table(
        rows, {"harvester or dataset": "what", "error": "error"}, empty=f"the last run of {who} has no errors"
    )


@harvest.command(cls=Command, example="opendatasoft harvest preview region")
@click.argument("harvester")
@click.option(
    "--config",
    type=JSON_FILE,
    metavar="FILE",
    help="A file with the JSON of a configuration that is not saved yet, as the API has it, secrets left out; "
    "- is standard input.",
)
@PASS_SESSION
def preview(session: Session, harvester: str, config: str | None) -> None:
    """Show the datasets that a run of HARVESTER would find."""
    uid, who = _uid(session, harvester)
    if config is None:
        response = session.client.get(f"/harvesters/{uid}/preview/")
    else:
        body = json_object_in(config, "--config")
        session.client.add_secrets(*secrets_in(body))
        response = session.client.post(f"/harvesters/{uid}/unsaved_preview/", body, repeatable=True)
    if session.as_json:
        session.object(response)
        return
    rows = [row for row in response.get("results") or [] if isinstance(row, dict)] if isinstance(response, dict) else []
    columns = {"id": "id", "title": "title", "description": "description"}
    session.table(rows, columns, empty=f"{who} would find nothing")
    if isinstance(response, dict) and (response.get("total_count") or 0) > len(rows):
        session.note(f"{len(rows)} of {response['total_count']} datasets")


@harvest.command(cls=Command, example="opendatasoft harvest publish region")
@click.argument("harvester")
@timeout_option
@PASS_SESSION
def publish(session: Session, harvester: str, timeout: float | None) -> None:
    """Make every dataset of HARVESTER public. The portal processes them afterwards, one by one."""
    uid, who = _uid(session, harvester)
    with waiting(session, f"Publishing the datasets of {who}", who, timeout) as context:
        run.publish(context, uid)
    session.done(f"the datasets of {who} are being published", {"uid": uid})


@harvest.command(cls=Command, asks=True, example="opendatasoft harvest unpublish region")
@click.argument("harvester")
@timeout_option
@PASS_SESSION
def unpublish(session: Session, harvester: str, timeout: float | None) -> None:
    """Take every dataset of HARVESTER off the public portal."""
    uid, who = _uid(session, harvester)
    session.confirm(f"Unpublish every dataset of harvester {who} of {session.client.host}?")
    with waiting(session, f"Unpublishing the datasets of {who}", who, timeout) as context:
        run.unpublish(context, uid)
    session.done(f"the datasets of {who} are being unpublished", {"uid": uid})
