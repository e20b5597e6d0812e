"""ODSQL, the query language of the Explore API: one grammar, and one compiler to the SQL of DuckDB.

It follows the service's reference and, for what that leaves open, what others have measured: a comparison is never true
for an empty value, `NOT` is the exact complement of its operand, and there is neither `not in` nor `not like`.
"""

from .dates import LANGUAGES
from .errors import Malformed, NotSupported, QueryError, QuerySyntaxError
from .expressions import Settings
from .facets import Facet, facet_values, levels_of, parse_facet, refinement
from .geography import around
from .in_clause import in_clause
from .reference import FUNCTIONS, OPERATORS, Documented
from .statement import Statement
from .table import Column, Table, separator_of

__all__ = [
    "FUNCTIONS",
    "LANGUAGES",
    "OPERATORS",
    "Column",
    "Documented",
    "Facet",
    "Malformed",
    "NotSupported",
    "QueryError",
    "QuerySyntaxError",
    "Settings",
    "Statement",
    "Table",
    "around",
    "facet_values",
    "in_clause",
    "levels_of",
    "parse_facet",
    "refinement",
    "separator_of",
]
