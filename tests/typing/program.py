"""A program that uses everything that the package offers, and reads what it declared. Nothing in it is wrong."""

from __future__ import annotations

from typing import Any, Literal, assert_type

import pulumi
import pulumi_opendatasoft as ods
from pulumi_opendatasoft.resources.permissions import Permission


def people() -> ods.Group:
    editors = ods.Group(
        "editors",
        title="Editors",
        description=None,
        permissions=["create_dataset", "a permission of the future"],
        explore_limits=ods.ExploreLimits(api_calls=ods.Quota(limit=1000, unit="day")),
        opts=pulumi.ResourceOptions(protect=True),
    )
    ana = ods.User("ana", email="ana@example.org", groups=[editors.uid], first_name="Ana", adopt=True)
    ods.User("ben", email=ana.email, permissions=editors.permissions, identity_provider="saml", portal="other")
    ods.Group("readers", title=editors.title.apply(lambda title: f"Not {title}"), adopt="readers", members=["ana"])
    found = ods.Group.get("found", "found-uid", portal="other")

    assert_type(editors.title, pulumi.Output[str])
    assert_type(editors.uid, pulumi.Output[str])
    assert_type(editors.user_count, pulumi.Output[int])
    assert_type(editors.permissions, pulumi.Output[list[Permission]])
    assert_type(editors.description, pulumi.Output[str | None])
    assert_type(editors.explore_limits, pulumi.Output[ods.ExploreLimits | None])
    assert_type(editors.adopted, pulumi.Output[bool])
    assert_type(ana.username, pulumi.Output[str])
    assert_type(found, ods.Group)
    return editors


def connections(editors: ods.Group) -> ods.HTTPConnection:
    password = pulumi.Output.secret("p4ss")
    server = ods.HTTPConnection(
        "server",
        url="https://files.example",
        auth=ods.BasicAuth(username=editors.title, password=password),
        headers={"x-token": "t0ken", "x-other": password},
        is_reusable=True,
        group_access=[ods.GroupAccess(group=editors.uid, permissions=["manage_connection"])],
        user_access=[ods.UserAccess(user="ana")],
    )
    oauth = ods.OAuth2Auth(
        client_id="c", client_secret=password, scope="s", token_endpoint="t", grant_type="client_credentials"
    )
    oidc = ods.OIDCAuth(client_id="c", client_secret=password, scope="s", token_endpoint="t", claims={"sub": {"a": 1}})
    ods.HTTPConnection("oauth", url="u", auth=oauth)
    ods.HTTPConnection("oidc", url="u", auth=oidc)
    ods.FTPConnection("ftp", url="ftp.example", auth=None)
    ods.SharepointConnection("sharepoint", auth=ods.SharepointOIDCAuth(nonce="n", code="c"))
    ods.GoogleDriveConnection("drive", auth=ods.GoogleDriveOIDCAuth(nonce="n", code=password))
    ods.AmazonS3Connection("keys", auth=ods.AWSSignatureV4Auth(access_key_id="a", secret_access_key="s", region="r"))
    lake = ods.AmazonS3Connection("lake", auth=ods.AWSIAMRoleAuth(region="eu-west-1"))
    role = ods.AmazonS3ConnectionRole("role", connection=lake.uid, role_arn=pulumi.Output.concat("arn:", lake.uid))
    ods.AzureBlobStorageConnection("azure", auth=ods.AzureSharedKeyAuth(account_name="a", shared_key=password))
    ods.OtherConnection("snow", type="snowflake_odbc", secret_params={"connection_string": password})

    assert_type(server.uid, pulumi.Output[str])
    assert_type(server.headers, pulumi.Output[dict[str, str]])
    assert_type(server.auth, pulumi.Output[ods.BasicAuth | ods.OAuth2Auth | ods.OIDCAuth | None])
    assert_type(lake.external_id, pulumi.Output[str | None])
    assert_type(role.is_valid, pulumi.Output[bool | None])
    assert_type(oauth.scope, str)
    assert_type(oidc.claims, dict[str, Any] | None)
    return server


