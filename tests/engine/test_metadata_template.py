"""A metadata template and a dataset that uses it, on the real engine."""

from __future__ import annotations

from ..conftest import Portal
from .stacks import Stack

PROGRAM = """
    heritage = ods.MetadataTemplate(
        "heritage",
        title="Heritage",
        schema=[ods.MetadataField(name="century", type="int"), ods.MetadataField(name="owner", label="Owner")],
    )
    ods.MetadataTemplate("dcat", adopt=True, is_active=False)
    ods.Dataset(
        "air",
        metadata=ods.Metadata(
            default=ods.DefaultMetadata(title="Air"),
            templates={"heritage": ods.TemplateMetadata(template=heritage.name, fields={"century": 12})},
        ),
    )
"""


def test_a_template_and_its_dataset_from_create_to_destroy(stack: Stack, portal: Portal) -> None:
    stack.program(PROGRAM)
    stack.up()
    assert [field["name"] for field in portal.get("/metadata/templates/heritage/")["schema"]] == ["century", "owner"]
    assert portal.dataset("air")["metadata"]["heritage"] == {"century": {"value": 12}}
    assert stack.steps() == {"dcat": "update"}, "an adoption only reads"
    stack.up()
    assert portal.get("/metadata/templates/dcat/")["is_active"] is False
    stack.is_settled()

    stack.program(PROGRAM.replace('name="century", type="int"', 'name="century", type="text"'))
    refused = stack.preview(ok=False)
    assert "schema[0].type" in refused.text
    assert "allow_data_loss" in refused.text

    stack.program(PROGRAM)
    stack.destroy()
    assert portal.get("/metadata/templates/dcat/")["is_active"] is True
    assert [t["name"] for t in portal.all("/metadata/templates/") if not t["is_system"]] == []
