"""Metadata templates and their fields: /metadata/templates/.

Public material leaves open what becomes of the values of a field that is removed: here the datasets lose them.
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from ..errors import bad_request, invalid, not_found
from ..metadata.portal_templates import KIND, PortalTemplates
from ..metadata.template_fields import DEFAULTS, choice_problem
from ..metadata.templates import TEMPLATES
from ..portal import Portal
from ..state.identifiers import now
from ..state.store import Document
from .auth import Administrator, ThePortal
from .metadata_template_schemas import (
    MetadataTemplate,
    NewTemplate,
    Suggestions,
    TemplateChange,
    TemplateField,
    TemplateFieldResponse,
)
from .paging import Paginated, ThePage
from .routes import Route

router = APIRouter(prefix="/metadata/templates", tags=["Metadata templates"], route_class=Route)

_SUGGESTIONS = 20
"""The number of suggestions where a request gives no `count`."""


def templates_of(portal: Portal, **settings: Any) -> PortalTemplates:
    """The metadata templates of a portal, with other values of some settings."""
    return PortalTemplates(TEMPLATES, portal.store, portal.settings.model_copy(update=settings))


def _template(portal: Portal, name: str) -> Document:
    template = templates_of(portal).get(name)
    if template is None:
        raise not_found()
    return template


def _show(template: Document) -> Document:
    shown = {**template, "schema": [_show_field(template["name"], field) for field in template["schema"]]}
    for member in {"created_by", "updated_by"} & shown.keys():
        shown[member] = {"username": shown[member]}
    return shown


def _show_field(template: str, field: Document) -> Document:
    url = f"/api/automation/v1.0/metadata/templates/{template}/fields/{field['name']}/suggest/"
    return {**field, "suggest_url": url if field["self_suggest"] else None}


def _stored(fields: list[TemplateField]) -> list[Document]:
    """The stored form of a schema. Raises a 400 for a choice that does not fit the type of its field."""
    problems: dict[str, Any] = {}
    for number, field in enumerate(fields):
        found = {str(n): choice_problem(field.type, one) for n, one in enumerate(field.choices or ())}
        if any(found.values()):
            problems[str(number)] = {"choices": {n: problem for n, problem in found.items() if problem}}
    if problems:
        raise invalid(schema=problems)
    return [{**DEFAULTS, **field.model_dump()} for field in fields]


@router.get("/", response_model=Paginated[MetadataTemplate])
def list_templates(
    page: ThePage,
    caller: Administrator,
    portal: ThePortal,
    *,
    is_active: bool | None = None,
    type: Literal["interop", "admin", "basic", "extra"] | None = None,
) -> Document:
    """The templates, active or not: those of the system first, then the others by their age."""
    found = [
        template
        for template in templates_of(portal)
        if is_active in (None, template["is_active"]) and type in (None, template["type"])
    ]
    return page.render(found, _show)


@router.post("/", response_model=MetadataTemplate, status_code=201)
def create_template(body: NewTemplate, caller: Administrator, portal: ThePortal) -> Document:
    """Create a template of the type `basic` or `admin`. Datasets can use its fields at once."""
    fields = _stored(body.fields_)
    with portal.store.transaction():
        if templates_of(portal).get(body.name):
            raise invalid(name="A metadata template with this name already exists.")
        timestamp = now()
        template: Document = {
            "name": body.name,
            "title": body.title,
            "type": body.type,
            "is_active": body.is_active,
            "is_always_active": False,
            "is_system": False,
            "schema": fields,
            "created_at": timestamp,
            "created_by": caller.username,
            "updated_at": timestamp,
            "updated_by": caller.username,
        }
        portal.store.put(KIND, body.name, template)
        return _show(template)


@router.get("/{template_name}/", response_model=MetadataTemplate)
def get_template(template_name: str, caller: Administrator, portal: ThePortal) -> Document:
    """One template."""
    return _show(_template(portal, template_name))


@router.put("/{template_name}/", response_model=MetadataTemplate)
def update_template(template_name: str, body: TemplateChange, caller: Administrator, portal: ThePortal) -> Document:
    """Change a template: all but its name, its type, and the types of its fields; one of the system only `is_active`.

    A schema replaces the one before. Datasets lose the values of the fields that it omits.
    """
    given = {name: value for name, value in body.given().items() if value is not None}
    if "fields_" in given:
        given["schema"] = _stored(body.fields_ or [])
        del given["fields_"]
    with portal.store.transaction():
        template = _template(portal, template_name)
        _refuse_change(template, given)
        changed = {"updated_at": now(), "updated_by": caller.username}
        if template["is_system"]:
            document = {"name": template_name, "is_active": template["is_active"]}
            portal.store.put(KIND, template_name, document | _activation(given) | changed)
        else:
            portal.store.put(KIND, template_name, {**template, **given, **changed})
            if "schema" in given:
                remaining = {field["name"] for field in given["schema"]}
                _remove_values(portal, template_name, {f["name"] for f in template["schema"]} - remaining)
        return _show(_template(portal, template_name))


def _activation(given: Document) -> Document:
    """The members of a template of the system that a PUT changes."""
    return {"is_active": given["is_active"]} if "is_active" in given else {}


def _refuse_change(template: Document, given: Document) -> None:
    """Raise a 400 for a change of something that cannot be changed. It may be sent as it is."""
    system = ("title", "schema") if template["is_system"] else ()
    for name in ("name", "type", *system):
        if name in given and given[name] != template[name]:
            raise invalid(**{name: "This field cannot be changed."})
    if template["is_always_active"] and given.get("is_active") is False:
        raise invalid(is_active="This template cannot be deactivated.")
    types = {field["name"]: field["type"] for field in template["schema"]}
    retyped = {
        str(number): {"type": "The type of a field cannot be changed."}
        for number, field in enumerate(given.get("schema", ()))
        if types.get(field["name"], field["type"]) != field["type"]
    }
    if retyped:
        raise invalid(schema=retyped)


@router.delete("/{template_name}/", status_code=204)
def delete_template(template_name: str, caller: Administrator, portal: ThePortal) -> None:
    """Delete a template that is not of the system. Datasets lose the values of its fields."""
    with portal.store.transaction():
        template = _template(portal, template_name)
        if template["is_system"]:
            raise bad_request("A template of the system cannot be removed.")
        portal.store.delete(KIND, template_name)
        _remove_values(portal, template_name, {field["name"] for field in template["schema"]})


def _remove_values(portal: Portal, template: str, fields: set[str]) -> None:
    """Remove the values of fields from every dataset; what is public stays until the next publication."""
    for dataset in portal.store.all("dataset"):
        values = dataset["metadata"].get(template, {})
        if fields & values.keys():
            remaining = {name: value for name, value in values.items() if name not in fields}
            metadata = {**dataset["metadata"], template: remaining}
            dataset["metadata"] = {name: part for name, part in metadata.items() if part}
            portal.store.put("dataset", dataset["uid"], dataset)


def _field(template: Document, name: str) -> Document:
    for field in template["schema"]:
        if field["name"] == name:
            return dict(field)
    raise not_found()


@router.get("/{template_name}/fields/", response_model=Paginated[TemplateFieldResponse])
def list_fields(template_name: str, page: ThePage, caller: Administrator, portal: ThePortal) -> Document:
    """The fields of a template, in the order of its schema."""
    return page.render(_template(portal, template_name)["schema"], lambda field: _show_field(template_name, field))


@router.get("/{template_name}/fields/{template_field_name}/", response_model=TemplateFieldResponse)
def get_field(template_name: str, template_field_name: str, caller: Administrator, portal: ThePortal) -> Document:
    """One field."""
    return _show_field(template_name, _field(_template(portal, template_name), template_field_name))


@router.get("/{template_name}/fields/{template_field_name}/suggest/", response_model=Suggestions)
def suggest(
    template_name: str,
    template_field_name: str,
    caller: Administrator,
    portal: ThePortal,
    *,
    query: str,
    count: Annotated[float, Query(ge=1, allow_inf_nan=False)] = _SUGGESTIONS,
) -> Document:
    """The values of datasets for a field that suggests them, those that begin with the query, in any case."""
    if not _field(_template(portal, template_name), template_field_name)["self_suggest"]:
        return {"hits": []}
    values = [
        dataset["metadata"].get(template_name, {}).get(template_field_name) for dataset in portal.store.all("dataset")
    ]
    texts = {str(text) for value in values for text in (value if isinstance(value, list) else [value]) if text}
    found = sorted(text for text in texts if text.lower().startswith(query.lower()))
    return {
        "hits": found[: int(count)],
        "nb_hits": len(found),
        "page": 0,
        "hits_per_page": int(count),
        "exhaustive_nb_hits": True,
        "exhaustive_typo": True,
        "exhaustive": {"nb_hits": True, "typo": True},
        "query": query,
        "params": f"query={query}&hitsPerPage={int(count)}",
        "processing_time_ms": 1,
    }
