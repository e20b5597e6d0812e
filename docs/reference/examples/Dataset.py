import pulumi
import pulumi_opendatasoft as ods

editors = ods.Group("editors", title="Editors", permissions=["edit_dataset", "publish_dataset"])

air = ods.Dataset(
    "air-quality",
    metadata=ods.Metadata(
        default=ods.DefaultMetadata(
            title="Air quality",
            description="<p>Fine dust, every day.</p>",
            keyword=["air", "health"],
            language="en",
            publisher="City of Example",
        ),
        internal=ods.InternalMetadata(license_id="cc_by"),
        asset_content_configuration=ods.AssetContentConfiguration(facets=[ods.Facet(field_name="day")]),
    ),
    sources={
        "measures": ods.Source(
            type="csvfile",
            datasource=ods.UploadedFileDatasource(file=ods.File("data/measures.csv")),
        ),
    },
    fields=[
        ods.TypeField(field="day", type_param="date"),
        ods.RenameField(from_name="pm10", to_name="fine_dust", field_label="Fine dust"),
        ods.AnnotateField(field="fine_dust", annotation="unit", args=["µg/m³"]),
    ],
    processors=[],
    group_access=[ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset", "publish_dataset"])],
    attachments={"guide.pdf": ods.File("docs/guide.pdf")},
    alternative_exports={"GeoPackage": ods.AlternativeExport(file=ods.File("data/air.gpkg"))},
    schedules=["0 6 * * *"],
    is_restricted=False,
    published=True,
)
pulumi.export("address", air.url)
