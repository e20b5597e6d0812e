import pulumi
import pulumi_opendatasoft as ods

archive = ods.FTPConnection(
    "archive",
    url="ftps://files.mycity.org",
    auth=ods.BasicAuth(username="portal", password=pulumi.Config().require_secret("fileServerPassword")),
)
ods.Dataset(
    "elections",
    sources={
        "results": ods.Source(
            type="csvfile",
            datasource=ods.FTPDatasource(connection=archive.uid, relative_url="/results.csv"),
        ),
    },
)
