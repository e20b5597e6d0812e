"""The routes of the Explore API for exports: of the records of a dataset, and of the catalog."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from ..automation.auth import ThePortal
from ..processing import ResultSet
from .errors import ExploreError, invalid_parameter, not_supported
from .exports import CATALOG_EXPORTS, EXPORTS, OTHER_CATALOG_EXPORTS, OTHER_EXPORTS, Form, Write, compressed, gathered
from .links import EXPLORE_ROOT, address
from .parameters import MAX_GROUPS, choice, delimiter, export_window, flag, number
from .routes import CatalogRequest, ExploreRoute
from .visitor import RecordsRequest, Visitor

router = APIRouter(prefix=EXPLORE_ROOT, route_class=ExploreRoute, include_in_schema=False)


@router.get("/catalog/exports")
def catalog_formats(request: Request) -> Response:
    """Return the links to the formats of the catalog."""
    return _links(request, "/catalog/exports", CATALOG_EXPORTS)


@router.get("/catalog/exports/{form}")
def catalog_export(request: Request, form: str, portal: ThePortal) -> Response:
    """Return the catalog as a file: in JSON as the list of datasets is, else with a column for each metadata field."""
    found = CatalogRequest(portal, request)
    write = _writer(form, CATALOG_EXPORTS, OTHER_CATALOG_EXPORTS)
    limit, offset = export_window(request)
    if found.is_whole and form == "json":
        response: Response = JSONResponse(found.page(limit, offset)[1])
        response.headers["Content-Disposition"] = 'attachment; filename="datasets.json"'
        return response
    columns = None
    if found.is_whole:
        names = [field["name"] for field in found.table.fields if field["type"] != "json"]
        columns = ["dataset_id", *(name for name in names if "." in name)]
    result = found.table.read(portal.records, found.query, limit, offset, columns)
    return _file(request, "datasets", form, write, result, found.query.zone)


@router.get("/catalog/datasets/{dataset_id}/exports")
def formats(request: Request, dataset_id: str, portal: ThePortal) -> Response:
    """Return the links to the formats of the records of a dataset."""
    Visitor(portal, request).dataset(dataset_id)
    return _links(request, f"/catalog/datasets/{dataset_id}/exports", EXPORTS)


@router.get("/catalog/datasets/{dataset_id}/exports/{form}")
def export(request: Request, dataset_id: str, form: str, portal: ThePortal) -> Response:
    """Return the records of a dataset, or its groups, as a file."""
    found = RecordsRequest(portal, request, dataset_id)
    write = _writer(form, EXPORTS, OTHER_EXPORTS)
    if number(request, "epsg", default=4326, minimum=1) != 4326:
        raise not_supported("The parameter epsg")
    limit, offset = export_window(request)
    if found.query.is_grouped and (limit is None or limit > MAX_GROUPS):
        found.query.refuse_aggregated_order(
            f"aggregation function in order by is not supported with a limit > {MAX_GROUPS}. "
            f"Please remove the order by or set a limit parameter lower than {MAX_GROUPS + 1}"
        )
    result = found.read(limit, offset)
    return _file(request, dataset_id, form, write, result, found.query.zone)


def _file(
    request: Request, name: str, form: str, write: tuple[Write, str], result: ResultSet, zone: ZoneInfo
) -> Response:
    parameters = Form(
        zone,
        delimiter=delimiter(request),
        list_separator=request.query_params.get("list_separator", ","),
        quote_all=flag(request, "quote_all", default=False),
        use_labels=flag(request, "use_labels", default=False),
        with_bom=flag(request, "with_bom", default=True),
        parquet_compression=choice(
            request, "parquet_compression", ("snappy", "zstd"), default="snappy", expected="snappy or zstd"
        ),
    )
    writer, media_type = write
    pieces: Iterator[str | bytes] = writer(result, parameters)
    filename = f"{name}.{form}"
    if flag(request, "compressed", default=False):
        pieces, media_type, filename = compressed(pieces), "application/gzip", f"{filename}.gzip"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return StreamingResponse(gathered(pieces), media_type=media_type, headers=headers)


def _writer(form: str, answered: dict[str, tuple[Write, str]], others: tuple[str, ...]) -> tuple[Write, str]:
    if form in answered:
        return answered[form]
    raise not_supported(f"The export as {form}") if form in others else _unknown(form, [*answered, *others])


def _unknown(form: str, known: list[str]) -> ExploreError:
    return invalid_parameter("format", form, f"one of {', '.join(known)}")


def _links(request: Request, path: str, forms: dict[str, tuple[Write, str]]) -> Response:
    links = [{"rel": "self", "href": address(request, path)}]
    links += [{"rel": form, "href": address(request, f"{path}/{form}")} for form in forms]
    return JSONResponse({"links": links})
