"""What a request to the Explore API asks of a dataset's records: which, in which order, and what of them."""

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
    Refines,
    Sql,
    Table,
    condition,
    ordered,
    selected,
    shown,
)
from ..processing import Choice, Choose, column_of
from .errors import in_clause, invalid_parameter, not_carried_out
from .visibility import Sight

Field = dict[str, Any]
"""One field of a dataset: name, label, type, description, annotations."""

_NOT_CARRIED_OUT = ("group_by",)


@dataclass(frozen=True)
class Shown:
    """One field of an answer: the field, its place in the dataset, and the name it is shown under."""

    field: Field
    place: int
    name: str

    @property
    def title(self) -> str:
        """What stands over its values where labels are asked for."""
        label: str = self.field["label"]
        return label if self.name == self.field["name"] else self.name


class Query:
    """The clauses of a request. Raises ExploreError, here and later, for what is wrong, or not carried out here."""

    def __init__(self, params: QueryParams, disjunctive: frozenset[str] = frozenset()) -> None:
        """`disjunctive` are the fields of which several refined values mean one of them, not all."""
        for name in _NOT_CARRIED_OUT:
            if name in params:
                raise not_carried_out(f"The parameter {name}")
        refuse_timezone(params)
        self._disjunctive = disjunctive
        self.refined = _facets(params, "refine")
        self._excluded = _facets(params, "exclude")
        self._where: list[Condition] = []
        self._items: list[Item] | None = None
        self._orders: list[Order] = []
        with in_clause("where"):
            self._where += [condition(clause) for clause in params.getlist("where")]
        if "select" in params:
            with in_clause("select"):
                self._items = selected(params["select"])
        if "order_by" in params:
            with in_clause("order_by"):
                self._orders += ordered(params["order_by"])

    def choose(self, sight: Sight) -> Choose:
        """What to ask the records for, for somebody with this sight."""

        def choice(fields: list[Field]) -> Choice:
            visible = Table(fields, column_of, sight.visible_fields)
            parts = [sight.records(Table(fields, column_of)), *self._demands(visible)]
            with in_clause("order_by"):
                order = ", ".join(one.on(visible) for one in self._orders)
            narrowing = [part for part in parts if part[0] != "TRUE"]
            return Choice(
                where=" AND ".join(sql for sql, _ in narrowing) or "TRUE",
                values=tuple(value for _, values in narrowing for value in values),
                order=order,
            )

        return choice

    def shown(self, fields: list[Field], sight: Sight) -> list[Shown]:
        """The fields of an answer, for somebody with this sight."""
        places = {field["name"]: place for place, field in enumerate(fields)}
        table = Table(fields, column_of, sight.visible_fields)
        with in_clause("select"):
            columns = shown(self._items, table) if self._items else [(column.name, column) for column in table.columns]
        return [Shown(fields[places[column.name]], places[column.name], name) for name, column in columns]

    def _demands(self, visible: Table) -> list[Sql]:
        with in_clause("where"):
            demands = [demand.on(visible) for demand in self._where]
        with in_clause("refine"):
            for field, values in self.refined.items():
                together = OneOf if field in self._disjunctive else All
                demands.append(together(tuple(Refines(field, value) for value in values)).on(visible))
        with in_clause("exclude"):
            for field, values in self._excluded.items():
                demands.append(All(tuple(Not(Refines(field, value)) for value in values)).on(visible))
        return demands


def refuse_timezone(params: QueryParams) -> None:
    """Refuse to show moments in another timezone, rather than to show them in the wrong one."""
    if params.get("timezone", "UTC") != "UTC":
        raise not_carried_out("A timezone other than UTC")


def _facets(params: QueryParams, parameter: str) -> dict[str, list[str]]:
    """The values by field of `refine=field:value`; the value may stand in quotes."""
    values: dict[str, list[str]] = defaultdict(list)
    for given in params.getlist(parameter):
        field, colon, value = given.partition(":")
        if not field or not colon:
            raise invalid_parameter(parameter, given, "<facet>:<value>")
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        values[field.strip()].append(value)
    return dict(values)
