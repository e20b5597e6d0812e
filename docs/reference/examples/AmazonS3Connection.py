import pulumi
import pulumi_opendatasoft as ods

lake = ods.AmazonS3Connection(
    "lake",
    auth=ods.AWSSignatureV4Auth(
        access_key_id="AKIAIOSFODNN7EXAMPLE",
        secret_access_key=pulumi.Config().require_secret("secretAccessKey"),
        region="eu-central-1",
    ),
)
ods.Dataset(
    "parking",
    sources={
        "file": ods.Source(
            type="csvfile",
            datasource=ods.AmazonS3Datasource(
                connection=lake.uid,
                url="https://lake.s3.eu-central-1.amazonaws.com/parking.csv",
            ),
        ),
    },
)
