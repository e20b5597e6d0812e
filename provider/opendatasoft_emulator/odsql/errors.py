"""The errors of clauses."""


class QueryError(Exception):
    """An invalid or unsupported clause. The message gives the reason, without the name of the clause."""

    clause = ""
    """The name of the clause, once it is known."""


class QuerySyntaxError(QueryError):
    """A clause that cannot be parsed."""


class Malformed(QueryError):
    """A clause that can be parsed and has no meaning: an unknown field, a number in the place of a date."""


class NotSupported(QueryError):
    """A part of the language that this portal does not support."""
