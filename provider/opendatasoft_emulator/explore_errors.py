"""The errors of the Explore API, which have a shape of their own."""

from typing import Any

from fastapi.responses import JSONResponse


class ExploreError(Exception):
    """An answer of the Explore API that is not a success."""

    def __init__(self, status: int, error_code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code
        self.message = message

    def answer(self) -> JSONResponse:
        """The answer that says so."""
        return JSONResponse({"error_code": self.error_code, "message": self.message}, self.status)


def invalid_parameter(name: str, found: Any, expected: str) -> ExploreError:
    """A parameter out of bounds; code and words were seen in client code."""
    return ExploreError(
        400,
        "InvalidRESTParameterError",
        f"Invalid value for {name} API parameter: {found} was found but {expected} is expected.",
    )


def not_carried_out(name: str) -> ExploreError:
    """A parameter of the service that this portal cannot honour, and will not pretend to."""
    return ExploreError(400, "NotImplementedError", f"The parameter {name} is not carried out by this portal.")


def unknown_dataset(dataset_id: str) -> ExploreError:
    """Nothing published has this dataset_id, or the caller may not know of it. The words are our own."""
    return ExploreError(404, "NotFoundError", f"The requested dataset {dataset_id} does not exist.")


def invalid_key() -> ExploreError:
    """The key is not one of this portal. The words are our own."""
    return ExploreError(401, "AuthenticationError", "Invalid API key.")
