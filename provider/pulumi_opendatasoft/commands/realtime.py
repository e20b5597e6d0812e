"""The commands of sources to which records are pushed: realtime enable, disable, renew, recover, forget."""

from __future__ import annotations

from typing import Any

import click

from ..errors import ResourceError
from . import targets
from .group import PASS_SESSION, Command
from .session import Session


@click.group(help="Steer the sources of a dataset to which records are pushed.")
def realtime() -> None:
    """The group of these commands."""


@realtime.command(cls=Command, example="opendatasoft realtime enable air-quality Sensors")
@click.argument("dataset")
@click.argument("source", required=False)
@PASS_SESSION
def enable(session: Session, dataset: str, source: str | None) -> None:
    """Accept records that are pushed to SOURCE of DATASET."""
    target = _Target(session, dataset, source)
    target.act("enable")
    target.done(f"{target} accepts records now", is_enabled=True)


@realtime.command(cls=Command, example="opendatasoft realtime disable air-quality Sensors")
@click.argument("dataset")
@click.argument("source", required=False)
@PASS_SESSION
def disable(session: Session, dataset: str, source: str | None) -> None:
    """Refuse records that are pushed to SOURCE of DATASET. Those that are there stay."""
    target = _Target(session, dataset, source)
    target.act("disable")
    target.done(f"{target} refuses records now", is_enabled=False)


@realtime.command(cls=Command, asks=True, example="opendatasoft realtime renew air-quality Sensors --show-url")
@click.argument("dataset")
@click.argument("source", required=False)
@click.option("--show-url", is_flag=True, help="Print the new address, which contains the new key.")
@PASS_SESSION
def renew(session: Session, dataset: str, source: str | None, show_url: bool) -> None:
    """Replace the push key of SOURCE of DATASET: whoever has only the old one can push nothing any more.

    `pulumi refresh` brings the new address into the outputs of a program.
    """
    target = _Target(session, dataset, source)
    session.confirm(f"Replace the push key of {target}, so that the present one is refused?")
    response = target.act("renew_api_key")
    url = response.get("url")
    target.done(str(url) if show_url else f"{target} has a new push key", **({"url": url} if show_url else {}))


@realtime.command(cls=Command, example="opendatasoft realtime recover air-quality Sensors")
@click.argument("dataset")
@click.argument("source", required=False)
@PASS_SESSION
def recover(session: Session, dataset: str, source: str | None) -> None:
    """Bring back the records of SOURCE that were deleted when DATASET was unpublished, if the portal kept a copy."""
    target = _Target(session, dataset, source)
    target.require_public()
    target.act("recover", repeatable=False)
    target.done(f"{target} has the records again of which the portal kept a copy")


@realtime.command(cls=Command, asks=True, example="opendatasoft realtime forget air-quality Sensors")
@click.argument("dataset")
@click.argument("source", required=False)
@PASS_SESSION
def forget(session: Session, dataset: str, source: str | None) -> None:
    """Delete the portal's copy of the records of SOURCE, from which `realtime recover` brings them back."""
    target = _Target(session, dataset, source)
    target.require_public()
    session.confirm(f"Delete the copy of the pushed records of {target} for good?")
    target.act("delete_recover_data")
    target.done(f"the portal has no copy of the records of {target} any more")


class _Target:
    """The source that a command line names."""

    def __init__(self, session: Session, dataset: str, source: str | None) -> None:
        self.session = session
        self.dataset = targets.dataset(session.client, dataset)
        found = targets.source(session.client, self.dataset, source, realtime=True)
        self.uid, self.title = str(found["uid"]), str(found.get("title") or "")

    def __str__(self) -> str:
        return f'source "{self.title}" ({self.uid}) of {self.dataset}'

    def act(self, action: str, *, repeatable: bool = True) -> dict[str, Any]:
        """Have the portal do one thing; returns the source as it is afterwards."""
        path = f"/datasets/{self.dataset.uid}/resources/{self.uid}/{action}/"
        response = self.session.client.post(path, repeatable=repeatable)
        return response if isinstance(response, dict) else {}

    def require_public(self) -> None:
        """Raise ResourceError for a dataset that is not public: the portal keeps no copy of its records."""
        status = self.session.client.get(f"/datasets/{self.dataset.uid}/status/")
        if not status.get("is_published"):
            raise ResourceError(f"{self.dataset} is not public: `opendatasoft publish {self.dataset.uid}` first")

    def done(self, text: str, **more: Any) -> None:
        """Print what was done. The source as the portal returns it contains its push key, and is not printed."""
        self.session.done(text, {"dataset_uid": self.dataset.uid, "uid": self.uid, "title": self.title, **more})
