"""The group and the datasets with pulumi-opendatasoft."""

import os

import pulumi_opendatasoft as ods

editors = ods.Group("editors", title="Editors")
for number in range(int(os.environ["BENCH_DATASETS"])):
    ods.Dataset(
        f"air-{number}",
        metadata=ods.Metadata(
            default=ods.DefaultMetadata(
                title=f"{os.environ['BENCH_TITLE']} {number}", language="en", keyword=["air", "climate"]
            ),
            internal=ods.InternalMetadata(license_id="cc_by"),
        ),
        sources={
            "day": ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv"))),
        },
        fields=[
            ods.RenameField(from_name="value", to_name="pm10", field_label="PM10"),
            ods.TypeField(field="day", type_param="date"),
        ],
        group_access=[ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset"])],
        published=True,
    )
