import pulumi
import pulumi_opendatasoft as ods

storage = ods.AzureBlobStorageConnection(
    "storage",
    auth=ods.AzureSharedKeyAuth(
        account_name="mycity",
        shared_key=pulumi.Config().require_secret("storageKey"),
    ),
)
ods.Dataset(
    "trees",
    sources={
        "file": ods.Source(
            type="csvfile",
            datasource=ods.AzureBlobStorageDatasource(
                connection=storage.uid,
                url="https://mycity.blob.core.windows.net/open-data/trees.csv",
            ),
        ),
    },
)
