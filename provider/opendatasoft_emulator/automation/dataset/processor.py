"""The processors of a dataset, in the order of their application: /datasets/{dataset_uid}/processors/."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from ...errors import invalid
from ...portal import Portal
from ...state.store import Document
from ..auth import Caller, TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..routes import Route
from ..schemas import Text
from . import ordered_entries
from .dependencies import Editable, changing

router = APIRouter(prefix="/datasets/{dataset_uid}/processors", tags=["Dataset processors"], route_class=Route)

_KIND = "processor"
_JOINS = ("join_dataset", "bound_join_dataset")


class ProcessorBody(BaseModel):
    """A processor in a request: the parameters of its type stand beside its type and label."""

    model_config = ConfigDict(extra="allow")

    type: Text
    label: str = ""


class Processor(BaseModel):
    """A processor in a response."""

    model_config = ConfigDict(extra="allow")

    uid: str
    type: str
    label: str


def _stored(portal: Portal, caller: Caller, body: ProcessorBody) -> dict[str, Any]:
    stored = body.model_dump()
    stored.pop("uid", None)
    if body.type in _JOINS:
        _check_join(portal, stored)
        impersonated = stored.pop("impersonate_permissions", False)
        stored["permissions_user"] = {"username": caller.username} if impersonated else None
    return stored


def _check_join(portal: Portal, stored: dict[str, Any]) -> None:
    """Raise a 400 unless the joined dataset exists. A dataset of another portal that is known is not looked up."""
    dataset, domain = stored.get("dataset"), stored.get("domain")
    if not isinstance(dataset, dict) or "dataset_id" not in dataset:
        raise invalid(dataset={"dataset_id": "This field is required"})
    if not isinstance(dataset["dataset_id"], str):
        raise invalid(dataset={"dataset_id": "Not a valid string."})
    if isinstance(domain, dict) and domain.get("domain_id") in portal.settings.federated_domains:
        return
    if not portal.store.find("dataset", "dataset_id", dataset["dataset_id"]):
        raise invalid(dataset={"dataset_id": f'Dataset "{dataset["dataset_id"]}" does not exist.'})


@router.get("/", response_model=Paginated[Processor])
def list_processors(dataset: Editable, page: ThePage, portal: ThePortal) -> Document:
    """The processors, in the order of their application."""
    return page.render(portal.store.all(_KIND, dataset["uid"]))


@router.post("/", response_model=Processor, status_code=201)
def create_processor(dataset: Editable, body: ProcessorBody, caller: TheCaller, portal: ThePortal) -> Document:
    """Append a processor."""
    with changing(portal, dataset, caller):
        return ordered_entries.append(portal, _KIND, dataset, _stored(portal, caller, body))


@router.get("/{processor_uid}/", response_model=Processor)
def get_processor(processor_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """One processor."""
    return ordered_entries.entry_of(portal, _KIND, dataset, processor_uid)


@router.put("/{processor_uid}/", response_model=Processor)
def update_processor(
    processor_uid: str, dataset: Editable, body: ProcessorBody, caller: TheCaller, portal: ThePortal
) -> Document:
    """Replace a processor in its place."""
    with changing(portal, dataset, caller):
        return ordered_entries.replace(portal, _KIND, dataset, processor_uid, _stored(portal, caller, body))


@router.delete("/{processor_uid}/", status_code=204)
def delete_processor(processor_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> None:
    """Delete a processor."""
    with changing(portal, dataset, caller):
        ordered_entries.remove(portal, _KIND, dataset, processor_uid)
