"""A bucket of Amazon S3 with a file, the role by which the portal may read it, and the dataset that does."""

from typing import Any

import pulumi
import pulumi_opendatasoft as ods


class AWS(pulumi.CustomResource):
    """A resource of the AWS provider by its type: a checkout need not have all of `pulumi_aws`. Your program may."""

    arn: pulumi.Output[str]

    def __init__(self, type: str, name: str, **props: Any) -> None:
        super().__init__(type, name, {**props, "arn": None})


region = pulumi.Config("aws").get("region") or "eu-central-1"

lake = AWS("aws:s3/bucket:Bucket", "lake")
file = AWS(
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "parking-file",
    bucket=lake.id,
    key="parking.csv",
    source=pulumi.FileAsset("data/parking.csv"),
)

# The connection tells by whom and with which words the role will be assumed, so it is made before the role.
connection = ods.AmazonS3Connection("lake", auth=ods.AWSIAMRoleAuth(region=region))


def trust(told: dict[str, Any]) -> dict[str, Any]:
    """Whom the role trusts: the portal's account, when it says the words of this connection."""
    who = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{told['account']}:root"}}
    with_words = {"Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": told["words"]}}}
    return {"Version": "2012-10-17", "Statement": [who | with_words]}


told = pulumi.Output.all(account=connection.ods_aws_account_id, words=connection.external_id)
role = AWS("aws:iam/role:Role", "portal", assumeRolePolicy=pulumi.Output.json_dumps(told.apply(trust)))
read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": pulumi.Output.concat(lake.arn, "/*")}
policy = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [read]})
may_read = AWS("aws:iam/rolePolicy:RolePolicy", "portal-reads", role=role.id, policy=policy)

named = ods.AmazonS3ConnectionRole("lake", connection=connection.uid, role_arn=role.arn)

url = pulumi.Output.format("https://{0}.s3.{1}.amazonaws.com/parking.csv", lake.id, region)
parking = ods.Dataset(
    "parking",
    metadata=ods.Metadata(default=ods.DefaultMetadata(title="Car parks", language="en")),
    # The role's connection, not the bare one: then the role is there before the portal reads.
    sources={
        "file": ods.Source(type="csvfile", datasource=ods.AmazonS3Datasource(connection=named.connection, url=url))
    },
    published=True,
    opts=pulumi.ResourceOptions(depends_on=[file, may_read]),
)
pulumi.export("address", parking.url)
