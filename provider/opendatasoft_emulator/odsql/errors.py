"""Why a clause is not carried out."""


class QueryError(Exception):
    """A clause that cannot be carried out; its text says why, without the name of the clause."""


class QuerySyntaxError(QueryError):
    """A clause that cannot be read."""


class Malformed(QueryError):
    """A clause that can be read, but not be meant: an unknown field, a number where a date has to be."""


class NotSupported(QueryError):
    """Something of the language that this portal does not know."""
