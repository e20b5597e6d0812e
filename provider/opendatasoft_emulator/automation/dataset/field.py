"""The field configurations of a dataset, in the order of their application: /datasets/{dataset_uid}/fields/.

They are not validated against the fields of the data: errors show at processing.
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field as Member

from ...errors import invalid
from ...state.store import Document
from ..auth import TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..routes import Route
from ..schemas import RequestBody, ResponseBody, Text, choice
from . import ordered_entries
from .dependencies import Editable, changing

router = APIRouter(prefix="/datasets/{dataset_uid}/fields", tags=["Dataset fields"], route_class=Route)

_KIND = "field"


class _Configuration(RequestBody):
    label: str = ""


class Rename(_Configuration):
    """Another name, another label, or both. A field whose label alone changes keeps its name."""

    type: Literal["rename"]
    from_name: Text
    to_name: Text
    field_label: Text


class Type(_Configuration):
    """The type of a field's values. The description omits boolean; the service takes it."""

    type: Literal["type"]
    field: Text
    type_param: Annotated[
        str,
        choice("text", "int", "double", "geo_point_2d", "geo_shape", "date", "datetime", "file", "boolean"),
    ]


class Annotate(_Configuration):
    """An annotation of a field: id, unit, decimals, sortable, …; portals know more than the description lists."""

    type: Literal["annotate"]
    field: Text
    annotation: Text
    args: list[str | int] | None = None


class Description(_Configuration):
    """The description of a field."""

    type: Literal["description"]
    field: Text
    description: Text


class Order(_Configuration):
    """The order of the fields. The description names the list `args`; the service names it `order`."""

    type: Literal["order"]
    order: list[str] | None = None
    args: list[str] | None = None


class Delete(_Configuration):
    """The deletion of a field from the published data."""

    type: Literal["delete"]
    field: Text


AnyConfiguration = Annotated[Rename | Type | Annotate | Description | Order | Delete, Member(discriminator="type")]
"""A field configuration in a request."""


class FieldConfiguration(ResponseBody):
    """A field configuration in a response: that of the request, with a uid."""

    uid: str
    type: str
    label: str
    from_name: str | None = None
    to_name: str | None = None
    field_label: str | None = None
    field: str | None = None
    type_param: str | None = None
    annotation: str | None = None
    args: list[str | int] | None = None
    description: str | None = None
    order: list[str] | None = None


def _stored(body: AnyConfiguration, args_accepted: bool) -> dict[str, Any]:
    stored = body.model_dump(exclude_none=True)
    if isinstance(body, Order):
        args = stored.pop("args", None)
        if "order" not in stored and args is not None and args_accepted:
            stored["order"] = args
        if "order" not in stored:
            raise invalid(order="This field is required")
    return stored


@router.get("/", response_model=Paginated[FieldConfiguration])
def list_fields(dataset: Editable, page: ThePage, portal: ThePortal) -> Document:
    """The field configurations, in the order of their application."""
    return page.render(portal.store.all(_KIND, dataset["uid"]))


@router.post("/", response_model=FieldConfiguration, status_code=201)
def create_field(dataset: Editable, body: AnyConfiguration, caller: TheCaller, portal: ThePortal) -> Document:
    """Append a field configuration."""
    with changing(portal, dataset, caller):
        return ordered_entries.append(portal, _KIND, dataset, _stored(body, portal.settings.order_args_accepted))


@router.get("/{field_uid}/", response_model=FieldConfiguration)
def get_field(field_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """One field configuration."""
    return ordered_entries.entry_of(portal, _KIND, dataset, field_uid)


@router.put("/{field_uid}/", response_model=FieldConfiguration)
def update_field(
    field_uid: str, dataset: Editable, body: AnyConfiguration, caller: TheCaller, portal: ThePortal
) -> Document:
    """Replace a field configuration in its place."""
    with changing(portal, dataset, caller):
        stored = _stored(body, portal.settings.order_args_accepted)
        return ordered_entries.replace(portal, _KIND, dataset, field_uid, stored)


@router.delete("/{field_uid}/", status_code=204)
def delete_field(field_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> None:
    """Delete a field configuration."""
    with changing(portal, dataset, caller):
        ordered_entries.remove(portal, _KIND, dataset, field_uid)
