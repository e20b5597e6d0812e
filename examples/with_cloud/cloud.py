"""The cloud of this example: Amazon Web Services or, where `aws:region` is not set, a stand-in for trying it out.

In a program of your own, `pip install pulumi-aws` and `import pulumi_aws` take the place of this file.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

CONFIGURED = pulumi.Config("aws").get("region")
region = CONFIGURED or "eu-central-1"


class AWS(pulumi.CustomResource):
    """A resource of the AWS provider, by its type."""

    arn: pulumi.Output[str]

    def __init__(self, type: str, name: str, **properties: Any) -> None:
        super().__init__(type, name, {**properties, "arn": None})


class Folders(ResourceProvider):
    """Copies a bucket's file into the folder where the demo's portal looks for it, and gives each resource an ARN."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        name = props["resource"]
        if "source" in props:
            host = f"{props['bucket']}.s3.{props['region']}.amazonaws.com"
            file = Path(os.environ["OPENDATASOFT_EMULATOR_DATA"]) / "remote" / "amazon_s3" / host / props["key"]
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(props["source"], file)
        return CreateResult(name, {**props, "arn": f"arn:aws:iam::123456789012:role/{name}"})


class StandIn(Resource):
    """A resource of the cloud that does not exist."""

    arn: pulumi.Output[str]

    def __init__(self, type: str, name: str, **properties: Any) -> None:
        if "source" in properties:
            properties["source"] = str(Path(properties["source"].path).resolve())
        properties |= {"type": type, "resource": name, "region": region, "arn": None}
        super().__init__(Folders(), name, properties)


def resource(type: str, name: str, **properties: Any) -> AWS | StandIn:
    """Declare a resource of the cloud: `resource("aws:s3/bucket:Bucket", "lake")` is `pulumi_aws.s3.Bucket("lake")`."""
    return (AWS if CONFIGURED else StandIn)(type, name, **properties)
