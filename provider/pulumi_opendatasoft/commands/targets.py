"""The objects that a command line names: a dataset by its dataset_id or its uid, one of its parts by a prefix."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from ..client.arguments import is_dataset_uid
from ..errors import ArgumentError, NotFound
from .exit_codes import Absent

if TYPE_CHECKING:
    from ..client.client import Client

MOST_NAMED = 10
"""So many names of existing objects are in a message."""


class Dataset(NamedTuple):
    """A dataset that a command line names."""

    uid: str
    dataset_id: str
    response: dict[str, Any]
    """The dataset as the portal returned it."""

    def __str__(self) -> str:
        return f"{self.dataset_id} ({self.uid})" if self.dataset_id else self.uid


def step(text: str) -> str:
    """A name from the command line as one step of a path."""
    return quote(text, safe="")


def dataset(client: Client, name: str) -> Dataset:
    """Find a dataset by its dataset_id or its uid. Raises Absent where the portal shows none to this key."""
    found = None
    if is_dataset_uid(name):
        with suppress(NotFound):
            found = client.get(f"/datasets/{name}/")
    if found is None:
        results = client.get("/datasets/", dataset_id=name, limit=2).get("results")
        listed = [entry for entry in results or [] if isinstance(entry, dict) and entry.get("dataset_id") == name]
        if not listed:
            raise Absent(
                f'{client.host} has no dataset "{name}" that this API key may edit: give its dataset_id or its uid'
            )
        found = listed[0]
    return Dataset(str(found.get("uid") or name), str(found.get("dataset_id") or ""), found)


def part(client: Client, path: str, name: str, kind: str, *, names: tuple[str, ...]) -> dict[str, Any]:
    """Find an entry of a list by one of its names.

    Args:
        client: The client.
        path: The list.
        name: The name on the command line.
        kind: What is looked for, for messages: "attachment of air (da_1)".
        names: The members by which an entry is named, the strongest first.

    Raises:
        Absent: No entry has the name; the message has those that there are.
        ArgumentError: Several have it.
    """
    entries = client.all(path)
    for member in names:
        fitting = [entry for entry in entries if str(entry.get(member)) == name]
        if len(fitting) > 1:
            uids = ", ".join(str(entry.get(names[0])) for entry in fitting)
            raise ArgumentError(f'several have the name "{name}" ({kind}): give one of the uids {uids}')
        if fitting:
            return fitting[0]
    known = ", ".join(f"{entry.get(names[-1])} ({entry.get(names[0])})" for entry in entries[:MOST_NAMED])
    more = f" and {len(entries) - MOST_NAMED} more" if len(entries) > MOST_NAMED else ""
    raise Absent(f'there is no {kind} named "{name}": there {"are" if entries else "is"} {known or "none"}{more}')


def source(client: Client, dataset: Dataset, name: str | None, *, realtime: bool = False) -> dict[str, Any]:
    """Find a source of a dataset by its uid or title; without a name, the only one (of the realtime kind)."""
    path = f"/datasets/{dataset.uid}/resources/"
    kind = "realtime source" if realtime else "source"
    if name is not None:
        found = part(client, path, name, f"source of {dataset}", names=("uid", "title"))
        if realtime and not is_realtime(found):
            raise ArgumentError(f'source "{name}" of {dataset} is no realtime source: records are pushed to others')
        return found
    entries = [entry for entry in client.all(path) if is_realtime(entry) or not realtime]
    if len(entries) != 1:
        known = ", ".join(f"{entry.get('title')} ({entry.get('uid')})" for entry in entries[:MOST_NAMED])
        raise Absent(
            f"{dataset} has {len(entries) or 'no'} {kind}s: {known}. Name one"
            if entries
            else f"{dataset} has no {kind}"
        )
    return entries[0]


def is_realtime(source: Mapping[str, Any]) -> bool:
    """Whether records are pushed to a source, as the portal returned it: it then has no datasource."""
    return source.get("type") == "realtime" or not source.get("datasource")


def summary(source: Mapping[str, Any]) -> dict[str, Any]:
    """A source as a list shows it: without its headers and push addresses, which may be secret."""
    datasource = source.get("datasource")
    known: Mapping[str, Any] = datasource if isinstance(datasource, Mapping) else {}
    file = known.get("file")
    return {
        "uid": source.get("uid"),
        "title": source.get("title"),
        "type": source.get("type"),
        "kind": "realtime" if is_realtime(source) else known.get("type"),
        "file_uid": file.get("uid") if isinstance(file, Mapping) else None,
    }


def harvester(client: Client, name: str) -> dict[str, Any]:
    """Find a harvester by its uid or its name. Raises Absent where there is none."""
    with suppress(NotFound):
        return dict(client.get(f"/harvesters/{step(name)}/"))
    return part(client, "/harvesters/", name, f"harvester of {client.host}", names=("uid", "name"))


def studio_page(client: Client, name: str) -> dict[str, Any]:
    """Find a Studio page by its uid or its slug. Raises Absent where there is none."""
    return part(client, "/studio_pages/", name, f"Studio page of {client.host}", names=("uid", "slug"))
