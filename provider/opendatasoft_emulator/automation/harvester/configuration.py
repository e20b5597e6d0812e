"""The configuration of a harvester: its defaults, its validation, its secrets."""

from ...errors import ApiError, invalid
from ...metadata.templates import Metadata, read_value
from ...portal import Portal
from ...state.masking import masked, with_kept_secrets
from ...state.store import Document
from ..metadata_template import templates_of
from .schemas import BODIES, SECRETS, required_secrets


def checked(portal: Portal, given: Document, saved: Document | None = None) -> Document:
    """A whole configuration from the properties that a request names.

    Args:
        portal: The portal.
        given: The properties.
        saved: The configuration that they change; None for a new harvester.

    Raises:
        ApiError: A 400 for an unknown type, a missing secret, or metadata that the portal does not take.
    """
    kind = given["type"]
    if kind not in BODIES and kind not in portal.settings.further_harvester_types:
        raise invalid(type=f'"{kind}" is not a valid choice.')
    if saved is None:
        for secret in required_secrets(kind):
            if given.get(secret) is None:
                raise invalid(**{secret: "This field is required"})
    whole = {**_defaults(portal, kind), **given}
    if whole.get("restrict_datasets_visibility") is None:
        whole["restrict_datasets_visibility"] = portal.settings.restrict_new_datasets
    whole["forced_metas"] = _forced(portal, whole["forced_metas"])
    return {name: value for name, value in whole.items() if value is not None or name in _nullable(kind)}


def _defaults(portal: Portal, kind: str) -> Document:
    """The values of the properties that a new harvester leaves out."""
    common = {"version": 1, "delete_missing_datasets": False, "forced_metas": {}}
    if kind not in BODIES:
        return common
    fields = BODIES[kind].model_fields
    return common | {
        name: field.get_default(call_default_factory=True) for name, field in fields.items() if not field.is_required()
    }


def _nullable(kind: str) -> tuple[str, ...]:
    return ("number_of_datasets", "infoitems_limit") if kind in BODIES else ()


def _forced(portal: Portal, metas: Metadata) -> Metadata:
    """Forced metadata in the form in which they are stored. Raises a 400 that names the field."""
    stored: Metadata = {}
    for template, fields in metas.items():
        for field, value in fields.items():
            try:
                stored.setdefault(template, {})[field] = read_value(template, field, value, templates_of(portal))
            except ApiError as error:
                problem = (error.detail or {}).get("value") or "Unknown metadata field."
                raise invalid(forced_metas={template: {field: problem}}) from error
    return stored


def _with_secrets(portal: Portal, given: Document, saved: Document) -> Document:
    """The properties of a change, with the saved secrets that it leaves out or sets to null, unless these are lost."""
    if given["type"] not in BODIES:
        keep = portal.settings.harvester_secret_left_out == "kept"
        return with_kept_secrets(given, saved) if keep else given
    own = [name for name in SECRETS if name in BODIES[given["type"]].model_fields and given.get(name) is None]
    kept = portal.settings.harvester_secret_left_out == "kept"
    return given | {name: saved.get(name) if kept else "" for name in own}


def changed(portal: Portal, saved: Document, given: Document) -> Document:
    """A saved configuration with the properties that a request names. Raises a 400 as `checked` does."""
    if given["type"] != saved["type"]:
        raise invalid(type="The type of a harvester cannot be changed.")
    given = _with_secrets(portal, given, saved)
    base = {} if portal.settings.omitted_in_put == "clear" else saved
    return checked(portal, {**base, **given}, saved)


def hidden(configuration: Document) -> Document:
    """A configuration in which a secret that is not blank is null."""
    if configuration["type"] not in BODIES:
        return masked(configuration)
    return {name: None if name in SECRETS and value else value for name, value in configuration.items()}
