"""The errors of the Explore API, which have a form of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi.responses import JSONResponse

from ..odsql import Malformed, NotSupported, QueryError, QuerySyntaxError


class ExploreError(Exception):
    """A response of the Explore API that is not a success."""

    def __init__(self, status: int, error_code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code
        self.message = message

    def response(self) -> JSONResponse:
        """The error as a response."""
        return JSONResponse({"error_code": self.error_code, "message": self.message}, self.status)


def invalid_parameter(name: str, found: Any, expected: str) -> ExploreError:
    """A 400: a parameter is out of range. Code and message are known from client code."""
    return ExploreError(
        400,
        "InvalidRESTParameterError",
        f"Invalid value for {name} API parameter: {found} was found but {expected} is expected.",
    )


def not_supported(what: str) -> ExploreError:
    """A 400: a feature of the service that this portal does not have."""
    return ExploreError(400, "NotImplementedError", f"{what} is not carried out by this portal.")


def unknown_dataset(dataset_id: str) -> ExploreError:
    """A 404: no published dataset that the caller may know of has this dataset_id. Code and message were observed."""
    return ExploreError(404, "NotFoundResource", f"The requested dataset {dataset_id} does not exist.")


def invalid_key() -> ExploreError:
    """A 401: the key is not one of this portal. The message is our own."""
    return ExploreError(401, "AuthenticationError", "Invalid API key.")


def unknown_record(record_id: str) -> ExploreError:
    """A 404: the dataset has no visible record with this id. The message follows that for datasets."""
    return ExploreError(404, "NotFoundResource", f"The requested record {record_id} does not exist.")


@contextmanager
def query_errors() -> Iterator[None]:
    """Raise the service's error for an invalid clause. Codes and messages were observed."""
    try:
        yield
    except QueryError as error:
        where = f"Clause(s) containing the error(s): {error.clause}."
        match error:
            case QuerySyntaxError():
                raise ExploreError(400, "ODSQLSyntaxError", f"ODSQL syntax exception: {error}. {where}") from None
            case Malformed():
                raise ExploreError(400, "ODSQLError", f"ODSQL query is malformed: {error}. {where}") from None
            case NotSupported():
                raise not_supported(f"{error} in {error.clause}") from None
        raise
