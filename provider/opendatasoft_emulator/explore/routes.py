"""The routes of the Explore API, version 2.1: catalog, records, exports, facets."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.routing import APIRoute

from ..automation.auth import Caller, ThePortal, identify, key_of
from ..portal import Portal
from ..processing import ResultSet
from ..state.public_view import PublishedDataset
from .catalog import describe
from .errors import ExploreError, invalid_key, invalid_parameter, not_supported, unknown_dataset
from .facets import disjunctive_fields, facets
from .query import Query, ShownField, refuse_timezone
from .rendering import CsvForm, csv_lines, json_array, json_lines, json_records
from .visibility import Visibility, visibility_of

EXPLORE_ROOT = "/api/explore/v2.1"
"""The path of the Explore API on every portal."""

_MAX_LIMIT = 100
_DEFAULT_LIMIT = 10
_MAX_OFFSET_AND_LIMIT = 10_000
_MAX_NUMBER = 2**62
_DELIMITERS = (";", ",", "\t", "|")
_CLAUSES = ("select", "where", "group_by", "order_by", "refine", "exclude")


class _Route(APIRoute):
    """A route whose errors have the form of the Explore API."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of requests, which converts errors."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except ExploreError as error:
                return error.response()

        return handled


router = APIRouter(prefix=EXPLORE_ROOT, route_class=_Route, include_in_schema=False)


@router.get("/catalog/datasets")
def catalog(request: Request, portal: ThePortal) -> Response:
    """Return one page of the published datasets that the caller may see."""
    visitor = _Visitor(portal, request)
    _refuse(request, *_CLAUSES)
    limit, offset = _window(request)
    include = _flag(request, "include_app_metas", default=False)
    readable = [
        (dataset, visibility)
        for dataset in portal.public_view.published_datasets()
        if (visibility := visitor.visibility_of(dataset)) is not None
    ]
    page = readable[offset : offset + limit]
    results = [describe(dataset, visibility, include_app_metas=include) for dataset, visibility in page]
    return JSONResponse({"total_count": len(readable), "results": results})


@router.get("/catalog/datasets/{dataset_id}")
def one_dataset(request: Request, dataset_id: str, portal: ThePortal) -> Response:
    """Return one published dataset."""
    dataset, visibility = _Visitor(portal, request).dataset(dataset_id)
    _refuse(request, "select")
    include = _flag(request, "include_app_metas", default=False)
    return JSONResponse(describe(dataset, visibility, include_app_metas=include))


@router.get("/catalog/datasets/{dataset_id}/records")
def records(request: Request, dataset_id: str, portal: ThePortal) -> Response:
    """Return one page of the records of a dataset."""
    records_request = _RecordsRequest(portal, request, dataset_id)
    limit, offset = _window(request)
    result = records_request.read(limit, offset)
    return JSONResponse(
        {"total_count": result.total_count, "results": list(json_records(result, records_request.shown(result)))}
    )


@router.get("/catalog/datasets/{dataset_id}/facets")
def facets_of_records(request: Request, dataset_id: str, portal: ThePortal) -> Response:
    """Return the values of the facets of a dataset, with their counts."""
    records_request = _RecordsRequest(portal, request, dataset_id)
    requested = request.query_params.getlist("facet")
    return JSONResponse(
        facets(records_request.dataset, portal.records, requested, records_request.query, records_request.visibility)
    )


@router.get("/catalog/datasets/{dataset_id}/exports/{form}")
def export(request: Request, dataset_id: str, form: str, portal: ThePortal) -> Response:
    """Return the records of a dataset as a file."""
    records_request = _RecordsRequest(portal, request, dataset_id)
    if form not in _EXPORTS:
        raise not_supported(f"The export as {form}") if form in _OTHER_EXPORTS else _unknown_export(form)
    if _flag(request, "compressed", default=False):
        raise not_supported("The parameter compressed")
    limit = _number(request, "limit", default=-1, minimum=-1)
    offset = _number(request, "offset", default=0, minimum=0)
    write, media_type = _EXPORTS[form](request)
    result = records_request.read(None if limit == -1 else limit, offset)
    disposition = f'attachment; filename="{dataset_id}.{form}"'
    headers = {"Content-Disposition": disposition}
    return StreamingResponse(write(result, records_request.shown(result)), media_type=media_type, headers=headers)


