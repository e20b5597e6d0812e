import pulumi_opendatasoft as ods

heritage = ods.MetadataTemplate(
    "heritage",
    title="Heritage",
    schema=[
        ods.MetadataField(name="century", type="int", label="Century"),
        ods.MetadataField(name="style", type="enum", label="Style", choices=["gothic", "baroque"]),
    ],
)
ods.Dataset(
    "churches",
    metadata=ods.Metadata(
        default=ods.DefaultMetadata(title="Churches"),
        templates={"heritage": ods.TemplateMetadata(template=heritage.name, fields={"century": 12})},
    ),
)
