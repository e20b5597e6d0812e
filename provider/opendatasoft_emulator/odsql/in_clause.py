"""The clause in which an error is."""

from collections.abc import Iterator
from contextlib import contextmanager

from .errors import QueryError


@contextmanager
def in_clause(name: str) -> Iterator[None]:
    """Names the clause in the errors of a query that have none yet."""
    try:
        yield
    except QueryError as error:
        error.clause = error.clause or name
        raise
