"""The clauses of a request for records: which records, in which order, and which of their fields."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from ..odsql import (
    All,
    Condition,
    Item,
    Not,
    OneOf,
    Order,
    Refinement,
    Sql,
    Table,
    parse_order_by,
    parse_select,
    parse_where,
    selected_columns,
)
from ..processing import BuildQuery, RecordQuery, column_name
from .errors import in_clause, invalid_parameter, not_supported
from .visibility import Visibility

Field = dict[str, Any]
"""One field of a dataset: name, label, type, description, annotations."""

_NOT_SUPPORTED = ("group_by",)


@dataclass(frozen=True)
class ShownField:
    """One field of a response: the field, its position in the dataset, and its name in the response."""

    field: Field
    position: int
    name: str

    @property
    def title(self) -> str:
        """The title of its column in an export with labels."""
        label: str = self.field["label"]
        return label if self.name == self.field["name"] else self.name


class Query:
    """The clauses of a request. The methods raise ExploreError for invalid clauses and for unsupported ones."""

    def __init__(self, params: QueryParams, disjunctive: frozenset[str] = frozenset()) -> None:
        """Parse the clauses. `disjunctive` are the fields for which several refined values are alternatives."""
        for name in _NOT_SUPPORTED:
            if name in params:
                raise not_supported(f"The parameter {name}")
        refuse_timezone(params)
        self._disjunctive = disjunctive
        self.refined = _facets(params, "refine")
        self._excluded = _facets(params, "exclude")
        self._where: list[Condition] = []
        self._items: list[Item] | None = None
        self._orders: list[Order] = []
        with in_clause("where"):
            self._where += [parse_where(clause) for clause in params.getlist("where")]
        if "select" in params:
            with in_clause("select"):
                self._items = parse_select(params["select"])
        if "order_by" in params:
            with in_clause("order_by"):
                self._orders += parse_order_by(params["order_by"])

    def build_query(self, visibility: Visibility) -> BuildQuery:
        """The function that makes the query of records, limited to the visible ones."""

        def build(fields: list[Field]) -> RecordQuery:
            visible = Table(fields, column_name, visibility.visible_fields)
            parts = [visibility.records(Table(fields, column_name)), *self._clause_conditions(visible)]
            with in_clause("order_by"):
                order = ", ".join(one.to_sql(visible) for one in self._orders)
            conditions = [part for part in parts if part[0] != "TRUE"]
            return RecordQuery(
                where=" AND ".join(sql for sql, _ in conditions) or "TRUE",
                values=tuple(value for _, values in conditions for value in values),
                order=order,
            )

        return build

    def shown(self, fields: list[Field], visibility: Visibility) -> list[ShownField]:
        """The visible fields that the request selects."""
        positions = {field["name"]: position for position, field in enumerate(fields)}
        table = Table(fields, column_name, visibility.visible_fields)
        with in_clause("select"):
            columns = (
                selected_columns(self._items, table)
                if self._items
                else [(column.name, column) for column in table.columns]
            )
        return [ShownField(fields[positions[column.name]], positions[column.name], name) for name, column in columns]

    def _clause_conditions(self, visible: Table) -> list[Sql]:
        with in_clause("where"):
            conditions = [condition.to_sql(visible) for condition in self._where]
        with in_clause("refine"):
            for field, values in self.refined.items():
                combination = OneOf if field in self._disjunctive else All
                conditions.append(combination(tuple(Refinement(field, value) for value in values)).to_sql(visible))
        with in_clause("exclude"):
            for field, values in self._excluded.items():
                conditions.append(All(tuple(Not(Refinement(field, value)) for value in values)).to_sql(visible))
        return conditions


def refuse_timezone(params: QueryParams) -> None:
    """Refuse a timezone other than UTC, since times are returned in UTC only."""
    if params.get("timezone", "UTC") != "UTC":
        raise not_supported("A timezone other than UTC")


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
