"""The preview of a resource before it is published: its extractor, its parameters, its fields and first records.

Each works for an existing resource and for a draft.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from ...errors import invalid
from ...portal import Portal
from ...processing import Job, ProcessingError, Records, Source, process
from ...processing.files import UnreadableFile
from ...processing.files.detection import extractor_of, given_params, likely_extractors, likely_params
from ...processing.parameters import WrongParameter
from ...publishing.jobs import source_of
from ...state.store import Document
from ..auth import TheCaller, ThePortal
from ..catalogue import Extractor
from ..routes import Route
from ..schemas import RequestBody, ResponseBody, Text
from .dependencies import Editable
from .resource import resource_of
from .resource_schemas import AnyDatasource

router = APIRouter(prefix="/datasets/{dataset_uid}/resources", tags=["Dataset resources"], route_class=Route)

_RECORDS = 20


class DatasourceBody(RequestBody):
    """A datasource."""

    datasource: AnyDatasource


class TypedDatasource(DatasourceBody):
    """A datasource and its extractor."""

    type: Text


class ResourceDraft(TypedDatasource):
    """A resource that does not exist yet."""

    params: dict[str, Any] | None = None


class GuessedParams(ResponseBody):
    """The guessed parameters of an extractor."""

    extractor: str
    params: dict[str, Any]


class Annotation(ResponseBody):
    """An annotation of a field."""

    name: str
    args: list[str]


class PreviewField(ResponseBody):
    """A field of the preview."""

    name: str
    original_name: str
    label: str
    type: str
    description: str | None
    annotations: list[Annotation]


class Preview(ResponseBody):
    """The fields, and the first records."""

    fields: list[PreviewField]
    records: list[dict[str, Any]]


def _draft(body: DatasourceBody, type: str, params: dict[str, Any] | None = None) -> Document:
    return {
        "uid": "re_unsaved",
        "title": "unsaved",
        "type": type,
        "params": params or {},
        "datasource": body.datasource.given(),
    }


@contextmanager
def _source(portal: Portal, dataset: Document, resource: Document) -> Iterator[Source]:
    """The source of a resource. What goes wrong with it is a validation error, as the service describes it."""
    try:
        source = source_of(portal.data_locations(), dataset["uid"], resource)
        if source is None:
            raise invalid(datasource="Nothing has been pushed to the resource.")
        yield source
    except WrongParameter as error:
        raise invalid(params=f"Invalid {error}.") from error
    except UnreadableFile as error:
        raise invalid(datasource=f"It cannot be read: {error}.") from error
    except ProcessingError as error:
        raise invalid(datasource=error.message) from error


def _preview(portal: Portal, dataset: Document, resource: Document) -> Document:
    with _source(portal, dataset, resource) as source, tempfile.TemporaryDirectory() as folder:
        _require_valid(source)
        job = Job(dataset_uid="preview", sources=(source,), fields=(), processors=())
        records = Records(Path(folder) / "preview.duckdb")
        try:
            result = process(job, records, aborted=lambda: False)
            first = records.page("preview", _RECORDS, 0)
        finally:
            records.close()
    # A field without a description has an empty one, or null.
    described = {} if portal.settings.empty_text_told == "null" else {"description": ""}
    fields = [
        {**field, **({} if field.get("description") else described), "original_name": field["label"], "annotations": []}
        for field in result.fields
    ]
    return {"fields": fields, "records": first}


def _require_valid(source: Source) -> None:
    """Raise an error for an unknown extractor, or an invalid parameter of it."""
    if extractor_of(source.type) is None:
        raise invalid(type=f"Invalid type: there is no extractor {source.type}.")
    given_params(source)


def _guessed_params(portal: Portal, dataset: Document, resource: Document) -> Document:
    with _source(portal, dataset, resource) as source:
        _require_valid(source)
        return {"extractor": source.type, "params": likely_params(source)}


@router.post("/guess_extractors/", response_model=list[Extractor])
def guess_extractors(body: DatasourceBody, dataset: Editable, caller: TheCaller, portal: ThePortal) -> list[Document]:
    """Guess the extractors for a datasource, the likeliest first."""
    with _source(portal, dataset, _draft(body, "")) as source:
        return likely_extractors(source)


@router.post("/guess_extractor_params/", response_model=GuessedParams)
def guess_params(body: TypedDatasource, dataset: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Guess the parameters of an extractor for a datasource."""
    return _guessed_params(portal, dataset, _draft(body, body.type))


@router.post("/preview/", response_model=Preview)
def preview_draft(body: ResourceDraft, dataset: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Preview the fields and the first records of a draft."""
    return _preview(portal, dataset, _draft(body, body.type, body.params))


@router.get("/{resource_uid}/guess_extractors/", response_model=list[Extractor])
def guess_extractors_of_resource(resource_uid: str, dataset: Editable, portal: ThePortal) -> list[Document]:
    """Guess the extractors for a resource, the likeliest first."""
    with _source(portal, dataset, resource_of(portal, dataset, resource_uid)) as source:
        return likely_extractors(source)


@router.get("/{resource_uid}/guess_extractors_params/", response_model=GuessedParams)
def guess_params_of_resource(resource_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """Guess the parameters of the extractor of a resource."""
    return _guessed_params(portal, dataset, resource_of(portal, dataset, resource_uid))


@router.get("/{resource_uid}/preview/", response_model=Preview)
def preview_resource(resource_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """Preview the fields and the first records of a resource."""
    return _preview(portal, dataset, resource_of(portal, dataset, resource_uid))
