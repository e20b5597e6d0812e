"""The portal that a function calls: found in the configuration as for resources, called through the same client."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pulumi
from pulumi.runtime import get_config

from ..client.arguments import is_dataset_uid
from ..configuration import NAMESPACE, Settings, check, from_config
from ..errors import ArgumentError, Call, ConfigurationError, NotFound, OpendatasoftError, ResourceError

if TYPE_CHECKING:
    from ..client.client import Client

Answer = dict[str, Any]

_clients: dict[Settings, Client] = {}
_lock = threading.Lock()
_ending_kinds: dict[type[OpendatasoftError], type[OpendatasoftError]] = {}


class Portal:
    """One portal, as functions call it. Its methods raise the public errors of `ods.errors`.

    Args:
        name: One of the portals under `opendatasoft:portals`; None for that of `opendatasoft:domain`, or else of the
            variables OPENDATASOFT_DOMAIN and OPENDATASOFT_API_KEY.
    """

    def __init__(self, name: str | None) -> None:
        with ending_programs():
            self._client = _client(name)

    def get(self, path: str, *steps: str, **query: Any) -> Answer:
        """Return the object at a path; `{}` in it are replaced by the steps, encoded."""
        with ending_programs():
            found: Answer = self._client.get(_path(path, steps), **query)
            return found

    def all(self, path: str, *steps: str, **query: Any) -> list[Answer]:
        """Return every entry of a list, over all its pages."""
        with ending_programs():
            return self._client.all(_path(path, steps), **query)

    def catalogue(self, path: str, *steps: str) -> list[Answer]:
        """Return a list that has no pages: the kinds of extractors, or those that the portal guesses."""
        with ending_programs():
            return self._client.page(_path(path, steps), offset=None).rows

    def question(self, path: str, *steps: str, body: Mapping[str, Any]) -> Any:
        """Return the answer to a POST that changes nothing."""
        with ending_programs():
            return self._client.post(_path(path, steps), body, repeatable=True)

    def download(self, path: str, *steps: str, to: Path, **query: Any) -> None:
        """Write the content at a path into a file."""
        with ending_programs():
            self._client.download(_path(path, steps), to, **query)

    def only(self, path: str, found: list[Answer], key: Mapping[str, Any], *, id: str = "uid") -> Answer:
        """Return the only one of the objects that were found by a natural key.

        Args:
            path: The list in which they were looked for.
            found: The objects.
            key: The natural key, for messages.
            id: The member that distinguishes them.

        Raises:
            NotFound: There is none.
            ResourceError: There are several.
        """
        with ending_programs():
            named = ", ".join(f'{name} "{value}"' for name, value in key.items())
            if not found:
                message = f"no object of {path} has {named}"
                raise NotFound(Call(self._client.host, "GET", path), status=404, code="not_found", message=message)
            if len(found) > 1:
                ids = ", ".join(sorted(str(one.get(id)) for one in found))
                raise ResourceError(f"{len(found)} objects of {path} have {named}: {ids}. Name one by its {id}.")
            return found[0]

    def dataset(self, dataset: str) -> str:
        """Return the uid of a dataset, of which the uid or the dataset_id is given."""
        return dataset if is_dataset_uid(dataset) else str(self.dataset_by_id(dataset)["uid"])

    def dataset_by_id(self, dataset_id: str) -> Answer:
        """Return the dataset with a dataset_id."""
        found = [one for one in self.all("/datasets/", dataset_id=dataset_id) if one.get("dataset_id") == dataset_id]
        return self.only("/datasets/", found, {"dataset_id": dataset_id})


def exactly_one(function: str, **given: Any) -> tuple[str, Any]:
    """Return the name and the value of the only argument that was given.

    Raises ArgumentError where none or several were.
    """
    named = [(name, value) for name, value in given.items() if value is not None]
    if len(named) != 1:
        with ending_programs():
            raise ArgumentError(f"{function}: give one of {', '.join(given)}, and only one")
    return named[0]


def _path(path: str, steps: tuple[str, ...]) -> str:
    return path.format(*(quote(step, safe="") for step in steps))


def _client(name: str | None) -> Client:
    from ..client.client import Client  # noqa: PLC0415  # a program that calls no function need not load it

    def get(key: str) -> Any:
        return get_config(f"{NAMESPACE}:{key}")

    check(get, name)
    settings = from_config(get, name)
    with _lock:
        if settings not in _clients:
            try:
                _clients[settings] = Client(
                    settings.domain,
                    settings.key,
                    concurrency=settings.max_concurrency,
                    timeout=settings.request_timeout,
                    retries=settings.max_retries,
                )
            except ValueError as error:
                raise ConfigurationError(str(error)) from None
        return _clients[settings]


@contextmanager
def ending_programs() -> Iterator[None]:
    """Let an error that is raised here end a program with its message alone, as Pulumi's `RunError` does.

    Its class stays one of `ods.errors` for those who catch it.
    """
    try:
        yield
    except OpendatasoftError as error:
        if not isinstance(error, pulumi.RunError):
            error.__class__ = _ending(error.__class__)
        raise


def _ending(kind: type[OpendatasoftError]) -> type[OpendatasoftError]:
    """The class of errors of a kind that end a program with their message."""
    members = {"__module__": kind.__module__, "__doc__": kind.__doc__}
    return _ending_kinds.setdefault(kind, type(kind.__name__, (kind, pulumi.RunError), members))
