"""The dataset of a route: that it exists, that the caller has the permissions, that it is not busy."""

import copy
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends

from ...errors import invalid_dataset_status, not_found, permission_denied
from ...portal import Portal
from ...publishing.status import FREE, apparent_status
from ...state.identifiers import now
from ...state.store import Document
from ...state.versions import Versions, versioned_part
from ..access_rules import permissions_on
from ..auth import Caller, TheCaller, ThePortal
from ..routes import short_read


def dataset_of(portal: Portal, dataset_uid: str) -> Document:
    """One dataset. Raises a 404."""
    dataset = portal.store.get("dataset", dataset_uid)
    if dataset is None:
        raise not_found()
    return dataset


def _dataset_with(*permissions: str) -> Callable[..., Awaitable[Document]]:
    @short_read
    def find(dataset_uid: str, caller: TheCaller, portal: ThePortal) -> Document:
        dataset = dataset_of(portal, dataset_uid)
        granted = permissions_on(portal, caller, dataset_uid)
        if "edit_dataset" not in granted and portal.settings.forbidden_dataset == "not_found":
            raise not_found()
        if not granted.issuperset(permissions):
            raise permission_denied()
        return dataset

    return find


Editable = Annotated[Document, Depends(_dataset_with("edit_dataset"))]
"""The dataset of the path. Raises a 403 (or a 404) unless the caller may edit it."""

Publishable = Annotated[Document, Depends(_dataset_with("edit_dataset", "publish_dataset"))]
"""The dataset of the path. Raises a 403 (or a 404) unless the caller may publish it."""

manageable_dataset = _dataset_with("edit_dataset", "manage_dataset")
"""The dependency that returns the dataset of the path, if the caller may read and change its access rules."""


def refuse_when_busy(portal: Portal, dataset_uid: str) -> None:
    """Raise a 400 when the dataset is queued or being processed."""
    status = apparent_status(portal.store, dataset_uid)
    if status not in FREE:
        raise invalid_dataset_status(status, FREE)


@contextmanager
def changing(portal: Portal, dataset: Document, caller: Caller) -> Iterator[Document]:
    """A change of a dataset's configuration: a transaction that ends with a new version and the dataset's document.

    Yields the dataset as it is now. Raises a 404 when it has been deleted meanwhile, and, if the settings demand it, a
    400 when it is busy.
    """
    with portal.store.recording_changes() as replaced:
        current = dataset_of(portal, dataset["uid"])
        before = copy.deepcopy(versioned_part(current))
        if portal.settings.write_while_busy == "refuse":
            refuse_when_busy(portal, dataset["uid"])
        yield current
        current.update(updated_at=now(), updated_by=caller.username)
        portal.store.put("dataset", current["uid"], current)
        if versioned_part(current) == before:
            del replaced[-1]
        Versions(portal.store, current["uid"]).add(replaced, caller.username)
