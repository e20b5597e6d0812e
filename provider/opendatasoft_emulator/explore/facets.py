"""The facets of a dataset: the fields whose values are counted."""

from collections.abc import Iterable
from typing import Any

from ..odsql import Table, facet_values
from ..processing import Records, column_name
from ..state.public_view import PublishedDataset
from .errors import in_clause, not_supported
from .query import Query
from .visibility import Visibility

_DEFAULT_SORT = "-count"


def disjunctive_fields(dataset: PublishedDataset) -> frozenset[str]:
    """The fields for which several refined values are alternatives."""
    by_annotation = {field["name"] for field in dataset.fields if "disjunctive" in field["annotations"]}
    by_metadata = {facet["field_name"] for facet in _configured(dataset) if facet.get("disjunctive")}
    return frozenset(by_annotation | by_metadata)


def facets(
    dataset: PublishedDataset, records: Records, requested: list[str], query: Query, visibility: Visibility
) -> dict[str, Any]:
    """The response body: the number of records by value, for each facet.

    Args:
        dataset: The published dataset.
        records: The records of the portal.
        requested: The names of the requested fields; the dataset's own facets if empty.
        query: The clauses of the request, which select the records.
        visibility: The visible part of the dataset.

    Raises:
        ExploreError: For an unknown field, and for what is not supported.
    """
    for name in requested:
        if "(" in name:
            raise not_supported("The function facet()")
    visible = visibility.fields(dataset.fields)
    names = requested or [name for name in _facets_of(dataset) if any(field["name"] == name for field in visible)]

    def expressions(fields: list[dict[str, Any]]) -> list[str]:
        table = Table(fields, column_name, visibility.visible_fields)
        with in_clause("facet"):
            return [facet_values(table.column(name)) for name in names]

    counted = records.count_values(dataset.uid, expressions, query.build_query(visibility))
    sorts = _sorts(dataset)
    return {
        "links": [],
        "facets": [
            {
                "name": name,
                "facets": [
                    {
                        "count": count,
                        "state": "refined" if value in query.refined.get(name, ()) else "displayed",
                        "name": value,
                        "value": value,
                    }
                    for value, count in _sorted(counts.items(), sorts.get(name, _DEFAULT_SORT))
                ],
            }
            for name, counts in zip(names, counted, strict=True)
        ],
    }


def _configured(dataset: PublishedDataset) -> list[dict[str, Any]]:
    """The facets in the dataset's metadata."""
    return dataset.metadata.get("asset_content_configuration", {}).get("facets") or []


def _facets_of(dataset: PublishedDataset) -> list[str]:
    """The fields that are facets by the metadata or by their annotation."""
    annotated = [field["name"] for field in dataset.fields if "facet" in field["annotations"]]
    return list(dict.fromkeys([*(facet["field_name"] for facet in _configured(dataset)), *annotated]))


def _sorts(dataset: PublishedDataset) -> dict[str, str]:
    """The sort order of the values of a facet by its field, where one is configured."""
    annotated = {field["name"]: field["annotations"].get("facetsort") for field in dataset.fields}
    sorts = {name: str(arguments[0]) for name, arguments in annotated.items() if arguments}
    return sorts | {facet["field_name"]: facet["facetsort"] for facet in _configured(dataset) if facet.get("facetsort")}


def _sorted(counts: Iterable[tuple[str, int]], sort: str) -> list[tuple[str, int]]:
    """Values and their counts sorted by count, by name or by number; a minus reverses the order."""
    by_name = sorted(counts)
    descending = sort.startswith("-")
    if sort.lstrip("-") == "count":
        return sorted(by_name, key=lambda one: -one[1] if descending else one[1])
    if sort.lstrip("-") == "num":
        return sorted(by_name, key=lambda one: _number(one[0]), reverse=descending)
    return by_name[::-1] if descending else by_name


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return float("inf")
