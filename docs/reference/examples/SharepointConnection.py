import pulumi
import pulumi_opendatasoft as ods

# Both are values of the consent page, and valid once.
config = pulumi.Config()
intranet = ods.SharepointConnection(
    "intranet",
    auth=ods.SharepointOIDCAuth(nonce=config.require_secret("nonce"), code=config.require_secret("code")),
)
ods.Dataset(
    "buildings",
    sources={
        "list": ods.Source(
            type="xlsfile",
            datasource=ods.SharepointDatasource(connection=intranet.uid, drive_id="b!a1B2c3", file_id="01ABCDEF"),
        ),
    },
)
