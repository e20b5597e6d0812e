"""The publication of a dataset, and its status. Actions respond at once and are executed afterwards."""

from typing import Annotated, Any

from fastapi import APIRouter

from ...publishing.status import NAMES, Task
from ...state.store import Document
from ..auth import ThePortal
from ..routes import Route
from ..schemas import DONE, ActionDone, ResponseBody, one_of
from .dependencies import Editable, Publishable

router = APIRouter(prefix="/datasets/{dataset_uid}", tags=["Datasets"], route_class=Route)


class RecordError(ResponseBody):
    """An error of one value, or of one record, in a processing that succeeded."""

    record_id: str | None
    field_uid: str | None
    processor_uid: str | None
    message: str


class Status(ResponseBody):
    """The status of a dataset. `since` is when it entered the status, in whole seconds."""

    status: Annotated[str, one_of(*NAMES)]
    since: str
    is_published: bool
    previous: Annotated[str, one_of(*NAMES)] | None
    next: Annotated[str, one_of(*NAMES)] | None
    message: str | None
    records_errors: list[RecordError]
    params: dict[str, Any]


@router.get("/status/", response_model=Status)
def get_status(dataset: Editable, portal: ThePortal) -> Document:
    """The status of a dataset."""
    return portal.store.get("status", dataset["uid"]) or {}


@router.post("/publish/", response_model=ActionDone)
def publish(dataset: Publishable, portal: ThePortal) -> Document:
    """Process a dataset anew and publish it."""
    portal.publishing.enqueue(dataset["uid"], Task.PUBLISH)
    return DONE


@router.post("/publish_metadata/", response_model=ActionDone)
def publish_metadata(dataset: Publishable, portal: ThePortal) -> Document:
    """Publish the metadata of a published dataset, without processing it."""
    portal.publishing.enqueue(dataset["uid"], Task.PUBLISH_METADATA)
    return DONE


@router.post("/unpublish/", response_model=ActionDone)
def unpublish(dataset: Publishable, portal: ThePortal) -> Document:
    """Unpublish a dataset and delete its records. Its configuration stays."""
    portal.publishing.enqueue(dataset["uid"], Task.UNPUBLISH)
    return DONE


@router.post("/abort/", response_model=ActionDone)
def abort(dataset: Publishable, portal: ThePortal) -> Document:
    """Stop the processing of a dataset."""
    portal.publishing.abort(dataset["uid"])
    return DONE
