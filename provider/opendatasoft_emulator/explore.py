"""The Explore API, version 2.1, as far as it shows what the public sees: catalog, datasets, records, CSV."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.routing import APIRoute

from .explore_catalog import described
from .explore_errors import ExploreError, invalid_key, invalid_parameter, not_carried_out, unknown_dataset
from .explore_values import CsvForm, Field, csv_lines, json_records
from .nouns.dataset.reach import permissions_on
from .portal import Portal
from .processing import Reading
from .security import Caller, identify, key_of
from .view import PublishedDataset

EXPLORE_ROOT = "/api/explore/v2.1"
"""Where the Explore API lies on every portal."""

_MOST_ITEMS = 100
_DEFAULT_ITEMS = 10
_DEEPEST = 10_000
_DELIMITERS = (";", ",", "\t", "|")
_NOT_CARRIED_OUT = ("select", "where", "group_by", "order_by", "refine", "exclude", "timezone")


class _Route(APIRoute):
    """A route whose errors are answered in the shape of the Explore API."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler that knows them."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except ExploreError as error:
                return error.answer()

        return handled


def router(portal: Portal) -> APIRouter:
    """The routes of the API, to be included as they are."""
    routes = APIRouter(prefix=EXPLORE_ROOT, route_class=_Route, include_in_schema=False)

    @routes.get("/catalog/datasets")
    def catalog(request: Request) -> Response:
        visitor = _Visitor(portal, request)
        limit, offset = _window(request)
        seen = [dataset for dataset in portal.view.published_datasets() if visitor.may_see(dataset)]
        results = [_described(visitor, dataset, request) for dataset in seen[offset : offset + limit]]
        return JSONResponse({"total_count": len(seen), "results": results})

    @routes.get("/catalog/datasets/{dataset_id}")
    def one_dataset(request: Request, dataset_id: str) -> Response:
        visitor = _Visitor(portal, request)
        return JSONResponse(_described(visitor, visitor.dataset(dataset_id), request))

    @routes.get("/catalog/datasets/{dataset_id}/records")
    def records(request: Request, dataset_id: str) -> Response:
        visitor = _Visitor(portal, request)
        dataset = visitor.dataset(dataset_id)
        limit, offset = _window(request)
        reading = visitor.read(dataset, limit=limit, offset=offset)
        results = json_records(reading, visitor.fields(dataset, reading.fields))
        return JSONResponse({"total_count": reading.total_count, "results": results})

    @routes.get("/catalog/datasets/{dataset_id}/exports/csv")
    def csv_export(request: Request, dataset_id: str) -> Response:
        visitor = _Visitor(portal, request)
        dataset = visitor.dataset(dataset_id)
        form = CsvForm(
            delimiter=_delimiter(request),
            list_separator=request.query_params.get("list_separator", ","),
            quote_all=_flag(request, "quote_all", default=False),
            use_labels=_flag(request, "use_labels", default=False),
            with_bom=_flag(request, "with_bom", default=True),
        )
        limit = _number(request, "limit", default=-1, least=-1)
        reading = visitor.read(dataset, limit=None if limit == -1 else limit)
        lines = csv_lines(reading, visitor.fields(dataset, reading.fields), form)
        disposition = f'attachment; filename="{dataset.dataset_id}.csv"'
        return StreamingResponse(lines, media_type="text/csv", headers={"Content-Disposition": disposition})

    return routes


class _Visitor:
    """Who asks, and what of the portal they may see. Raises ExploreError for a key that is not the portal's."""

    def __init__(self, portal: Portal, request: Request) -> None:
        self._portal = portal
        key = key_of(request.headers.get("authorization"), request.query_params.get("apikey"))
        self._caller: Caller | None = identify(portal, key) if key else None
        if key and self._caller is None:
            raise invalid_key()
        for name in _NOT_CARRIED_OUT:
            if name in request.query_params:
                raise not_carried_out(name)

    def may_see(self, dataset: PublishedDataset) -> bool:
        """Whether the dataset is public, or the visitor's key opens it."""
        return not dataset.is_restricted or self._may("explore_restricted_dataset", dataset)

    def dataset(self, dataset_id: str) -> PublishedDataset:
        """The published dataset; an ExploreError when there is none that the visitor may see."""
        dataset = self._portal.view.published_dataset(dataset_id)
        if dataset is None or not self.may_see(dataset):
            raise unknown_dataset(dataset_id)
        return dataset

    def fields(self, dataset: PublishedDataset, fields: list[Field]) -> list[Field]:
        """Those of the fields that the visitor may see."""
        visible = dataset.default_security.get("visible_fields")
        if visible is None or self._sees_all(dataset):
            return fields
        return [field for field in fields if field["name"] in visible]

    def read(self, dataset: PublishedDataset, *, limit: int | None, offset: int = 0) -> Reading:
        """The records that the visitor may see: all of them, or none."""
        security = dataset.default_security
        if not self._sees_all(dataset):
            if security.get("filter_query"):
                raise not_carried_out("filter_query")
            if not security.get("is_data_visible", True):
                return Reading([], 0, iter(()))
        return self._portal.records.read(dataset.uid, limit=limit, offset=offset)

    def _sees_all(self, dataset: PublishedDataset) -> bool:
        """The default security is for the public; it has no effect on a restricted dataset."""
        return dataset.is_restricted or self._may("edit_dataset", dataset)

    def _may(self, permission: str, dataset: PublishedDataset) -> bool:
        """Whether the visitor has a permission, on the portal or on the dataset; the public has none."""
        return self._caller is not None and permission in permissions_on(self._portal, self._caller, dataset.uid)


def _described(visitor: _Visitor, dataset: PublishedDataset, request: Request) -> dict[str, Any]:
    include = _flag(request, "include_app_metas", default=False)
    return described(dataset, visitor.fields(dataset, dataset.fields), include_app_metas=include)


def _window(request: Request) -> tuple[int, int]:
    """Limit and offset of a list; a limit of -1 asks for as many as there may be."""
    limit = _number(request, "limit", default=_DEFAULT_ITEMS, least=-1, most=_MOST_ITEMS)
    offset = _number(request, "offset", default=0, least=0)
    limit = _MOST_ITEMS if limit == -1 else limit
    if offset + limit > _DEEPEST:
        raise invalid_parameter("offset + limit", offset + limit, f"offset + limit <= {_DEEPEST}")
    return limit, offset


def _number(request: Request, name: str, *, default: int, least: int, most: int | None = None) -> int:
    given = request.query_params.get(name)
    if given is None:
        return default
    expected = f"{least} <= {name}" + (f" <= {most}" if most is not None else "")
    try:
        number = int(given)
    except ValueError:
        raise invalid_parameter(name, given, expected) from None
    if number < least or (most is not None and number > most):
        raise invalid_parameter(name, given, expected)
    return number


def _flag(request: Request, name: str, *, default: bool) -> bool:
    given = request.query_params.get(name)
    if given is None:
        return default
    if given.lower() not in ("true", "false"):
        raise invalid_parameter(name, given, "true or false")
    return given.lower() == "true"


def _delimiter(request: Request) -> str:
    given = request.query_params.get("delimiter", ";")
    if given not in _DELIMITERS:
        raise invalid_parameter("delimiter", given, "one of ; , | and a tab")
    return given
