"""The errors of the Automation API, and the form of their bodies.

The codes and messages of 400, 404 and 500 are those of the service's description. Those of 401, 403 and 405 are not
public; they follow the style of the others.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

Detail = dict[str, Any]
"""The errors by property path, with lists of sentences at the leaves."""


class ApiError(Exception):
    """A response of the Automation API that is not a success."""

    def __init__(self, status: int, error_code: str, message: str, detail: Detail | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code
        self.message = message
        self.detail = detail

    def body(self) -> dict[str, Any]:
        """The body of the response."""
        body: dict[str, Any] = {"error_code": self.error_code, "message": self.message}
        if self.detail is not None:
            body["detail"] = self.detail
        return body


def not_found() -> ApiError:
    """A 404: no object has this id."""
    return ApiError(404, "not_found", "Not found.")


def invalid(**detail: Any) -> ApiError:
    """A 400: the input breaks a rule. Each property has one sentence, or the errors of its own properties."""
    return ApiError(400, "validation_error", "Invalid input", _as_lists(detail))


def _as_lists(detail: Mapping[str, Any]) -> Detail:
    return {
        name: _as_lists(what) if isinstance(what, dict) else [what] if isinstance(what, str) else what
        for name, what in detail.items()
    }


def bad_request(message: str = "Bad request: the server did not understand the request parameters.") -> ApiError:
    """A 400: the request cannot be read, or it breaks a rule that concerns no single property."""
    return ApiError(400, "bad_request", message)


def invalid_dataset_status(status: str, allowed: Iterable[str]) -> ApiError:
    """A 400: the action is not allowed in the current status of the dataset."""
    return ApiError(
        400,
        "invalid_dataset_status",
        f"Invalid precondition, dataset status is '{status}' but must be one of '{', '.join(allowed)}'",
    )


def invalid_harvester_status(status: str, target: str) -> ApiError:
    """A 400: the action is not allowed in the current status of the harvester."""
    return ApiError(400, "invalid_harvester_status", f"Invalid transition from {status} to {target}")


def not_authenticated() -> ApiError:
    """A 401: the request has no key."""
    return ApiError(401, "not_authenticated", "Authentication credentials were not provided.")


def authentication_failed() -> ApiError:
    """A 401: the key is unknown, or revoked."""
    return ApiError(401, "authentication_failed", "Invalid API key.")


def permission_denied() -> ApiError:
    """A 403: the key or its owner lacks the permission."""
    return ApiError(403, "permission_denied", "You do not have permission to perform this action.")


def conflict(message: str) -> ApiError:
    """A 409: the same object exists already."""
    return ApiError(409, "conflict", message)


def method_not_allowed(method: str) -> ApiError:
    """A 405: the path exists, the method does not."""
    return ApiError(405, "method_not_allowed", f'Method "{method}" not allowed.')


def internal_error() -> dict[str, Any]:
    """The body of a 500, with a trace id as the service returns one."""
    return {
        "error_code": "internal_error",
        "message": "A server error occurred.",
        "trace_id": str(uuid.uuid4()),
    }
