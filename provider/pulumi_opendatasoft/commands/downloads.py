"""The commands that download files of a dataset: download file, attachment, export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ..errors import ArgumentError
from . import targets
from .group import PASS_SESSION, Command
from .session import Session

F = TypeVar("F", bound=Callable[..., Any])


@click.group(help="Download the files of a dataset.")
def download() -> None:
    """The group of these commands."""


def file_options(command: F) -> F:
    """Add the options that say where a download goes."""
    command = click.option("--overwrite", is_flag=True, help="Replace the file if there is one.")(command)
    return click.option(
        "--output",
        type=click.Path(path_type=Path),
        help="The file, or a folder for it; without it, this folder and the name that the portal has.",
    )(command)


@download.command(cls=Command, example="opendatasoft download file air-quality air.csv --output backup/")
@click.argument("dataset")
@click.argument("uid")
@file_options
@PASS_SESSION
def file(session: Session, dataset: str, uid: str, output: Path | None, overwrite: bool) -> None:
    """Download the uploaded file of DATASET that has this UID.

    The portal cannot list such files: `opendatasoft source list` shows the uid of each source's file.
    """
    found = targets.dataset(session.client, dataset)
    path = f"/datasets/{found.uid}/resources/files/{targets.step(uid)}/"
    _download(session, path, session.client.get(path), output, overwrite)


@download.command(cls=Command, example="opendatasoft download attachment air-quality method.pdf")
@click.argument("dataset")
@click.argument("uid")
@file_options
@PASS_SESSION
def attachment(session: Session, dataset: str, uid: str, output: Path | None, overwrite: bool) -> None:
    """Download the attachment of DATASET that has this UID or file name."""
    found = targets.dataset(session.client, dataset)
    attachments = f"/datasets/{found.uid}/attachments/"
    entry = targets.part(session.client, attachments, uid, f"attachment of {found}", names=("uid", "filename"))
    _download(session, f"{attachments}{targets.step(str(entry['uid']))}/", entry, output, overwrite)


@download.command(cls=Command, example='opendatasoft download export air-quality "All years"')
@click.argument("dataset")
@click.argument("uid")
@file_options
@PASS_SESSION
def export(session: Session, dataset: str, uid: str, output: Path | None, overwrite: bool) -> None:
    """Download the alternative export of DATASET that has this UID or title.

    Of an export that is a link to another site only the link is printed: the API key must not go there.
    """
    found = targets.dataset(session.client, dataset)
    exports = f"/datasets/{found.uid}/alternative_exports/"
    entry = targets.part(session.client, exports, uid, f"alternative export of {found}", names=("uid", "title"))
    if entry.get("type") == "url":
        session.done(str(entry.get("url")), {"uid": entry["uid"], "url": entry.get("url")})
        return
    _download(session, f"{exports}{targets.step(str(entry['uid']))}/", entry, output, overwrite)


def _download(session: Session, path: str, entry: dict[str, Any], output: Path | None, overwrite: bool) -> None:
    name = Path(str(entry.get("filename") or entry.get("uid") or "download").replace("\\", "/")).name or "download"
    target = output or Path(name)
    if target.is_dir() or str(output or "").endswith("/"):
        target = target / name
    if not overwrite:
        refuse_existing(target)
    with session.progress(f"Downloading {name}"):
        session.client.download(f"{path}download/", target)
    size = target.stat().st_size
    session.done(f"wrote {size:,} bytes to {target}", {"uid": entry.get("uid"), "file": str(target), "bytes": size})


def refuse_existing(file: Path) -> None:
    """Raise ArgumentError for a file that is there already."""
    if file.exists():
        raise ArgumentError(f"{file} is there already: add --overwrite, or name another file with --output")
