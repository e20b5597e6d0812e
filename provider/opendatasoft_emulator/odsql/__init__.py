"""ODSQL, the query language of the Explore API, as far as this portal supports it.

It follows the service's description of the language and, for what that leaves open, what others have measured: a
comparison is never true for an empty value, `NOT` is the exact complement of its operand, and there is neither
`not in` nor `not like`.
"""

from .conditions import All, Condition, Not, OneOf, Sql
from .errors import Malformed, NotSupported, QueryError, QuerySyntaxError
from .facets import Refinement, facet_values
from .order_by import Order, parse_order_by
from .select import Item, parse_select, selected_columns
from .table import Column, Table, separator_of
from .where import parse_where

__all__ = [
    "All",
    "Column",
    "Condition",
    "Item",
    "Malformed",
    "Not",
    "NotSupported",
    "OneOf",
    "Order",
    "QueryError",
    "QuerySyntaxError",
    "Refinement",
    "Sql",
    "Table",
    "facet_values",
    "parse_order_by",
    "parse_select",
    "parse_where",
    "selected_columns",
    "separator_of",
]
