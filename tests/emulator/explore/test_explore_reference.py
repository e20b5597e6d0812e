"""Tests of the table of what the Explore API documents: each row is answered, or refused in the service's form."""

import httpx
import pytest
from opendatasoft_emulator.explore.reference import REFERENCE

from ..calls import error_detail
from .stations import RECORDS

CSV, ALL = "datasets/stations/exports/csv", "exports/dcat"

PARAMETERS = {
    "select": (RECORDS, "select=id"),
    "where": (RECORDS, "where=id=1"),
    "group_by": (RECORDS, "group_by=town"),
    "order_by": (RECORDS, "order_by=-id"),
    "limit": (RECORDS, "limit=3"),
    "offset": (RECORDS, "offset=3"),
    "refine": (RECORDS, "refine=town:Paris"),
    "exclude": (RECORDS, "exclude=town:Paris"),
    "facet": ("facets", 'facet=facet(name="keyword", sort="alphanum", limit=1, disjunctive=true)'),
    "lang": (RECORDS, "lang=de"),
    "timezone": (RECORDS, "timezone=US/Eastern"),
    "include_links": ("datasets", "include_links=true"),
    "include_app_metas": (RECORDS, "include_app_metas=true"),
    "use_labels": (CSV, "use_labels=true"),
    "compressed": (CSV, "compressed=true"),
    "delimiter": (CSV, "delimiter=|"),
    "list_separator": (CSV, "list_separator=+"),
    "quote_all": (CSV, "quote_all=true"),
    "with_bom": (CSV, "with_bom=false"),
    "parquet_compression": ("datasets/stations/exports/parquet", "parquet_compression=zstd"),
    "epsg": ("datasets/stations/exports/geojson", "epsg=2154"),
    "name_field": ("datasets/stations/exports/gpx", "name_field=name"),
    "description_field_list": ("datasets/stations/exports/gpx", "description_field_list=name"),
    "use_extension": ("datasets/stations/exports/gpx", "use_extension=false"),
    "include_exports": (ALL, "include_exports=csv"),
    "use_labels_in_exports": (ALL, "use_labels_in_exports=false"),
}
OPERATORS = {
    "as": "select=id as number",
    "*": "select=*",
    "include": "select=include(na*)",
    "exclude": "select=exclude(z*)",
    "arithmetic": "select=-1 * capacity / 0 as x",
    "comparison": "where=id != 1 and capacity <= 30",
    "text": 'where="gar*"',
    "like": 'where=name like "gare"',
    "in range": "where=capacity in ]15..20]",
    "in list": "where=id in (1, 2)",
    "in field": 'where="4" in lines',
    "is": "where=open is not true or town is null",
    "boolean": "where=open",
    "and, or, not": "where=open and (id = 1 or not id > 2)",
    "desc": "order_by=town desc, -id",
}
POINT = "geom'POINT(2.35 48.85)'"
FUNCTIONS = {
    "length": "select=length(name)",
    "lower": "select=lower(name)",
    "ifnull": 'select=ifnull(town, "?")',
    "now": "select=now(years=-1)",
    **{part: f"group_by={part}(seen)" for part in ("year", "month", "day", "hour", "minute", "second")},
    "date_format": "group_by=date_format(opened, \"'in 'xx-w E MMMM D\")",
    "json_format": "select=json_format(name, null)",
    "distance": f"order_by=distance(place, {POINT})",
    "random": "order_by=random(1)",
    "vector_similarity": 'order_by=vector_similarity("jazz")',
    "search": 'where=search(*, "gare")',
    "suggest": 'where=suggest(name, "gar")',
    "startswith": 'where=startswith(*, "Gare")',
    "vector_similarity_threshold": 'where=vector_similarity_threshold("jazz")',
    "within_distance": f"where=within_distance(place, {POINT}, 100yd)",
    "in_bbox": "where=in_bbox(zone, 48, 2, 49, 3)",
    "intersects": f"where=intersects(zone, {POINT})",
    "disjoint": f"where=disjoint(zone, {POINT})",
    "within": f"where=within(zone, {POINT})",
    "count": "select=count(distinct lines), count(town), count(*)",
    "sum": "select=sum(capacity)",
    "avg": "select=avg(capacity)",
    "min": "select=min(opened)",
    "max": "select=max(seen)",
    "median": "select=median(share)",
    "percentile": "select=percentile(share, 95)",
    "envelope": "select=envelope(place)",
    "bbox": "select=bbox(zone)",
    "range": "group_by=range(share, *, 1.5, 3)",
    "geo_cluster": "group_by=geo_cluster(place, 10)",
}
REQUESTS: dict[str, dict[str, tuple[str, str]]] = {
    "Parameters": PARAMETERS,
    "Operators": {name: (RECORDS, query) for name, query in OPERATORS.items()},
    "Functions": {name: (RECORDS, query) for name, query in FUNCTIONS.items()},
    "Exports of records": {name: (f"datasets/stations/exports/{name}", "") for name in REFERENCE["Exports of records"]},
    "Exports of the catalog": {name: (f"exports/{name}", "") for name in REFERENCE["Exports of the catalog"]},
}


def test_every_row_has_a_request() -> None:
    assert {kind: set(rows) for kind, rows in REQUESTS.items()} == {k: set(rows) for k, rows in REFERENCE.items()}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, rows in REFERENCE.items() for name in rows])
def test_row_is_answered_or_refused(stations: httpx.Client, kind: str, name: str) -> None:
    path, query = REQUESTS[kind][name]
    key, _, value = query.partition("=")
    response = stations.get(path, params={key: value} if key else {})
    refusal = REFERENCE[kind][name].refusal
    if not refusal:
        assert response.status_code == 200, response.text
        return
    refused = error_detail(response)
    assert set(refused) == {"error_code", "message"}
    assert refused["error_code"] == "NotImplementedError"
    assert refusal in refused["message"]
