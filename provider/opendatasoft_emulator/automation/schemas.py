"""How bodies are written and read: what every declaration of a request or of an answer has in common."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, ClassVar, Self

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ..errors import Detail
from ..state.permissions import DATASET_PERMISSIONS, DOMAIN_PERMISSIONS
from .json_body import InvalidJson, read_json


class RequestBody(BaseModel):
    """A body that is asked for: unknown keys are ignored, as the service does. `given()` is what it names."""

    model_config = ConfigDict(extra="ignore")

    def given(self) -> dict[str, Any]:
        """The properties that the request names, with null where it says null."""
        return self.model_dump(exclude_unset=True)


class OpenRequestBody(BaseModel):
    """A body of a kind that the description leaves out: kept as it is given, but for what the portal alone says."""

    model_config = ConfigDict(extra="allow")

    read_only: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _drop_read_only_properties(self) -> Self:
        extra = self.model_extra or {}
        for name in self.read_only & extra.keys():
            del extra[name]
        return self

    def given(self) -> dict[str, Any]:
        """The properties that the request names, with null where it says null."""
        return self.model_dump(exclude_unset=True)


class ResponseBody(BaseModel):
    """A body that is answered."""

    model_config = ConfigDict(extra="ignore")


class ActionDone(ResponseBody):
    """The answer of an action."""

    detail: str


DONE = {"detail": "ok"}
"""The action has been performed."""


class _StrictRequest(Request):
    """A request of which the JSON is read by the portal's own rules."""

    async def json(self) -> Any:
        """The body. Raises a 400."""
        try:
            return read_json(await self.body())
        except InvalidJson as error:
            raise HTTPException(400) from error


class Route(APIRoute):
    """A route of the Automation API: what an answer does not name is absent from it, not null."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options["response_model_exclude_unset"] = True
        super().__init__(*args, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request, once its body is known to be one that an answer could repeat."""
        response = super().get_route_handler()

        async def read_and_answer(request: Request) -> Response:
            return await response(_StrictRequest(request.scope, request.receive))

        return read_and_answer


Text = Annotated[str, StringConstraints(min_length=1)]
"""A text that may not be empty."""


def choice(*known: str) -> AfterValidator:
    """One of these words, or the service's own message about it."""

    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f'"{value}" is not a valid choice.')
        return value

    return AfterValidator(check)


def _each_once(items: list[str]) -> list[str]:
    if len(set(items)) < len(items):
        raise ValueError("Ensure all the elements of this list are unique.")
    return items


EACH_ONCE = AfterValidator(_each_once)
"""No text is in the list twice."""

Permission = Annotated[str, choice(*DOMAIN_PERMISSIONS)]
"""A permission on the portal."""

DatasetPermission = Annotated[str, choice(*DATASET_PERMISSIONS)]
"""A permission on one dataset."""


class ApiCalls(RequestBody):
    """So many calls in a time."""

    limit: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    unit: Annotated[str, choice("year", "month", "day", "hour", "minute", "second")]


class ExploreLimits(RequestBody):
    """The quota of a user or a group on the Explore API."""

    api_calls: ApiCalls | None = None


class RelatedUser(RequestBody):
    """A user, by name."""

    username: str


class RelatedGroup(RequestBody):
    """A group, by its uid."""

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
    """What the service tells of an invalid body: sentences in lists, nested as the body is."""
    detail: Detail = {}
    for error in errors:
        target = detail
        path = _path_of(error, body) or ["non_field_errors"]
        for part in path[:-1]:
            target = target.setdefault(part, {})
        target.setdefault(path[-1], []).append(_sentence(error))
    return detail


def _sentence(error: Any) -> str:
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
    """Where in the body the error is: its location, without what names the member of a union."""
    location = list(error["loc"])
    if location[:1] == ["query"]:
        return [str(part) for part in location[1:]]
    if location[:1] == ["body"]:
        del location[0]
    path: list[str] = []
    here = body
    for number, part in enumerate(location):
        last = number == len(location) - 1
        try:
            there = here[part]
        except (KeyError, IndexError, TypeError):
            if last and error["type"] == "missing":
                path.append(str(part))
            continue
        if last or isinstance(there, dict | list):
            path.append(str(part))
            here = there
    if error["type"].startswith("union_tag"):
        path.append(error["ctx"]["discriminator"].strip("'"))
    return path
