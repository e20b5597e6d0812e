"""One resource of every type, with every section that a state can hold; `FILES` stands for a web server's address."""

from __future__ import annotations

PROGRAM = """
secret = pulumi.Output.secret

group = ods.Group(
    "Group",
    title="Editors",
    description="Those who edit",
    permissions=["edit_dataset", "create_dataset"],
    explore_limits=ods.ExploreLimits(api_calls=ods.Quota(limit=1000, unit="day")),
)
user = ods.User("User", email="ana@example.org", groups=[group.uid], permissions=["edit_theme"], first_name="Ana")
server = ods.HTTPConnection(
    "HTTPConnection",
    url="FILES",
    auth=ods.BasicAuth(username="portal", password=secret("p4ss")),
    headers={"x-token": "t0ken"},
    group_access=[ods.GroupAccess(group=group.uid, permissions=["manage_connection"])],
)
ods.FTPConnection("FTPConnection", url="ftp://files.example", auth=None)
ods.SharepointConnection("SharepointConnection", auth=ods.SharepointOIDCAuth(nonce="n0nce", code="c0de"))
ods.GoogleDriveConnection("GoogleDriveConnection", auth=ods.GoogleDriveOIDCAuth(nonce="n0nce", code="c0de"))
lake = ods.AmazonS3Connection("AmazonS3Connection", auth=ods.AWSIAMRoleAuth(region="eu-west-1"))
ods.AmazonS3ConnectionRole(
    "AmazonS3ConnectionRole", connection=lake.uid, role_arn="arn:aws:iam::123456789012:role/portal"
)
ods.AzureBlobStorageConnection(
    "AzureBlobStorageConnection",
    url="https://lake.example/container",
    auth=ods.AzureSharedKeyAuth(account_name="lake", shared_key="k3y"),
)
ods.OtherConnection(
    "OtherConnection", type="snowflake_odbc", params={"warehouse": "w"}, secret_params={"connection_string": "s3cret"}
)
ods.Dataset(
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
            datasource=ods.HTTPDatasource(connection=server.uid, relative_url="/air.csv", headers={"x": "h3ader"}),
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
"""

RECORDS = "d,no2\n2026-01-01,12.5\n2026-01-02,-\n"