def sources(server: ods.HTTPConnection) -> dict[str, ods.Source]:
    uid = server.uid
    return {
        "web": ods.Source(type="csvfile", datasource=ods.HTTPDatasource(connection=uid, relative_url="/m.csv")),
        "file": ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File(__file__))),
        "ftp": ods.Source(type="csvfile", datasource=ods.FTPDatasource(connection=uid, relative_url="m.csv")),
        "sharepoint": ods.Source(
            type="xlsfile", datasource=ods.SharepointDatasource(connection=uid, drive_id="d", file_id="f")
        ),
        "drive": ods.Source(type="xlsfile", datasource=ods.GoogleDriveDatasource(connection=uid, file_id="f")),
        "s3": ods.Source(type="parquet", datasource=ods.AmazonS3Datasource(connection=uid, url="s3://b/k")),
        "azure": ods.Source(type="parquet", datasource=ods.AzureBlobStorageDatasource(connection=uid)),
        "other portal": ods.Source(type="federated", datasource=ods.FederatedDatasource(domain="d", dataset="s")),
        "of the future": ods.Source(type="new", datasource=ods.OtherDatasource(type="new", params={"a": [1]})),
        "pushed": ods.Source(type="realtime", params={"separator": ";", "skip": 1}, enabled=True),
    }


def metadata() -> ods.Metadata:
    whole = ods.Metadata(
        default=ods.DefaultMetadata(title="Air", keyword=["air"], publisher=ods.UNMANAGED),
        visualization=ods.VisualizationMetadata(map_disabled=True, image_tooltip_html=["<p>", "</p>"]),
        internal=ods.InternalMetadata(license_id="cc_by", theme_id=["env"]),
        asset_content_configuration=ods.AssetContentConfiguration(
            facets=[ods.Facet(field_name="day", facetsort="count")], records_search_boosts={"station": 2}
        ),
        templates={"custom": ods.TemplateMetadata(fields={"office": ["a", "b"], "floor": 3})},
        follow_remote=["default.description"],
    )
    assert_type(whole.default, ods.DefaultMetadata | None)
    assert_type(whole.templates, dict[str, ods.TemplateMetadata])
    if whole.default:
        assert_type(whole.default.keyword, list[str])
        whole.default.title = "Air quality"
    return whole


