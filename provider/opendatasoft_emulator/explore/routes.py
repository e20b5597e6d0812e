"""The routes of the Explore API, version 2.1: datasets, records and facets."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import duckdb
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from ..automation.auth import ThePortal
from ..portal import Portal
from ..processing import Part
from .catalog import describe
from .catalog_table import DEFAULT_FACETS, CatalogTable
from .errors import ExploreError, unknown_record
from .facets import default_facets, facets, requested_facets, sorts_of
from .links import EXPLORE_ROOT, address, page_links
from .parameters import flag, window
from .query import Query
from .rendering import json_records
from .visitor import RecordsRequest, Visitor


class ExploreRoute(APIRoute):
    """A route whose errors have the form of the Explore API."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of requests, which converts errors."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except ExploreError as error:
                return error.response()
            except (duckdb.DataError, duckdb.ProgrammingError, duckdb.NotSupportedError):
                # A number that is too large, for example, is found when the query runs.
                return ExploreError(400, "ODSQLError", "ODSQL query is malformed: it has no result.").response()

        return handled


router = APIRouter(prefix=EXPLORE_ROOT, route_class=ExploreRoute, include_in_schema=False)


class CatalogRequest:
    """A request for datasets: those that the caller may see, as the catalog describes them."""

    def __init__(self, portal: Portal, request: Request) -> None:
        self._portal = portal
        self._params = request.query_params
        with_application = flag(request, "include_app_metas", default=False)
        self.descriptions = [
            describe(dataset, visibility, include_app_metas=with_application)
            for dataset, visibility in Visitor(portal, request).datasets()
        ]
        self.query = Query(request.query_params)
        self._table: CatalogTable | None = None

    @property
    def table(self) -> CatalogTable:
        """The catalog as a table."""
        self._table = self._table or CatalogTable(self.descriptions)
        return self._table

    @property
    def is_whole(self) -> bool:
        """Whether the datasets are described as a whole."""
        return self._params.get("select", "*").strip() == "*" and not self.query.is_grouped

    def page(self, limit: int | None, offset: int) -> tuple[int, list[dict[str, Any]]]:
        """The number of datasets, 0 for groups, and those on a page."""
        if not self.is_whole:
            result = self.table.read(self._portal.records, self.query, limit, offset)
            return result.total_count, list(json_records(result, self.query.zone))
        if not any(name in self._params for name in ("where", "order_by", "refine", "exclude")):
            end = None if limit is None else offset + limit
            return len(self.descriptions), self.descriptions[offset:end]
        total, positions = self.table.positions(self._portal.records, self.query, limit, offset)
        return total, [self.descriptions[position] for position in positions]


@router.get("/catalog/datasets")
def catalog(request: Request, portal: ThePortal) -> Response:
    """Return one page of the published datasets that the caller may see."""
    found = CatalogRequest(portal, request)
    limit, offset = window(request, is_grouped=found.query.is_grouped)
    total, results = found.page(limit, offset)
    if flag(request, "include_links", default=False) and found.is_whole:
        results = [one | {"_links": _dataset_links(request, one["dataset_id"])} for one in results]
    counted = None if found.query.is_grouped else total
    return JSONResponse(_listed(request, counted, results, limit, offset))


@router.get("/catalog/facets")
def facets_of_catalog(request: Request, portal: ThePortal) -> Response:
    """Return the values of the facets of the catalog, with their counts."""
    found = CatalogRequest(portal, request)
    requested = requested_facets(request.query_params.getlist("facet"), DEFAULT_FACETS, {})
    query = found.query
    run = found.table.counts(portal.records, query)
    return JSONResponse(facets(requested, query.refined, query.excluded, query.settings, run))


@router.get("/catalog/datasets/{dataset_id}")
def one_dataset(request: Request, dataset_id: str, portal: ThePortal) -> Response:
    """Return one published dataset."""
    dataset, visibility = Visitor(portal, request).dataset(dataset_id)
    include = flag(request, "include_app_metas", default=False)
    query = Query(request.query_params)
    body = describe(dataset, visibility, include_app_metas=include)
    if request.query_params.get("select", "*").strip() != "*":
        result = CatalogTable([body]).read(portal.records, query, 1, 0)
        (body,) = json_records(result, query.zone)
    if flag(request, "include_links", default=False):
        body |= {"_links": _dataset_links(request, dataset_id)}
    return JSONResponse(body)


