"""What is done to a dataset's data: the field configurations and the processors, as a program declares them."""

from __future__ import annotations

from typing import Any, Literal

from ...program.descriptors import ListMember, Member, member
from ...program.value import Value

FieldType = Literal["text", "int", "double", "boolean", "geo_point_2d", "geo_shape", "date", "datetime", "file"] | str
"""The type of a field; the portal may know more."""

Annotation = Literal["id", "timeserie_precision", "unit", "decimals", "sortable", "multivalued", "hierarchical"] | str
"""What can be said of a field; the portal may know more."""


class RenameField(Value):
    """Give a field another name, and the label that people read."""

    type: Member[Literal["rename"]] = member(default="rename")
    """Which rule it is."""

    from_name: Member[str] = member()
    """The field's name in the data, or after the rules before this one."""

    to_name: Member[str] = member()
    """Its new name; the same as `from_name` sets only the label."""

    field_label: Member[str] = member()
    """What people read above the column."""

    label: Member[str | None] = member(default=None, loose=True)
    """What the back office calls the rule; left out, it gets a name that is not managed."""


class TypeField(Value):
    """Say what the values of a field are."""

    type: Member[Literal["type"]] = member(default="type")
    """Which rule it is."""

    field: Member[str] = member()
    """The field's name."""

    type_param: Member[FieldType] = member()
    """What its values are, for example `"date"`."""

    label: Member[str | None] = member(default=None, loose=True)
    """What the back office calls the rule; left out, it gets a name that is not managed."""


class AnnotateField(Value):
    """Say something about a field: its unit, its precision, that it can be sorted by."""

    type: Member[Literal["annotate"]] = member(default="annotate")
    """Which rule it is."""

    field: Member[str] = member()
    """The field's name."""

    annotation: Member[Annotation] = member()
    """What is said, for example `"unit"`."""

    args: ListMember[str | int] = member(default=None)
    """What the annotation needs: `["km"]` for a unit, `[2]` for decimals."""

    label: Member[str | None] = member(default=None, loose=True)
    """What the back office calls the rule; left out, it gets a name that is not managed."""


class DescribeField(Value):
    """Explain a field to the readers of the dataset."""

    type: Member[Literal["description"]] = member(default="description")
    """Which rule it is."""

    field: Member[str] = member()
    """The field's name."""

    description: Member[str] = member()
    """The explanation."""

    label: Member[str | None] = member(default=None, loose=True)
    """What the back office calls the rule; left out, it gets a name that is not managed."""


class OrderFields(Value):
    """Put the fields in an order."""

    type: Member[Literal["order"]] = member(default="order")
    """Which rule it is."""

    order: ListMember[str] = member()
    """The names of the fields, first to last."""

    label: Member[str | None] = member(default=None, loose=True)
    """What the back office calls the rule; left out, it gets a name that is not managed."""


class DeleteField(Value):
    """Leave a field out of the dataset."""

    type: Member[Literal["delete"]] = member(default="delete")
    """Which rule it is."""

    field: Member[str] = member()
    """The field's name."""

    label: Member[str | None] = member(default=None, loose=True)
    """What the back office calls the rule; left out, it gets a name that is not managed."""


class Processor(Value):
    """One step that changes the records, for example `Processor(type="skip", params={...})`.

    Processors run in the order in which they stand.
    """

    type: Member[str] = member()
    """Which processor; the portal's back office lists those that it has."""

    params: Member[dict[str, Any] | None] = member(default=None, open=True)
    """What the processor needs, in the API's own words. Only the parameters that are named are compared."""

    label: Member[str | None] = member(default=None, loose=True)
    """What the back office calls it; left out, it gets a name that is not managed."""
