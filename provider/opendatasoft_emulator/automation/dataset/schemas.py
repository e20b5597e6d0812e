"""The bodies of datasets and of their metadata."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints, WithJsonSchema

from ...metadata.field_types import FieldType
from ...metadata.templates import TEMPLATES
from ..schemas import EACH_ONCE, RelatedUser, RequestBody, ResponseBody, Text, choice

DatasetId = Annotated[str, StringConstraints(min_length=1, pattern=r"^[A-Za-z0-9@_.-]+$")]
"""The identifier of a dataset in URLs."""


class MetadataValue(RequestBody):
    """A metadata value. `override_remote_value` is for federated datasets, and ignored elsewhere."""

    value: Any
    override_remote_value: bool | None = None


class MetadataValueResponse(ResponseBody):
    """A metadata value, with the remote one if there is one."""

    value: Any
    remote_value: Any = None
    override_remote_value: bool = False


_VALUE: dict[str, Any] = {
    "type": "object",
    "required": ["value"],
    "properties": {
        "value": {},
        "remote_value": {"readOnly": True},
        "override_remote_value": {"type": "boolean"},
    },
}


def _template_schema(fields: Mapping[str, FieldType]) -> dict[str, Any]:
    """The JSON schema of a template: the fields that every portal has, and any others."""
    values = {
        field: {
            **_VALUE,
            "properties": {
                "value": kind.schema,
                "remote_value": {**kind.schema, "readOnly": True},
                "override_remote_value": {"type": "boolean"},
            },
        }
        for field, kind in fields.items()
    }
    return {"type": "object", "properties": values, "additionalProperties": _VALUE}


_TEMPLATES = {template: _template_schema(fields) for template, fields in TEMPLATES.items()}
_ANY_TEMPLATE = WithJsonSchema({"anyOf": list(_TEMPLATES.values())})
_ALL_TEMPLATES = WithJsonSchema(
    {"type": "object", "properties": _TEMPLATES, "additionalProperties": _template_schema({})}
)

Template = Annotated[dict[str, MetadataValue], _ANY_TEMPLATE]
"""The values of one template in a request, by field."""

Templates = Annotated[dict[str, dict[str, MetadataValue]], _ALL_TEMPLATES]
"""Metadata in a request, by template and field."""

TemplateResponse = Annotated[dict[str, MetadataValueResponse], _ANY_TEMPLATE]
"""The values of one template in a response, by field."""

TemplatesResponse = Annotated[dict[str, dict[str, MetadataValueResponse]], _ALL_TEMPLATES]
"""Metadata in a response, by template and field."""


class Quota(RequestBody):
    """A number of calls per unit of time."""

    unit: Annotated[str, choice("second", "minute", "hour", "day", "month")]
    limit: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class DatasetSecurity(RequestBody):
    """The visible part of a dataset: `visible_fields` null is all, [] is none; `filter_query` "" is every record."""

    is_data_visible: bool = True
    visible_fields: Annotated[list[Text], EACH_ONCE] | None = None
    filter_query: str = ""
    api_calls_quota: Quota | None = None


class _DatasetBody(RequestBody):
    dataset_id: DatasetId | None = None
    is_restricted: bool | None = None
    default_security: DatasetSecurity | None = None


class DatasetChange(_DatasetBody):
    """The body of a PUT. In practice every property is optional."""

    metadata: Templates | None = None


class NewDataset(_DatasetBody):
    """The body of a POST. The description requires a title and more; the service takes any metadata, even none."""

    metadata: Templates


class Dataset(ResponseBody):
    """A dataset. The description omits asset_type, created_by and updated_by; responses of the service have them."""

    uid: str
    dataset_id: str
    is_published: bool
    is_restricted: bool
    created_at: str
    updated_at: str
    created_by: RelatedUser | None
    updated_by: RelatedUser | None
    asset_type: str
    default_security: DatasetSecurity
    metadata: TemplatesResponse
