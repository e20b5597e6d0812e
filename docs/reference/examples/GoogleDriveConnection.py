import pulumi
import pulumi_opendatasoft as ods

# Both are values of the consent page, and valid once.
config = pulumi.Config()
drive = ods.GoogleDriveConnection(
    "drive",
    auth=ods.GoogleDriveOIDCAuth(nonce=config.require_secret("nonce"), code=config.require_secret("code")),
)
ods.Dataset(
    "events",
    sources={
        "sheet": ods.Source(
            type="xlsfile",
            datasource=ods.GoogleDriveDatasource(connection=drive.uid, file_id="1AbCdEfGhIj"),
        ),
    },
)
