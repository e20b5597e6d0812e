"""ODSQL, the query language of the Explore API, as far as this portal carries it out.

What is here follows the service's own description of the language and, for what that leaves open, what others
have measured: a comparison never holds for an empty value, `NOT` is the exact complement of what it stands before,
and there is neither `not in` nor `not like`.
"""

from .conditions import All, Condition, Not, OneOf, Sql
from .facets import Refines, facet_values
from .order_by import Order, ordered
from .refusals import Malformed, NotCarriedOut, Refused, WrongSyntax
from .select import Item, selected, shown
from .table import Column, Table, separator_of
from .where import condition

__all__ = [
    "All",
    "Column",
    "Condition",
    "Item",
    "Malformed",
    "Not",
    "NotCarriedOut",
    "OneOf",
    "Order",
    "Refines",
    "Refused",
    "Sql",
    "Table",
    "WrongSyntax",
    "condition",
    "facet_values",
    "ordered",
    "selected",
    "separator_of",
    "shown",
]
