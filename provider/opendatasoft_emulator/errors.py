"""Every error that the Automation API answers, and the form of its body.

The codes and messages of 400, 404 and 500 are those of the service's description; those of 401, 403 and 405 appear
nowhere in public and follow the style of the others.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

Detail = dict[str, Any]
"""What is wrong, by the path of the property: lists of sentences at the leaves."""


class ApiError(Exception):
    """An answer of the Automation API that is not a success."""

    def __init__(self, status: int, error_code: str, message: str, detail: Detail | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code
        self.message = message
        self.detail = detail

    def body(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"error_code": self.error_code, "message": self.message}
        if self.detail is not None:
            body["detail"] = self.detail
        return body


def not_found() -> ApiError:
    """Nothing has this id."""
    return ApiError(404, "not_found", "Not found.")


def invalid(**detail: Any) -> ApiError:
    """The input breaks a rule: each property with one sentence, or with what is wrong below it."""
    return ApiError(400, "validation_error", "Invalid input", _as_lists(detail))


def _as_lists(detail: Mapping[str, Any]) -> Detail:
    return {
        name: _as_lists(what) if isinstance(what, dict) else [what] if isinstance(what, str) else what
        for name, what in detail.items()
    }


def bad_request(message: str = "Bad request: the server did not understand the request parameters.") -> ApiError:
    """The request cannot be read, or a rule forbids it that belongs to no property."""
    return ApiError(400, "bad_request", message)


def invalid_dataset_status(status: str, allowed: Iterable[str]) -> ApiError:
    """The dataset is busy, or not busy, and the action needs the contrary."""
    return ApiError(
        400,
        "invalid_dataset_status",
        f"Invalid precondition, dataset status is '{status}' but must be one of '{', '.join(allowed)}'",
    )


def not_authenticated() -> ApiError:
    """No key came with the request."""
    return ApiError(401, "not_authenticated", "Authentication credentials were not provided.")


def authentication_failed() -> ApiError:
    """The key is not one of this portal, or it is revoked."""
    return ApiError(401, "authentication_failed", "Invalid API key.")


def permission_denied() -> ApiError:
    """The key, or its owner, lacks the permission."""
    return ApiError(403, "permission_denied", "You do not have permission to perform this action.")


def conflict(message: str) -> ApiError:
    """The same is there already."""
    return ApiError(409, "conflict", message)


def method_not_allowed(method: str) -> ApiError:
    """The path exists, the method does not."""
    return ApiError(405, "method_not_allowed", f'Method "{method}" not allowed.')


def internal_error() -> dict[str, Any]:
    """The body of a 500, with a trace id as the service gives."""
    return {
        "error_code": "internal_error",
        "message": "A server error occurred.",
        "trace_id": str(uuid.uuid4()),
    }
