"""The values of a dataset's `fields` and `processors`: the rules for its fields, and the steps that change records."""

from __future__ import annotations

from typing import Any, Literal

from ...program.descriptors import ListMember, Member, member
from ...program.value import Value

FieldType = Literal["text", "int", "double", "boolean", "geo_point_2d", "geo_shape", "date", "datetime", "file"] | str
"""The type of a field. A portal may have further ones."""

Annotation = Literal["id", "timeserie_precision", "unit", "decimals", "sortable", "multivalued", "hierarchical"] | str
"""An annotation of a field. A portal may have further ones."""


class RenameField(Value):
    """Give a field another name and a label."""

    type: Member[Literal["rename"]] = member(default="rename")
    """Which rule it is."""

    from_name: Member[str] = member()
    """The present name of the field, for example `"pool_name"`, and not the title of a column such as `"Pool Name"`:
    the portal makes names of titles by small letters and underscores. After a preceding rule, the name that it gives.
    """

    to_name: Member[str] = member()
    """The new name. If it is the same as `from_name`, only the label is set."""

    field_label: Member[str] = member()
    """The label for readers."""

    label: Member[str | None] = member(default=None, loose=True)
    """The name of the rule in the back office. Left out, the rule gets a name that is not managed."""


class TypeField(Value):
    """Set the type of a field."""

    type: Member[Literal["type"]] = member(default="type")
    """Which rule it is."""

    field: Member[str] = member()
    """The name of the field, not its label: `"pool_name"`."""

    type_param: Member[FieldType] = member()
    """The type, for example `"date"`."""

    label: Member[str | None] = member(default=None, loose=True)
    """The name of the rule in the back office. Left out, the rule gets a name that is not managed."""


class AnnotateField(Value):
    """Add an annotation to a field: its unit, its precision, whether it can be sorted."""

    type: Member[Literal["annotate"]] = member(default="annotate")
    """Which rule it is."""

    field: Member[str] = member()
    """The name of the field, not its label: `"pool_name"`."""

    annotation: Member[Annotation] = member()
    """The annotation, for example `"unit"`."""

    args: ListMember[str | int] = member(default=None)
    """The arguments of the annotation: `["km"]` for a unit, `[2]` for decimals."""

    label: Member[str | None] = member(default=None, loose=True)
    """The name of the rule in the back office. Left out, the rule gets a name that is not managed."""


class DescribeField(Value):
    """Add a description to a field."""

    type: Member[Literal["description"]] = member(default="description")
    """Which rule it is."""

    field: Member[str] = member()
    """The name of the field, not its label: `"pool_name"`."""

    description: Member[str] = member()
    """The description for readers."""

    label: Member[str | None] = member(default=None, loose=True)
    """The name of the rule in the back office. Left out, the rule gets a name that is not managed."""


class OrderFields(Value):
    """Set the order of the fields."""

    type: Member[Literal["order"]] = member(default="order")
    """Which rule it is."""

    order: ListMember[str] = member()
    """The names of the fields, from first to last."""

    label: Member[str | None] = member(default=None, loose=True)
    """The name of the rule in the back office. Left out, the rule gets a name that is not managed."""


class DeleteField(Value):
    """Remove a field from the dataset."""

    type: Member[Literal["delete"]] = member(default="delete")
    """Which rule it is."""

    field: Member[str] = member()
    """The name of the field, not its label: `"pool_name"`."""

    label: Member[str | None] = member(default=None, loose=True)
    """The name of the rule in the back office. Left out, the rule gets a name that is not managed."""


class Processor(Value):
    """A step that changes the records, for example `Processor(type="skip", params={...})`.

    Processors are applied in the order of the list.
    """

    type: Member[str] = member()
    """The type of the processor. The back office lists those of your portal."""

    params: Member[dict[str, Any] | None] = member(default=None, open=True)
    """The parameters, in the API's spelling. Only those that the program names are compared."""

    label: Member[str | None] = member(default=None, loose=True)
    """The name of the processor in the back office. Left out, it gets a name that is not managed."""
