"""The facets of a dataset or of the catalog: the fields whose values are counted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..odsql import Facet, Settings, Table, facet_values, in_clause, levels_of, parse_facet
from ..processing import Part, ValueCount
from ..state.public_view import PublishedDataset
from .errors import query_errors

_DEFAULT_SORT = "-count"

Count = Callable[[Callable[[Table, Part], list[ValueCount]]], list[list[tuple[str, int]]]]
"""Runs counts of values that are made for a table and the condition of the counted records."""


def disjunctive_fields(dataset: PublishedDataset) -> frozenset[str]:
    """The fields for which several refined values are alternatives."""
    by_annotation = {field["name"] for field in dataset.fields if "disjunctive" in field["annotations"]}
    by_metadata = {facet["field_name"] for facet in _configured(dataset) if facet.get("disjunctive")}
    return frozenset(by_annotation | by_metadata)


def requested_facets(texts: Sequence[str], default: Iterable[str], sorts: Mapping[str, str]) -> list[Facet]:
    """The requested facets, or the default ones, with the sort order of their fields. Raises ExploreError."""
    with query_errors(), in_clause("facet"):
        found = [parse_facet(text) for text in texts] if texts else [Facet(name) for name in default]
    return [Facet(one.name, one.separator, one.sort or sorts.get(one.name), one.limit) for one in found]


def facets(
    requested: list[Facet],
    refined: dict[str, list[str]],
    excluded: dict[str, list[str]],
    settings: Settings,
    run: Count,
) -> dict[str, Any]:
    """The response body: the number of records by value, for each facet; of refined values the level below as well.

    Args:
        requested: The facets.
        refined: The refined values by field.
        excluded: The excluded values by field; they are listed without a count.
        settings: The time zone, by which times are counted.
        run: Runs the counts.

    Raises:
        ExploreError: For an unknown field.
    """
    steps = [(facet, above) for facet in requested for above in ["", *_opened(facet, refined.get(facet.name, ()))]]
    levels: list[str | None] = []

    def counts(table: Table, where: Part) -> list[ValueCount]:
        with query_errors(), in_clause("facet"):
            columns = [table.column(facet.name) for facet, _ in steps]
            levels.extend(levels_of(column, facet.separator) for column, (facet, _) in zip(columns, steps, strict=True))
            return [
                ValueCount(facet_values(column, settings), where, level, above)
                for column, level, (_, above) in zip(columns, levels, steps, strict=True)
            ]

    found = dict(zip([(facet.name, above) for facet, above in steps], run(counts), strict=True))
    separators = {facet.name: level for (facet, _), level in zip(steps, levels, strict=True)}

    def entries(facet: Facet, above: str = "") -> list[dict[str, Any]]:
        separator = separators[facet.name]
        chosen = refined.get(facet.name, ())
        listed = []
        for value, count in _sorted(found.get((facet.name, above), []), facet.sort or _DEFAULT_SORT)[: facet.limit]:
            is_open = any(one == value or (separator and one.startswith(value + separator)) for one in chosen)
            name = value.rpartition(separator)[2] if separator else value
            state = "refined" if is_open else "displayed"
            entry: dict[str, Any] = {"count": count, "state": state, "name": name, "value": value}
            below = entries(facet, value) if is_open and separator else []
            listed.append(entry | ({"facets": below} if below else {}))
        return listed

    return {
        "links": [],
        "facets": [
            {
                "name": facet.name,
                "facets": [
                    *entries(facet),
                    *({"state": "excluded", "name": v, "value": v} for v in excluded.get(facet.name, ())),
                ],
            }
            for facet in requested
        ],
    }


def default_facets(dataset: PublishedDataset, visible: Iterable[str]) -> list[str]:
    """The visible fields that are facets by the metadata or by their annotation."""
    annotated = [field["name"] for field in dataset.fields if "facet" in field["annotations"]]
    names = dict.fromkeys([*(facet["field_name"] for facet in _configured(dataset)), *annotated])
    return [name for name in names if name in set(visible)]


def sorts_of(dataset: PublishedDataset) -> dict[str, str]:
    """The sort order of the values of a facet by its field, where one is configured."""
    annotated = {field["name"]: field["annotations"].get("facetsort") for field in dataset.fields}
    sorts = {name: str(arguments[0]) for name, arguments in annotated.items() if arguments}
    return sorts | {facet["field_name"]: facet["facetsort"] for facet in _configured(dataset) if facet.get("facetsort")}


def _opened(facet: Facet, values: Iterable[str]) -> list[str]:
    """Every refined value with those above it, whose next level is counted as well."""
    separator = facet.separator or "/"
    opened = []
    for value in values:
        parts = value.split(separator)
        opened += [separator.join(parts[:count]) for count in range(1, len(parts) + 1)]
    return list(dict.fromkeys(opened))


def _configured(dataset: PublishedDataset) -> list[dict[str, Any]]:
    """The facets in the dataset's metadata."""
    return dataset.metadata.get("asset_content_configuration", {}).get("facets") or []


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
