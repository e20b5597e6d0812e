"""The bodies of metadata templates and their fields, in requests and responses."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from ..metadata.portal_templates import CREATABLE, TYPES
from ..metadata.template_fields import FIELD_TYPES, REQUIREMENT_LEVELS
from .group import RelatedUserResponse
from .schemas import RequestBody, ResponseBody, choice, one_of

Name = Annotated[str, StringConstraints(min_length=1, pattern=r"^[A-Za-z0-9@_.-]+$")]
"""The name of a template or a field, which is a part of addresses."""


class TemplateField(RequestBody):
    """A field in the schema of a template."""

    name: Name
    type: Annotated[str, choice(*FIELD_TYPES)] = "text"
    label: str | None = None
    help_text: str | None = None
    self_suggest: bool = False
    is_filter: bool = False
    i18n: bool = False
    choices: list[str] | None = None
    labels: dict[str, dict[str, str]] | None = None
    requirement_level: Annotated[str, choice(*REQUIREMENT_LEVELS)] = "optional"


def _checked(fields: list[TemplateField]) -> list[TemplateField]:
    names = [field.name for field in fields]
    if len(set(names)) < len(names):
        raise ValueError("Each name may be used once.")
    return fields


TemplateSchema = Annotated[list[TemplateField], AfterValidator(_checked)]
"""The fields of a template, in their order."""


class NewTemplate(RequestBody):
    """The body of a POST."""

    name: Name
    title: str
    type: Annotated[str, choice(*CREATABLE)]
    is_active: bool
    fields_: TemplateSchema = Field(alias="schema")


class TemplateChange(RequestBody):
    """The body of a PUT. The type of a template that cannot be created is accepted as it is."""

    name: Name | None = None
    title: str | None = None
    type: Annotated[str, choice(*TYPES)] | None = None
    is_active: bool | None = None
    fields_: TemplateSchema | None = Field(default=None, alias="schema")


class TemplateFieldResponse(ResponseBody):
    """A field of a template."""

    name: str
    type: Annotated[str, one_of(*FIELD_TYPES)]
    label: str | None
    help_text: str | None
    is_hidden: bool
    self_suggest: bool
    is_filter: bool
    i18n: bool
    suggest_url: str | None
    choices: list[str] | None
    labels: dict[str, dict[str, str]] | None
    requirement_level: Annotated[str, one_of(*REQUIREMENT_LEVELS)]


class MetadataTemplate(ResponseBody):
    """A template. One of the system has neither times nor users."""

    name: str
    title: str
    type: Annotated[str, one_of(*TYPES)]
    is_active: bool
    is_always_active: bool
    is_system: bool
    fields_: list[TemplateFieldResponse] = Field(alias="schema")
    created_at: str = ""
    created_by: RelatedUserResponse | None = None
    updated_at: str = ""
    updated_by: RelatedUserResponse | None = None


class Exhaustive(ResponseBody):
    """Whether all values were searched."""

    nb_hits: bool
    typo: bool


class Suggestions(ResponseBody):
    """Values for a field; an empty list alone for a field that suggests none."""

    hits: list[str]
    nb_hits: int = 0
    page: int = 0
    hits_per_page: int = 0
    exhaustive_nb_hits: bool = True
    exhaustive_typo: bool = True
    exhaustive: Exhaustive | None = None
    query: str = ""
    params: str = ""
    processing_time_ms: int = 0