class _Visitor:
    """The caller of a request, and the visible part of the portal. Raises ExploreError for an unknown key."""

    def __init__(self, portal: Portal, request: Request) -> None:
        self._portal = portal
        key = key_of(request.headers.get("authorization"), request.query_params.get("apikey"))
        self._caller: Caller | None = identify(portal, key) if key else None
        if key and self._caller is None:
            raise invalid_key()

    def visibility_of(self, dataset: PublishedDataset) -> Visibility | None:
        """The visible part of a dataset; None when the caller may not know of it."""
        return visibility_of(self._portal, self._caller, dataset)

    def dataset(self, dataset_id: str) -> tuple[PublishedDataset, Visibility]:
        """The published dataset with its visible part. Raises ExploreError when the caller may not know of it."""
        dataset = self._portal.public_view.published_dataset(dataset_id)
        visibility = self.visibility_of(dataset) if dataset else None
        if dataset is None or visibility is None:
            raise unknown_dataset(dataset_id)
        return dataset, visibility


class _RecordsRequest:
    """A request for the records of one dataset."""

    def __init__(self, portal: Portal, request: Request, dataset_id: str) -> None:
        self._portal = portal
        self.dataset, self.visibility = _Visitor(portal, request).dataset(dataset_id)
        self.query = Query(request.query_params, disjunctive_fields(self.dataset))

    def read(self, limit: int | None, offset: int) -> ResultSet:
        """The records."""
        build_query = self.query.build_query(self.visibility)
        return self._portal.records.read(self.dataset.uid, limit=limit, offset=offset, build_query=build_query)

    def shown(self, result: ResultSet) -> list[ShownField]:
        """The selected fields."""
        return self.query.shown(result.fields, self.visibility)


_Write = Callable[[ResultSet, list[ShownField]], Iterator[str]]


def _csv(request: Request) -> tuple[_Write, str]:
    form = CsvForm(
        delimiter=_delimiter(request),
        list_separator=request.query_params.get("list_separator", ","),
        quote_all=_flag(request, "quote_all", default=False),
        use_labels=_flag(request, "use_labels", default=False),
        with_bom=_flag(request, "with_bom", default=True),
    )
    return lambda result, shown: csv_lines(result, shown, form), "text/csv"


_EXPORTS: dict[str, Callable[[Request], tuple[_Write, str]]] = {
    "csv": _csv,
    "json": lambda request: (json_array, "application/json"),
    "jsonl": lambda request: (json_lines, "application/jsonl"),
}
"""The writer and the media type of each format."""

_OTHER_EXPORTS = ("fgb", "geojson", "gpx", "jsonld", "kml", "n3", "ov2", "parquet", "rdfxml", "shp", "turtle", "xlsx")
"""Formats of the service that this portal does not write."""


def _unknown_export(form: str) -> ExploreError:
    return invalid_parameter("format", form, f"one of {', '.join([*_EXPORTS, *_OTHER_EXPORTS])}")


def _refuse(request: Request, *names: str) -> None:
    """Refuse parameters that would change the response if they were supported."""
    for name in names:
        if name in request.query_params:
            raise not_supported(f"The parameter {name}")
    refuse_timezone(request.query_params)


def _window(request: Request) -> tuple[int, int]:
    """The limit and the offset of a list. A limit of -1 stands for the greatest one."""
    limit = _number(request, "limit", default=_DEFAULT_LIMIT, minimum=-1, maximum=_MAX_LIMIT)
    offset = _number(request, "offset", default=0, minimum=0)
    limit = _MAX_LIMIT if limit == -1 else limit
    if offset + limit > _MAX_OFFSET_AND_LIMIT:
        raise invalid_parameter("offset + limit", offset + limit, f"offset + limit <= {_MAX_OFFSET_AND_LIMIT}")
    return limit, offset


def _number(request: Request, name: str, *, default: int, minimum: int, maximum: int | None = None) -> int:
    value = request.query_params.get(name)
    if value is None:
        return default
    expected = f"{minimum} <= {name}" + (f" <= {maximum}" if maximum is not None else "")
    try:
        number = int(value)
    except ValueError:
        raise invalid_parameter(name, value, expected) from None
    if number < minimum or (maximum is not None and number > maximum):
        raise invalid_parameter(name, value, expected)
    return min(number, _MAX_NUMBER)


def _flag(request: Request, name: str, *, default: bool) -> bool:
    value = request.query_params.get(name)
    if value is None:
        return default
    if value.lower() not in ("true", "false"):
        raise invalid_parameter(name, value, "true or false")
    return value.lower() == "true"


def _delimiter(request: Request) -> str:
    value = request.query_params.get("delimiter", ";")
    if value not in _DELIMITERS:
        raise invalid_parameter("delimiter", value, "one of ; , | and a tab")
    return value
