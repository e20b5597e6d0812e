"""The sample of a dataset, with every section that a state can hold."""

from __future__ import annotations

import pulumi_opendatasoft as ods

from ..resources.datasets import DATASET
from . import Sample, Site


def declare(site: Site) -> ods.Dataset:
    """Every section."""
    server, group = site.get(ods.HTTPConnection), site.get(ods.Group)
    return ods.Dataset(
        "Dataset",
        dataset_id="air-quality",
        is_restricted=False,
        default_security=ods.DatasetSecurity(visible_fields=["day", "no2"]),
        metadata=ods.Metadata(
            default=ods.DefaultMetadata(title="Air quality", description="Of the city", keyword=["no2", "air"]),
            visualization=ods.VisualizationMetadata(map_disabled=True),
            internal=ods.InternalMetadata(theme_id=["environment"]),
            asset_content_configuration=ods.AssetContentConfiguration(facets=[ods.Facet(field_name="day")]),
            templates={"dcat": ods.TemplateMetadata(fields={"creator": "The city", "spatial": ods.UNMANAGED})},
        ),
        sources={
            "file": ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv"))),
            "web": ods.Source(
                type="csvfile",
                datasource=ods.HTTPDatasource(
                    connection=server.uid, relative_url="/air.csv", headers={"x": "canary-header"}
                ),
                params={"separator": ","},
            ),
            "pushed": ods.Source(type="realtime", enabled=True),
        },
        fields=[
            ods.RenameField(from_name="d", to_name="day", field_label="Day"),
            ods.TypeField(field="no2", type_param="double"),
            ods.AnnotateField(field="no2", annotation="decimals", args=[1]),
            ods.DescribeField(field="no2", description="Nitrogen dioxide"),
        ],
        processors=[ods.Processor(type="string_replace", params={"field": "no2", "old": "-", "new": ""})],
        group_access=[ods.DatasetGroupAccess(group=group.uid, permissions=["edit_dataset"])],
        user_access=[ods.DatasetUserAccess(user="admin", security=ods.DatasetSecurity(filter_query="no2 > 1"))],
        attachments={"readme": ods.File("air.csv", filename="readme.csv")},
        alternative_exports={"as it was": ods.AlternativeExport(file=ods.File("air.csv"), description="Not changed")},
        schedules=["0 6 * * *"],
        published=True,
        allow_data_loss=True,
    )


def unpublished(site: Site) -> ods.Dataset:
    """Limits, an order of the fields, and a rule that shows some of them; with no publication."""
    group = site.get(ods.Group)
    return ods.Dataset(
        "Dataset 2",
        dataset_id="air",
        default_security=ods.DatasetSecurity(visible_fields=["d"], api_calls_quota=ods.Quota(limit=3, unit="day")),
        metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air")),
        sources={"file": ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))},
        fields=[
            ods.RenameField(from_name="d", to_name="day", field_label="Day"),
            ods.OrderFields(order=["no2", "day"]),
        ],
        processors=[ods.Processor(type="skip", params={"records": 3})],
        group_access=[
            ods.DatasetGroupAccess(
                group=group.uid, permissions=["edit_dataset"], security=ods.DatasetSecurity(visible_fields=["d"])
            )
        ],
        user_access=[ods.DatasetUserAccess(user="admin", permissions=[])],
    )


SAMPLE = Sample(declare, DATASET, (unpublished,))
