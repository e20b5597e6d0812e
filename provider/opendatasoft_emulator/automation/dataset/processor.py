"""The processors of a dataset, in the order in which they are carried out: /datasets/{dataset_uid}/processors/."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from ...errors import invalid
from ...portal import Portal
from ...state.store import Document
from ..auth import Caller, TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..schemas import Route, Text
from . import ordered_entries as stack
from .dependencies import Editable, changing

router = APIRouter(prefix="/datasets/{dataset_uid}/processors", tags=["Dataset processors"], route_class=Route)

_KIND = "processor"
_JOINS = ("join_dataset", "bound_join_dataset")


class ProcessorAsked(BaseModel):
    """A processor as it is asked for: its type's parameters stand beside its type and label, and are kept."""

    model_config = ConfigDict(extra="allow")

    type: Text
    label: str = ""


class Processor(BaseModel):
    """A processor as it is told."""

    model_config = ConfigDict(extra="allow")

    uid: str
    type: str
    label: str


def _kept(portal: Portal, caller: Caller, asked: ProcessorAsked) -> dict[str, Any]:
    kept = asked.model_dump()
    kept.pop("uid", None)
    if asked.type in _JOINS:
        _check_join(portal, kept)
        impersonated = kept.pop("impersonate_permissions", False)
        kept["permissions_user"] = {"username": caller.username} if impersonated else None
    return kept


def _check_join(portal: Portal, kept: dict[str, Any]) -> None:
    """A dataset of this portal that is joined must be there; of another portal nothing is known."""
    dataset = kept.get("dataset")
    if not isinstance(dataset, dict) or "dataset_id" not in dataset:
        raise invalid(dataset={"dataset_id": "This field is required"})
    if not isinstance(dataset["dataset_id"], str):
        raise invalid(dataset={"dataset_id": "Not a valid string."})
    if kept.get("domain") is None and not portal.store.find("dataset", "dataset_id", dataset["dataset_id"]):
        raise invalid(dataset={"dataset_id": f'Dataset "{dataset["dataset_id"]}" does not exist.'})


@router.get("/", response_model=Paginated[Processor])
def list_processors(dataset: Editable, page: ThePage, portal: ThePortal) -> Document:
    """The processors, in the order in which they are carried out."""
    return page.of(portal.store.all(_KIND, dataset["uid"]))


@router.post("/", response_model=Processor, status_code=201)
def create_processor(dataset: Editable, asked: ProcessorAsked, caller: TheCaller, portal: ThePortal) -> Document:
    """A new processor, behind all others."""
    with changing(portal, dataset, caller):
        return stack.append(portal, _KIND, dataset, _kept(portal, caller, asked))


@router.get("/{processor_uid}/", response_model=Processor)
def get_processor(processor_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """One processor."""
    return stack.entry_of(portal, _KIND, dataset, processor_uid)


@router.put("/{processor_uid}/", response_model=Processor)
def update_processor(
    processor_uid: str, dataset: Editable, asked: ProcessorAsked, caller: TheCaller, portal: ThePortal
) -> Document:
    """Replace a processor where it stands."""
    with changing(portal, dataset, caller):
        return stack.replace(portal, _KIND, dataset, processor_uid, _kept(portal, caller, asked))


@router.delete("/{processor_uid}/", status_code=204)
def delete_processor(processor_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> None:
    """Delete a processor."""
    with changing(portal, dataset, caller):
        stack.remove(portal, _KIND, dataset, processor_uid)
