"""Batch calls: each item has its own result, by its number, in a response that is always a 200."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic.json_schema import SkipJsonSchema

from ..errors import ApiError
from ..state.store import Document
from .schemas import ResponseBody, detail_of, one_of


class Rejected(BaseModel):
    """An invalid item of a batch, with its errors."""

    detail: dict[str, Any]


def _validated_or_rejected(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    try:
        return check(value)
    except ValidationError as error:
        return Rejected(detail=detail_of(error.errors(), value))


_Item = TypeVar("_Item", bound=BaseModel)

BatchItem = Annotated[
    Annotated[_Item, WrapValidator(_validated_or_rejected)] | SkipJsonSchema[Rejected],
    Field(union_mode="left_to_right"),
]
"""An item of a batch. Its validation errors become its result, and not an error of the whole call."""


class BatchResult(ResponseBody, Generic[_Item]):
    """The result of one item of a batch."""

    status_code: Annotated[str, one_of("success", "error")]
    data: _Item | None = None
    error: dict[str, Any] | None = None


def batch(items: Sequence[_Item | Rejected], perform: Callable[[_Item], Document]) -> dict[str, Document]:
    """Perform an action on each item; return the results by number."""
    return {str(number): _result(item, perform) for number, item in enumerate(items)}


def _result(item: _Item | Rejected, perform: Callable[[_Item], Document]) -> Document:
    try:
        if isinstance(item, Rejected):
            raise ApiError(400, "validation_error", "Invalid input", item.detail)
        return {"status_code": "success", "data": perform(item)}
    except ApiError as error:
        return {"status_code": "error", "error": error.body()}
