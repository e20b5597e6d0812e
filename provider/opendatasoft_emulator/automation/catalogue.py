"""The catalogues of extractors and processors: /extractors/ and /processors/, both without pages."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import SkipJsonSchema

from ..processing import EXTRACTORS, PROCESSORS
from .auth import TheCaller
from .routes import Route
from .schemas import ResponseBody

router = APIRouter(route_class=Route)


class Parameter(ResponseBody):
    """One parameter of an extractor; what does not apply is left out."""

    type: str
    is_mandatory: bool
    name: str
    label: str | SkipJsonSchema[None] = None
    default: str | SkipJsonSchema[None] = None
    description: str | SkipJsonSchema[None] = None
    hidden: bool | SkipJsonSchema[None] = None
    trim: str | SkipJsonSchema[None] = None
    choices: list[str] | SkipJsonSchema[None] = None
    can_create_field: bool | SkipJsonSchema[None] = None
    impacts_guessed_parameters: bool | SkipJsonSchema[None] = None


class Extractor(ResponseBody):
    """An extractor of files."""

    type: str
    label: str
    parameters: list[Parameter]


class ProcessorKind(BaseModel):
    """A type of processor: its type, its label, and its parameters."""

    model_config = ConfigDict(extra="allow")

    type: str
    label: str


@router.get("/extractors/", tags=["Dataset resources"], response_model=list[Extractor])
def list_extractors(caller: TheCaller) -> list[dict[str, Any]]:
    """The extractors."""
    caller.require_one_of("create_dataset", "edit_dataset")
    return EXTRACTORS


@router.get("/processors/", tags=["Dataset processors"], response_model=list[ProcessorKind])
def list_processor_kinds(caller: TheCaller) -> list[dict[str, Any]]:
    """The types of processors."""
    caller.require_one_of("create_dataset", "edit_dataset")
    return PROCESSORS
