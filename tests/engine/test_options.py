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
        metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air", keyword=["air"])),
        fields=[ods.TypeField(field="value", type_param="double")]{air}
    )
"""


def _city(stack: Stack, **more: str) -> None:
    stack.program(CITY.format(**{"transforms": "", "editors": "", "air": ""} | more))


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
