"""The parameters of a request beside its clauses, with the service's errors for wrong ones."""

from collections.abc import Sequence

from fastapi import Request

from .errors import ExploreError, invalid_parameter

MAX_LIMIT = 100
MAX_GROUPS = 20_000
_DEFAULT_LIMIT = 10
_MAX_OFFSET_AND_LIMIT = 10_000
_MAX_NUMBER = 2**62
_DELIMITERS = (";", ",", "\t", "|")


def window(request: Request, *, is_grouped: bool = False) -> tuple[int, int]:
    """The limit and the offset of a list. A limit of -1 stands for the greatest one."""
    greatest, most = (MAX_GROUPS, MAX_GROUPS) if is_grouped else (MAX_LIMIT, _MAX_OFFSET_AND_LIMIT)
    limit = number(request, "limit", default=_DEFAULT_LIMIT, minimum=-1, maximum=greatest)
    offset = number(request, "offset", default=0, minimum=0)
    limit = greatest if limit == -1 else limit
    if offset + limit > most:
        raise invalid_parameter("offset + limit", offset + limit, f"offset + limit <= {most}")
    return limit, offset


def export_window(request: Request) -> tuple[int | None, int]:
    """The limit of an export, None for all records, and its offset."""
    limit = number(request, "limit", default=-1, minimum=-1)
    return None if limit == -1 else limit, number(request, "offset", default=0, minimum=0)


def number(request: Request, name: str, *, default: int, minimum: int, maximum: int | None = None) -> int:
    """A whole number. Raises ExploreError when it is out of range."""
    value = request.query_params.get(name)
    if value is None:
        return default
    expected = f"{minimum} <= {name}" + (f" <= {maximum}" if maximum is not None else "")
    try:
        found = int(value)
    except ValueError:
        raise invalid_parameter(name, value, expected) from None
    if found < minimum or (maximum is not None and found > maximum):
        raise invalid_parameter(name, value, expected)
    return min(found, _MAX_NUMBER)


def flag(request: Request, name: str, *, default: bool) -> bool:
    """True or false. Raises ExploreError for anything else."""
    return choice(request, name, ("true", "false"), default=str(default).lower(), expected="true or false") == "true"


def choice(request: Request, name: str, known: Sequence[str], *, default: str, expected: str) -> str:
    """One of several words. Raises ExploreError for another one."""
    value = request.query_params.get(name, default)
    if value.lower() not in known:
        raise invalid_parameter(name, value, expected)
    return value.lower()


def delimiter(request: Request) -> str:
    """The sign between the values of a CSV file."""
    return choice(request, "delimiter", _DELIMITERS, default=";", expected="one of ; , | and a tab")


def refuse(request: Request, *names: str) -> None:
    """Refuse parameters that would change the response if they were supported."""
    for name in names:
        if name in request.query_params:
            raise not_supported_parameter(name)


def not_supported_parameter(name: str) -> ExploreError:
    """The error for a parameter that this portal does not support."""
    return ExploreError(400, "NotImplementedError", f"The parameter {name} is not carried out by this portal.")
