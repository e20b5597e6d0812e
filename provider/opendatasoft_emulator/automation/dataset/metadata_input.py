"""The metadata of a request: validated against the portal's templates, and converted to bare values."""

from collections.abc import Mapping
from typing import Any

from ...errors import ApiError, invalid
from ...metadata.portal_templates import PortalTemplates
from ...metadata.templates import Metadata, known_fields, read_value
from .schemas import MetadataValue


def read_templates(
    body: Mapping[str, Mapping[str, MetadataValue]], templates: PortalTemplates, *, path: str = ""
) -> Metadata:
    """The bare values of all templates.

    Args:
        body: The values of the request, by template and field.
        templates: The templates of the portal.
        path: The prefix of the property path in an error.

    Raises:
        ApiError: A 400 or a 404 for unknown templates and fields, and for invalid values.
    """
    try:
        return {name: read_template(name, fields, templates, path=name) for name, fields in body.items()}
    except ApiError as error:
        raise _nested_in(path, error) from error


def read_template(
    template: str, body: Mapping[str, MetadataValue], templates: PortalTemplates, *, path: str = ""
) -> dict[str, Any]:
    """The bare values of one template.

    Args:
        template: The name of the template.
        body: The values of the request, by field.
        templates: The templates of the portal.
        path: The prefix of the property path in an error.

    Raises:
        ApiError: A 400 or a 404 for unknown templates and fields, and for invalid values.
    """
    values: dict[str, Any] = {}
    known_fields(template, templates)
    try:
        for field, one in body.items():
            try:
                values[field] = read_value(template, field, one.value, templates)
            except ApiError as error:
                is_unknown = error.detail is not None and field in error.detail
                raise error if is_unknown else _nested_in(field, error) from error
    except ApiError as error:
        raise _nested_in(path, error) from error
    return values


def _nested_in(name: str, error: ApiError) -> ApiError:
    """The same error with a property path that is one step longer."""
    if not name or error.detail is None:
        return error
    return invalid(**{name: error.detail})


def merged(old: Metadata, new: Metadata) -> Metadata:
    """The old metadata, updated with the new values."""
    templates = {template: dict(fields) for template, fields in old.items()}
    for template, fields in new.items():
        templates.setdefault(template, {}).update(fields)
    return templates
