import pulumi
import pulumi_opendatasoft as ods

lake = ods.AmazonS3Connection("lake", auth=ods.AWSIAMRoleAuth(region="eu-central-1"))

# The trust policy of the role allows this account, on condition of this external id.
pulumi.export("account", lake.ods_aws_account_id)
pulumi.export("external_id", lake.external_id)

role = ods.AmazonS3ConnectionRole(
    "lake",
    connection=lake.uid,
    role_arn="arn:aws:iam::123456789012:role/portal",
)
ods.Dataset(
    "parking",
    sources={
        "file": ods.Source(
            type="csvfile",
            # By way of the role, so that the role is there before the portal reads.
            datasource=ods.AmazonS3Datasource(
                connection=role.connection,
                url="https://lake.s3.eu-central-1.amazonaws.com/parking.csv",
            ),
        ),
    },
)
