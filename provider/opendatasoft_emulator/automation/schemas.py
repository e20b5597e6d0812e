"""The base of all request and response bodies, their common members, and the form of validation errors."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from ..errors import Detail
from ..state.permissions import DATASET_PERMISSIONS, DOMAIN_PERMISSIONS


class RequestBody(BaseModel):
    """A request body. Unknown properties are ignored, as the service does."""

    model_config = ConfigDict(extra="ignore")

    def given(self) -> dict[str, Any]:
        """The properties that the request names, with null where it sets null."""
        return self.model_dump(exclude_unset=True)


class OpenRequestBody(BaseModel):
    """A request body of a type that the description omits. All its properties are stored, except read-only ones."""

    model_config = ConfigDict(extra="allow")

    read_only: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _drop_read_only_properties(self) -> Self:
        extra = self.model_extra or {}
        for name in self.read_only & extra.keys():
            del extra[name]
        return self

    def given(self) -> dict[str, Any]:
        """The properties that the request names, with null where it sets null."""
        return self.model_dump(exclude_unset=True)


class ResponseBody(BaseModel):
    """A response body."""

    model_config = ConfigDict(extra="ignore")


class ActionDone(ResponseBody):
    """The response of an action."""

    detail: str


DONE = {"detail": "ok"}
"""The response body of an action."""


Text = Annotated[str, StringConstraints(min_length=1)]
"""A text that is not empty."""


class one_of:
    """An annotation of a response's text: the values that the description enumerates."""

    def __init__(self, *known: str) -> None:
        self._known = known

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self._known)}


class choice(one_of):
    """An annotation of a request's text: one of these values, and else the service's own message."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, value: str) -> str:
        if value not in self._known:
            raise ValueError(f'"{value}" is not a valid choice.')
        return value


def _each_once(items: list[str]) -> list[str]:
    if len(set(items)) < len(items):
        raise ValueError("Ensure all the elements of this list are unique.")
    return items


EACH_ONCE = AfterValidator(_each_once)
"""A validator of lists without duplicates."""

Permission = Annotated[str, choice(*DOMAIN_PERMISSIONS)]
"""A permission on the portal."""

PermissionShown = Annotated[str, one_of(*DOMAIN_PERMISSIONS)]
"""A permission on the portal in a response."""

DatasetPermission = Annotated[str, choice(*DATASET_PERMISSIONS)]
"""A permission on one dataset."""


class ApiCalls(RequestBody):
    """A number of calls per unit of time."""

    limit: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    unit: Annotated[str, choice("year", "month", "day", "hour", "minute", "second")]


class ExploreLimits(RequestBody):
    """The quota of a user or a group on the Explore API."""

    api_calls: ApiCalls | None = None


class RelatedUser(RequestBody):
    """A reference to a user."""

    username: str


class RelatedGroup(RequestBody):
    """A reference to a group."""

    uid: str


_MESSAGES = {
    "missing": "This field is required",
    "union_tag_not_found": "This field is required",
    "string_too_short": "This field may not be blank.",
    "string_pattern_mismatch": "Enter letters, digits, hyphens, underscores, points or @ only.",
    "string_type": "Not a valid string.",
    "bool_type": "Must be a valid boolean.",
    "bool_parsing": "Must be a valid boolean.",
    "int_parsing": "A valid integer is required.",
    "int_type": "A valid integer is required.",
    "int_from_float": "A valid integer is required.",
    "float_parsing": "A valid number is required.",
    "float_type": "A valid number is required.",
    "finite_number": "A valid number is required.",
    "list_type": "Expected a list of items.",
    "dict_type": "Expected a dictionary of items.",
    "model_attributes_type": "Invalid data. Expected a dictionary.",
    "model_type": "Invalid data. Expected a dictionary.",
}


def detail_of(errors: Sequence[Any], body: Any) -> Detail:
    """The `detail` of a validation error in the service's form: sentences in lists, nested as the body is."""
    detail: Detail = {}
    for error in errors:
        target = detail
        path = _path_of(error, body) or ["non_field_errors"]
        for part in path[:-1]:
            target = target.setdefault(part, {})
        target.setdefault(path[-1], []).append(_message(error))
    return detail


def _message(error: Any) -> str:
    kind = error["type"]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "union_tag_invalid":
        return f'"{error["ctx"]["tag"]}" is not a valid choice.'
    if kind == "literal_error":
        return f'"{error["input"]}" is not a valid choice.'
    if error["input"] is None and kind != "missing":
        return "This field may not be null."
    return _MESSAGES.get(kind, str(error["msg"]))


def _path_of(error: Any, body: Any) -> list[str]:
    """The property path of an error: its location, without the parts that name a member of a union."""
    location = list(error["loc"])
    if location[:1] == ["query"]:
        return [str(part) for part in location[1:]]
    if location[:1] == ["body"]:
        del location[0]
    path: list[str] = []
    node = body
    for number, part in enumerate(location):
        last = number == len(location) - 1
        try:
            child = node[part]
        except (KeyError, IndexError, TypeError):
            if last and error["type"] == "missing":
                path.append(str(part))
            continue
        if last or isinstance(child, dict | list):
            path.append(str(part))
            node = child
    if error["type"].startswith("union_tag"):
        path.append(error["ctx"]["discriminator"].strip("'"))
    return path
