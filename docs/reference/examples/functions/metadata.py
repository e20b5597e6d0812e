import pulumi
import pulumi_opendatasoft as ods

heritage = ods.MetadataTemplate(
    "heritage", title="Heritage", schema=[ods.MetadataField(name="century", type="int", label="Century")]
)
churches = ods.Dataset(
    "churches",
    metadata=ods.Metadata(
        default=ods.DefaultMetadata(title="Churches"),
        templates={"heritage": ods.TemplateMetadata(template=heritage.name, fields={"century": 12})},
    ),
)

# One value, the values of one template, and all values of a dataset.
title = ods.get_dataset_metadata_output(churches.uid, template="default", name="title")
pulumi.export("title", title.value)
pulumi.export("templates", ods.get_dataset_metadata_output(churches.uid).apply(sorted))

# The templates themselves, and their fields.
pulumi.export("active", [template.name for template in ods.list_metadata_templates(is_active=True)])


def labels(dataset: str) -> list[str | None]:
    """The labels of the fields of the template, which exists now."""
    fields = [field.name for field in ods.list_metadata_fields("heritage")]
    assert fields == [field.name for field in ods.get_metadata_template("heritage").schema]
    return [ods.get_metadata_field("heritage", name).label for name in fields]


def suggestions(dataset: str) -> list[str]:
    """The centuries that the portal suggests."""
    return list(ods.suggest_metadata_values("heritage", "century", query="1", count=5).hits)


pulumi.export("labels", churches.uid.apply(labels))
pulumi.export("suggestions", churches.uid.apply(suggestions))
