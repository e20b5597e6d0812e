"""The parser of `order_by` clauses."""

from dataclasses import dataclass

from .errors import Malformed, NotSupported
from .table import Table
from .tokens import Cursor

_SHAPES = ("geo_point_2d", "geo_shape")


@dataclass(frozen=True)
class Order:
    """One field to sort by, ascending or descending. Records without a value come last."""

    field: str
    descending: bool

    def to_sql(self, table: Table) -> str:
        """The order in SQL. Raises Malformed when the field is unknown or cannot be sorted."""
        column = table.column(self.field)
        if column.type in _SHAPES:
            raise Malformed(f"The field {self.field} of type {column.type} cannot be sorted")
        return f"{column.sql} {'DESC' if self.descending else 'ASC'} NULLS LAST"


def parse_order_by(clause: str) -> list[Order]:
    """Parse the fields of a clause. Raises QueryError."""
    cursor = Cursor(clause)
    orders = [_order(cursor)]
    while cursor.accept(","):
        orders.append(_order(cursor))
    cursor.expect_kind("end")
    return orders


def _order(cursor: Cursor) -> Order:
    name = cursor.field()
    if cursor.next.is_text("("):
        raise NotSupported(f"The function {name.lower()}()")
    descending = cursor.next.is_text("desc")
    cursor.accept("asc", "desc")
    return Order(name, descending)
