"""Pulumi's own options on resources of a portal: they work at any depth of a property."""

from __future__ import annotations

from ..conftest import Portal
from .stacks import Stack

CITY = """
    def retitle(args):
        if args.type_.endswith(":Dataset"):
            args.props["metadata"]["default"]["title"] = "Air, by the transform"
        return pulumi.ResourceTransformResult(args.props, args.opts)

    {transforms}
    editors = ods.Group("editors", title="Editors", permissions=["edit_dataset"]{editors})
    air = ods.Dataset(
        "air",
        metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air", keyword=["air"], publisher={publisher!r})),
        fields=[ods.TypeField(field="day", type_param={day!r}), ods.TypeField(field="value", type_param="double")]{air}
    )
"""


def _city(stack: Stack, *, publisher: str = "City", day: str = "date", **more: str) -> None:
    stack.program(CITY.format(publisher=publisher, day=day, **{"transforms": "", "editors": "", "air": ""} | more))


def test_ignored_changes_at_any_depth_stay(stack: Stack, portal: Portal) -> None:
    ignoring = ", opts=pulumi.ResourceOptions(ignore_changes=['metadata.default.publisher', 'fields[0].type_param'])"
    _city(stack, air=ignoring)
    stack.up()
    uid = stack.ids()["air"]

    _city(stack, publisher="Somebody", day="text", air=ignoring)
    assert stack.steps() == {}

    portal.put(f"/datasets/{uid}/metadata/default/publisher/", {"value": "Behind its back"})
    stack.refresh()
    assert stack.steps() == {}

    _city(stack, publisher="Somebody", day="text")
    stack.up()
    assert portal.dataset("air")["metadata"]["default"]["publisher"] == {"value": "Somebody"}
    assert [rule["type_param"] for rule in portal.all(f"/datasets/{uid}/fields/")] == ["text", "double"]
    stack.is_settled()


def test_transforms_edit_nested_values(stack: Stack, portal: Portal) -> None:
    _city(stack, transforms="pulumi.runtime.register_resource_transform(retitle)")
    stack.up()

    assert portal.dataset("air")["metadata"]["default"]["title"] == {"value": "Air, by the transform"}
    assert portal.dataset("air")["metadata"]["default"]["keyword"] == {"value": ["air"]}
    stack.is_settled()


def test_protected_or_retained_objects_are_not_deleted(stack: Stack, portal: Portal) -> None:
    _city(
        stack,
        air=", opts=pulumi.ResourceOptions(protect=True)",
        editors=", opts=pulumi.ResourceOptions(retain_on_delete=True)",
    )
    stack.up()
    portal.forget()

    refused = stack.destroy(ok=False)
    assert "cannot be deleted" in refused.text
    assert portal.writes() == []

    stack.program("")
    assert stack.up(ok=False).code
    stack.run("state", "unprotect", "--all", "--yes")
    stack.up()
    assert [g["title"] for g in portal.all("/groups/")] == ["Editors"]
    assert portal.all("/datasets/") == []
