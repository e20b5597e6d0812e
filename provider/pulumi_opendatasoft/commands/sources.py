"""The commands of a dataset's sources: source list, guess, preview, clean-cache."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from . import targets
from .group import PASS_SESSION, Command
from .inputs import JSON_FILE, json_object, json_object_in, secrets_in
from .session import Session
from .texts import cell

F = TypeVar("F", bound=Callable[..., Any])

MOST_COLUMNS = 8
"""The columns of a preview that a terminal shows; the rest are counted."""


@click.group(help="Examine the sources of a dataset.")
def source() -> None:
    """The group of these commands."""


def draft_options(command: F) -> F:
    """Add the options that describe a source which does not exist yet."""
    options = (
        click.option("--url", help="The address of a file on a web server, in the place of SOURCE."),
        click.option(
            "--datasource",
            type=JSON_FILE,
            metavar="FILE",
            help="A file with the JSON of a datasource, as the API has it, in the place of SOURCE; - is standard "
            "input.",
        ),
        click.option(
            "--type", "extractor", metavar="EXTRACTOR", help="The extractor, such as csvfile; else it is guessed."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def draft(source: str | None, url: str | None, datasource: str | None) -> dict[str, Any] | None:
    """The datasource that the options describe; None where a source of the dataset is meant."""
    if sum(one is not None for one in (source, url, datasource)) > 1:
        raise click.UsageError("SOURCE, --url and --datasource exclude each other: give one of them")
    if datasource is not None:
        return json_object_in(datasource, "--datasource")
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise click.BadParameter("it begins with http:// or https://", param_hint="--url")
    relative = f"{parts.path}{'?' if parts.query else ''}{parts.query}"
    connection = {"type": "http", "url": f"{parts.scheme}://{parts.netloc}", "auth": None}
    return {"type": "http", "connection": connection, "relative_url": relative or "/", "headers": []}


@source.command("list", cls=Command, example="opendatasoft source list air-quality")
@click.argument("dataset")
@PASS_SESSION
def list_(session: Session, dataset: str) -> None:
    """List the sources of DATASET, with the uids that the other commands take."""
    found = targets.dataset(session.client, dataset)
    rows = [targets.summary(entry) for entry in session.client.all(f"/datasets/{found.uid}/resources/")]
    columns = {"source": "uid", "title": "title", "extractor": "type", "kind": "kind", "file": "file_uid"}
    session.table(rows, columns, empty=f"{found} has no sources")


@source.command(cls=Command, example="opendatasoft source guess air-quality --url https://data.example.com/air.csv")
@click.argument("dataset")
@click.argument("source", required=False)
@draft_options
@PASS_SESSION
def guess(
    session: Session, dataset: str, source: str | None, url: str | None, datasource: str | None, extractor: str | None
) -> None:
    """Guess how SOURCE of DATASET is read: the extractors that fit, and the parameters of the first."""
    client = session.client
    found = targets.dataset(client, dataset)
    described = draft(source, url, datasource)
    path = f"/datasets/{found.uid}/resources/"
    if described is None:
        chosen = targets.source(client, found, source)
        one = f"{path}{chosen['uid']}/"
        extractors = client.all(f"{one}guess_extractors/")
        guessed = client.get(f"{one}guess_extractors_params/")
    else:
        extractors = _question(session, f"{path}guess_extractors/", {"datasource": described}) or []
        kind = extractor or _first(extractors)
        guessed = _question(session, f"{path}guess_extractor_params/", {"datasource": described, "type": kind})
    if session.as_json:
        session.object({"extractors": extractors, "guessed": guessed})
        return
    session.table(extractors, {"extractor": "type", "label": "label"}, empty="no extractor fits")
    params = guessed.get("params") if isinstance(guessed, dict) else None
    if isinstance(params, dict):
        text = ", ".join(f"{name}={cell(value)!r}" for name, value in params.items())
        session.note(f"Parameters of {guessed.get('extractor')}: {text or 'none'}")


@source.command(cls=Command, example="opendatasoft source preview air-quality")
@click.argument("dataset")
@click.argument("source", required=False)
@draft_options
@click.option(
    "--params", help='The extractor\'s parameters as JSON, such as \'{"separator": ";"}\'; else they are guessed.'
)
@click.option("--fields", is_flag=True, help="Show the fields and their types, and not the first records.")
@PASS_SESSION
def preview(
    session: Session,
    dataset: str,
    source: str | None,
    url: str | None,
    datasource: str | None,
    extractor: str | None,
    params: str | None,
    fields: bool,
) -> None:
    """Show the first records that SOURCE of DATASET would give, before it is published."""
    client = session.client
    found = targets.dataset(client, dataset)
    described = draft(source, url, datasource)
    path = f"/datasets/{found.uid}/resources/"
    if described is None:
        chosen = targets.source(client, found, source)
        response = client.get(f"{path}{chosen['uid']}/preview/")
    else:
        given = json_object(params, "--params") if params else None
        if extractor is None:
            extractor = _first(_question(session, f"{path}guess_extractors/", {"datasource": described}))
        body = {"datasource": described, "type": extractor}
        if given is None:
            given = (_question(session, f"{path}guess_extractor_params/", body) or {}).get("params") or {}
        response = _question(session, f"{path}preview/", {**body, "params": given})
    _show_preview(session, response if isinstance(response, dict) else {}, fields)


def _show_preview(session: Session, response: dict[str, Any], fields: bool) -> None:
    if session.as_json:
        session.object(response)
        return
    known = [field for field in response.get("fields") or [] if isinstance(field, dict)]
    if fields:
        session.table(known, {"field": "name", "type": "type", "label": "label"}, empty="there are no fields")
        return
    names = [str(field.get("name")) for field in known]
    shown = names[:MOST_COLUMNS] if sys.stdout.isatty() else names
    # A field's name may contain a dot, which would be the path of a member.
    rows = [{str(n): record.get(name) for n, name in enumerate(shown)} for record in response.get("records") or []]
    session.table(rows, {name: str(n) for n, name in enumerate(shown)}, empty="there are no records")
    if len(shown) < len(names):
        session.note(f"and {len(names) - len(shown)} fields more: --fields lists them, --json has all")


@source.command("clean-cache", cls=Command, example="opendatasoft source clean-cache air-quality")
@click.argument("dataset")
@click.argument("source", required=False)
@PASS_SESSION
def clean_cache(session: Session, dataset: str, source: str | None) -> None:
    """Clear what the portal has kept of SOURCE of DATASET: the next publication fetches it anew."""
    found = targets.dataset(session.client, dataset)
    chosen = targets.source(session.client, found, source)
    session.client.post(f"/datasets/{found.uid}/resources/{chosen['uid']}/clean_cache/", repeatable=True)
    value = {"dataset_uid": found.uid, "uid": chosen["uid"], "title": chosen.get("title")}
    session.done(f'cleared the cache of source "{chosen.get("title")}" of {found}', value)


def _question(session: Session, path: str, body: dict[str, Any]) -> Any:
    """The answer to a POST that changes nothing; errors repeat no secret of its body."""
    session.client.add_secrets(*secrets_in(body))
    return session.client.post(path, body, repeatable=True)


def _first(extractors: Any) -> str:
    if not extractors:
        raise click.UsageError("no extractor fits the source: name one with --type")
    return str(extractors[0].get("type"))
