import pulumi
import pulumi_opendatasoft as ods

server = ods.HTTPConnection(
    "file-server",
    url="https://files.mycity.org",
    auth=ods.BasicAuth(username="portal", password=pulumi.Config().require_secret("fileServerPassword")),
    headers={"X-Client": "open-data-portal"},
)
ods.Dataset(
    "traffic",
    sources={
        "counts": ods.Source(
            type="csvfile",
            params={"separator": ";"},
            datasource=ods.HTTPDatasource(connection=server.uid, relative_url="/traffic.csv"),
        ),
    },
    schedules=["0 6 * * *"],
    published=True,
)