@router.get("/catalog/datasets/{dataset_id}/records")
def records(request: Request, dataset_id: str, portal: ThePortal) -> Response:
    """Return one page of the records of a dataset, or of its groups."""
    found = RecordsRequest(portal, request, dataset_id)
    limit, offset = window(request, is_grouped=found.query.is_grouped)
    with_links = flag(request, "include_links", default=False)
    with_metas = flag(request, "include_app_metas", default=False)
    result = found.read(limit, offset, with_ids=with_links or with_metas)
    rows = [
        _with_metas(request, found, row, with_links=with_links, with_metas=with_metas)
        for row in json_records(result, found.query.zone)
    ]
    total = None if found.query.is_grouped else result.total_count
    return JSONResponse(_listed(request, total, rows, limit, offset))


@router.get("/catalog/datasets/{dataset_id}/records/{record_id}")
def one_record(request: Request, dataset_id: str, record_id: str, portal: ThePortal) -> Response:
    """Return one record of a dataset."""
    found = RecordsRequest(portal, request, dataset_id)
    result = found.read(1, 0, condition=Part("record_id = ?", (record_id,)))
    rows = list(json_records(result, found.query.zone))
    if not rows:
        raise unknown_record(record_id)
    return JSONResponse(rows[0])


@router.get("/catalog/datasets/{dataset_id}/facets")
def facets_of_records(request: Request, dataset_id: str, portal: ThePortal) -> Response:
    """Return the values of the facets of a dataset, with their counts."""
    found = RecordsRequest(portal, request, dataset_id)
    visible = [field["name"] for field in found.visibility.fields(found.dataset.fields)]
    requested = requested_facets(
        request.query_params.getlist("facet"), default_facets(found.dataset, visible), sorts_of(found.dataset)
    )
    query = found.query
    return JSONResponse(facets(requested, query.refined, query.excluded, query.settings, found.counts))


@router.get("/catalog/datasets/{dataset_id}/attachments")
def attachments(request: Request, dataset_id: str, portal: ThePortal) -> Response:
    """Return the attachments of a dataset: this portal publishes none."""
    Visitor(portal, request).dataset(dataset_id)
    return JSONResponse({"links": [], "attachments": []})


def _listed(request: Request, total: int | None, results: list[Any], limit: int, offset: int) -> dict[str, Any]:
    """The body of a page. That of groups has no total count."""
    body = {"results": results} if total is None else {"total_count": total, "results": results}
    if flag(request, "include_links", default=False):
        body["_links"] = page_links(request, total, limit, offset)
    return body


def _with_metas(
    request: Request, found: RecordsRequest, row: dict[str, Any], *, with_links: bool, with_metas: bool
) -> dict[str, Any]:
    """A record with its links and its metadata, if they are requested."""
    if "_id" not in row or not (with_links or with_metas):
        return row
    record_id = row.pop("_id")
    size = len(json.dumps(row))
    more: dict[str, Any] = {}
    if with_links:
        path = f"/catalog/datasets/{found.dataset.dataset_id}"
        links = {"self": f"{path}/records/{record_id}", "datasets": "/catalog/datasets", "dataset": path}
        more["_links"] = [{"rel": rel, "href": address(request, where)} for rel, where in links.items()]
    if with_metas:
        timestamp = found.dataset.data_processed.removesuffix("Z") + "+00:00"
        more |= {"_id": record_id, "_timestamp": timestamp, "_size": size}
    return more | row


def _dataset_links(request: Request, dataset_id: str) -> list[dict[str, str]]:
    path = f"/catalog/datasets/{dataset_id}"
    links = {"self": path, **{name: f"{path}/{name}" for name in ("attachments", "records", "exports")}}
    return [{"rel": rel, "href": address(request, where)} for rel, where in (links | {"catalog": "/catalog"}).items()]