def datasets(editors: ods.Group, server: ods.HTTPConnection) -> ods.Dataset:
    security = ods.DatasetSecurity(visible_fields=["day"], api_calls_quota=ods.Quota(limit=1, unit="second"))
    air = ods.Dataset(
        "air",
        dataset_id="air-quality",
        is_restricted=False,
        default_security=security,
        metadata=metadata(),
        sources=sources(server),
        fields=[
            ods.RenameField(from_name="d", to_name="day", field_label="Day"),
            ods.TypeField(field="day", type_param="date"),
            ods.AnnotateField(field="no2", annotation="decimals", args=[2, "two"]),
            ods.DescribeField(field="no2", description="Nitrogen dioxide"),
            ods.OrderFields(order=["day", "no2"]),
            ods.DeleteField(field="x"),
            ods.Processor(type="a rule of the future", label="l"),
        ],
        processors=[ods.Processor(type="skip", params={"records": 3, "inner": {"a": [True]}})],
        group_access=[ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset"], security=security)],
        user_access=[ods.DatasetUserAccess(user="ana")],
        attachments={"readme": ods.File(__file__, filename="readme.py")},
        alternative_exports={"shape": ods.AlternativeExport(file=ods.File(__file__), description="As it was")},
        schedules=["0 6 * * *"],
        published=True,
        allow_data_loss=False,
    )
    ods.Dataset("nothing else is needed")
    ods.Dataset("copy", fields=air.fields, sources=air.sources, metadata=air.metadata)

    assert_type(air.uid, pulumi.Output[str])
    assert_type(air.url, pulumi.Output[str])
    assert_type(air.status, pulumi.Output[str])
    assert_type(air.sources, pulumi.Output[dict[str, ods.Source]])
    assert_type(air.processors, pulumi.Output[list[ods.Processor]])
    assert_type(air.metadata, pulumi.Output[ods.Metadata | None])
    assert_type(air.schedules, pulumi.Output[list[str]])
    assert_type(air.push_urls, pulumi.Output[dict[str, str]])
    assert_type(air.processors.apply(lambda steps: steps[0].type), pulumi.Output[str])
    assert_type(air.sources.apply(lambda named: named["web"].params), pulumi.Output[dict[str, Any] | None])
    pulumi.export("first label", air.fields.apply(lambda rules: [rule.label for rule in rules]))
    return air


def harvesters() -> ods.Harvester:
    password = pulumi.Output.secret("p4ss")
    region = ods.Harvester(
        "region",
        name="The region",
        source=ods.CKANHarvest(url="https://data.region.example/api/3", limit=10, api_key=password),
        forced_metas={"default": {"publisher": "The region", "keyword": ["region"]}},
        schedules=[ods.HarvesterSchedule(cron_schedule="0 4 * * *", timezone="Europe/Berlin")],
        run="change",
        published=True,
        delete_attached_datasets=False,
    )
    others = [
        ods.ArcgisHarvest(url="u"),
        ods.ArcgisOpendataHarvest(url="u", fetch_data=True),
        ods.CSWHarvest(url="u", themes_mapping={"GEMET": {"water": "Environment"}}, licenses_mapping={"a": "b"}),
        ods.DatagouvHarvest(organization_id="o", attachment=True),
        ods.DatajsonHarvest(url="u", number_of_datasets=5),
        ods.FTPHarvest(host="h", user="u", password=password),
        ods.FTPCSVHarvest(host="h", user="u", password=password, metadata_file="index.csv"),
        ods.FTPWithMetaCSVHarvest(host="h", user="u", password="p", metadata_file="index.csv", csv_separator=","),
        ods.JunarHarvest(url="u", auth_key=password),
        ods.OMINodeHarvest(url="u", infoitems_limit=None),
        ods.OpendatasoftHarvest(domain="region", refines="refine.theme=Health"),
        ods.QuandlHarvest(database_code="c", api_key=password, number_of_datasets=5),
        ods.SocrataHarvest(url="u", metadata_only=True),
        ods.WFSHarvest(url="u"),
        ods.OtherHarvest(type="of the future", params={"a": [1]}, secret_params={"token": password}),
    ]
    ods.Harvester("other", name="Other", source=ods.WFSHarvest(url="u"), delete_attached_datasets=True)
    pulumi.export("kinds", len(others))

    assert_type(region.uid, pulumi.Output[str])
    assert_type(region.run, pulumi.Output[Literal["never", "create", "change"]])
    assert_type(region.forced_metas, pulumi.Output[dict[str, dict[str, Any]]])
    assert_type(region.schedules, pulumi.Output[list[ods.HarvesterSchedule]])
    return region


def found(editors: ods.Group, air: ods.Dataset) -> None:
    """The results of functions and of their forms, which only the type checkers see: they call a portal."""
    ods.HTTPConnection("kept", url="https://a.example", auth=ods.BasicAuth(username="city", password=ods.KEPT))
    team = ods.get_group(title="Team", portal="other")
    default = ods.get_dataset_metadata("air", template="default")
    later = ods.get_group_output(editors.uid, portal=pulumi.Output.from_input("other"))
    status = ods.get_dataset_status_output(air.uid)
    ods.list_groups_output(permissions=[editors.title, "edit_dataset"], search=editors.title)
    ods.guess_extractors_output(air.uid, datasource=ods.HTTPDatasource(connection="c", relative_url=editors.uid))
    ods.Group("copy", title=later.apply(lambda group: f"Not {group.title}"), permissions=team.permissions)

    assert_type(team, ods.results.GroupInfo)
    assert_type(team.title, str | None)
    assert_type(default["title"].override_remote_value, bool | None)
    assert_type(ods.get_dataset_metadata("air", template="default", name="title"), ods.results.MetadataValueInfo)
    assert_type(ods.list_users(search="ana"), list[ods.results.UserInfo])
    assert_type(later, pulumi.Output[ods.results.GroupInfo])
    assert_type(status.apply(lambda known: known.status), pulumi.Output[str])
    assert_type(
        ods.get_dataset_metadata_output(air.uid, template="default", name=editors.title),
        pulumi.Output[ods.results.MetadataValueInfo],
    )


def explained(error: ods.errors.OpendatasoftError) -> str:
    """Which error it is, as a script around the Automation API reads it."""
    if isinstance(error, ods.errors.Refused):
        assert_type(error.status, int)
        assert_type(error.problems, tuple[tuple[str, str], ...])
    if isinstance(error, ods.errors.PortalError):
        return f"{error.method} {error.path} at {error.portal}"
    return str(error)


def main() -> None:
    editors = people()
    air = datasets(editors, connections(editors))
    pulumi.export("url", air.url)
    pulumi.export("harvester", harvesters().uid)
