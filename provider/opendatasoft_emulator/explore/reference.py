"""The table of what the service's reference of the Explore API documents, and which of it this portal answers."""

from collections.abc import Mapping

from ..odsql import FUNCTIONS, OPERATORS, Documented
from .exports import CATALOG_EXPORTS, EXPORTS, OTHER_CATALOG_EXPORTS, OTHER_EXPORTS

_LISTS = "datasets, records"
_ALL = f"{_LISTS}, exports"
_FACETS = f"{_ALL}, facets"


def _parameter(name: str, places: str, result: str, refusal: str = "") -> Documented:
    return Documented(name, places, result, "parameter", refusal)


PARAMETERS: dict[str, Documented] = {
    "select": _parameter("select=…", _ALL, "the fields of the result, and what is computed from them"),
    "where": _parameter("where=…", _FACETS, "which records; several ones hold together"),
    "group_by": _parameter("group_by=…", _ALL, "one result for each group; without a total count"),
    "order_by": _parameter("order_by=…", _ALL, "the order; empty values come last"),
    "limit": _parameter("limit=10", _ALL, "the number of results: 100 at most, of groups 20,000, of exports all"),
    "offset": _parameter("offset=0", _ALL, "how many are left out: up to 10,000 with the limit, of groups 20,000"),
    "refine": _parameter("refine=field:value", _FACETS, "records with this value of a facet, or a level below it"),
    "exclude": _parameter("exclude=field:value", _FACETS, "records without it"),
    "facet": _parameter(
        'facet=field, facet=facet(name="field", sort="-count", limit=5, …)', "facets", "the values that are counted"
    ),
    "lang": _parameter("lang=fr", _FACETS, "the language of `date_format()`; fr by default"),
    "timezone": _parameter("timezone=Europe/Paris", _FACETS, "the zone of times and of their parts; UTC by default"),
    "include_links": _parameter("include_links=true", _LISTS, "`_links` to pages, datasets and records"),
    "include_app_metas": _parameter(
        "include_app_metas=true", _LISTS, "the settings of pages; of records `_id`, `_timestamp`, `_size`"
    ),
    "use_labels": _parameter("use_labels=true", "exports", "labels in the place of names"),
    "compressed": _parameter("compressed=true", "exports", "the file in gzip"),
    "delimiter": _parameter("delimiter=;", "exports as csv", "the separator: `;`, `,`, `|` or a tab"),
    "list_separator": _parameter("list_separator=,", "exports as csv", "the separator of several values"),
    "quote_all": _parameter("quote_all=true", "exports as csv", "every value in quotes"),
    "with_bom": _parameter("with_bom=false", "exports as csv", "no byte order mark"),
    "parquet_compression": _parameter("parquet_compression=zstd", "exports as parquet", "`snappy` or `zstd`"),
    "epsg": _parameter("epsg=2154", "exports", "another reference system than 4326", refusal="epsg"),
    "name_field": _parameter("name_field=…", "exports as gpx", "the names in GPX", refusal="gpx"),
    "description_field_list": _parameter(
        "description_field_list=…", "exports as gpx", "the descriptions in GPX", refusal="gpx"
    ),
    "use_extension": _parameter("use_extension=true", "exports as gpx", "the tags of attributes in GPX", refusal="gpx"),
    "include_exports": _parameter(
        "include_exports=…", "exports of the catalog as dcat", "which exports are named", refusal="dcat"
    ),
    "use_labels_in_exports": _parameter(
        "use_labels_in_exports=true", "exports of the catalog as dcat", "labels in the named exports", refusal="dcat"
    ),
}
"""Every documented parameter."""


def _formats(place: str, answered: Mapping[str, object], others: tuple[str, ...]) -> dict[str, Documented]:
    found = {}
    for name in (*answered, *others):
        refusal = "" if name in answered else name
        found[name] = Documented(f"/exports/{name}", place, f"the {place} as {name}", "format", refusal)
    return found


REFERENCE: dict[str, dict[str, Documented]] = {
    "Parameters": PARAMETERS,
    "Operators": OPERATORS,
    "Functions": FUNCTIONS,
    "Exports of records": _formats("records", EXPORTS, OTHER_EXPORTS),
    "Exports of the catalog": _formats("catalog", CATALOG_EXPORTS, OTHER_CATALOG_EXPORTS),
}
"""Everything that is documented, by its kind."""
