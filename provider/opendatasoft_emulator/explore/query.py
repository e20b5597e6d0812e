"""The parameters of a request that select records, sort them, and compute from them."""

from collections import defaultdict
from zoneinfo import ZoneInfo, available_timezones

from starlette.datastructures import QueryParams

from ..odsql import LANGUAGES, Malformed, Settings, Statement, Table, in_clause, refinement
from ..processing import Part, RecordQuery
from .errors import invalid_parameter, query_errors


def settings_of(params: QueryParams) -> Settings:
    """The time zone and the language of a request. Raises ExploreError for unknown ones."""
    zone, language = params.get("timezone", "UTC"), params.get("lang", "fr")
    if zone != "UTC" and zone not in available_timezones():
        raise invalid_parameter("timezone", zone, "the name of a timezone")
    if language not in LANGUAGES:
        raise invalid_parameter("lang", language, f"one of {', '.join(LANGUAGES)}")
    return Settings(zone, language)


class Query:
    """The clauses of a request. The methods raise ExploreError for invalid clauses and for unsupported ones."""

    def __init__(self, params: QueryParams, disjunctive: frozenset[str] = frozenset()) -> None:
        """Parse the clauses. `disjunctive` are the fields for which several refined values are alternatives."""
        self.settings = settings_of(params)
        self.zone = ZoneInfo(self.settings.zone)
        self._disjunctive = disjunctive
        self.refined = _facets(params, "refine")
        self.excluded = _facets(params, "exclude")
        self._refusal = ""
        # An empty group_by is the group of all records, as without one.
        with query_errors():
            self._statement = Statement(
                params.getlist("where"), params.get("select"), params.get("group_by") or None, params.get("order_by")
            )

    @property
    def is_grouped(self) -> bool:
        """Whether the result consists of groups."""
        return self._statement.is_grouped

    def refuse_aggregated_order(self, reason: str) -> None:
        """Refuse an order by an aggregate, when the query is built."""
        self._refusal = reason

    def build(self, table: Table, *conditions: Part) -> RecordQuery:
        """The query of a table, of records that meet further conditions as well."""
        with query_errors():
            refined: list[Part] = []
            with in_clause("refine"):
                for name, values in self.refined.items():
                    operator = " OR " if name in self._disjunctive else " AND "
                    refined.append(_joined(operator, [refinement(table, name, v, self.settings) for v in values]))
            with in_clause("exclude"):
                for name, values in self.excluded.items():
                    parts = [refinement(table, name, value, self.settings) for value in values]
                    refined.append(_joined(" AND ", [Part(f"NOT {part.sql}", part.values) for part in parts]))
            built = self._statement.query(table, self.settings, *conditions, *refined)
            with in_clause("order_by"):
                if self._refusal and built.has_aggregated_order:
                    raise Malformed(self._refusal)
            return built


def _joined(operator: str, parts: list[Part]) -> Part:
    return Part(
        f"({operator.join(part.sql for part in parts)})", tuple(value for part in parts for value in part.values)
    )


def _facets(params: QueryParams, parameter: str) -> dict[str, list[str]]:
    """The values by field of the parameters `refine=field:value`. The value may stand in quotes."""
    values: dict[str, list[str]] = defaultdict(list)
    for pair in params.getlist(parameter):
        field, colon, value = pair.partition(":")
        if not field or not colon:
            raise invalid_parameter(parameter, pair, "<facet>:<value>")
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        values[field.strip()].append(value)
    return dict(values)
