"""A bucket of Amazon S3 with a file, the role by which the portal may read it, and the dataset that does."""

from typing import Any

import cloud
import pulumi
import pulumi_opendatasoft as ods

lake = cloud.resource("aws:s3/bucket:Bucket", "lake")
file = cloud.resource(
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "parking-file",
    bucket=lake.id,
    key="parking.csv",
    source=pulumi.FileAsset("data/parking.csv"),
)

# The portal sets the account and the external id that the role's policy needs: so the connection comes first.
connection = ods.AmazonS3Connection("lake", auth=ods.AWSIAMRoleAuth(region=cloud.region))


def trust(connection: dict[str, Any]) -> dict[str, Any]:
    """The role's trust policy: the portal's account may assume it, with the external id of this connection."""
    who = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{connection['account']}:root"}}
    condition = {"StringEquals": {"sts:ExternalId": connection["external_id"]}}
    return {"Version": "2012-10-17", "Statement": [who | {"Action": "sts:AssumeRole", "Condition": condition}]}


outputs = pulumi.Output.all(account=connection.ods_aws_account_id, external_id=connection.external_id)
role = cloud.resource("aws:iam/role:Role", "portal", assumeRolePolicy=pulumi.Output.json_dumps(outputs.apply(trust)))
read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": pulumi.Output.concat(lake.arn, "/*")}
policy = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [read]})
may_read = cloud.resource("aws:iam/rolePolicy:RolePolicy", "portal-reads", role=role.id, policy=policy)

# The role's name goes into the connection once there is a role.
connection_role = ods.AmazonS3ConnectionRole("lake", connection=connection.uid, role_arn=role.arn)

url = pulumi.Output.format("https://{0}.s3.{1}.amazonaws.com/parking.csv", lake.id, cloud.region)
# By way of the connection's role, not of the bare connection: so the role is there before the portal reads.
datasource = ods.AmazonS3Datasource(connection=connection_role.connection, url=url)
parking = ods.Dataset(
    "parking",
    metadata=ods.Metadata(default=ods.DefaultMetadata(title="Car parks", language="en")),
    sources={"file": ods.Source(type="csvfile", datasource=datasource)},
    published=True,
    opts=pulumi.ResourceOptions(depends_on=[file, may_read]),
)
pulumi.export("address", parking.url)
