"""A bucket, its role and the dataset that reads it, under Pulumi's mocks: who gets what from whom, in which order."""

from __future__ import annotations

import contextvars
import json
import runpy
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from .folders import EXAMPLES

ODS = "pulumi-python:dynamic/opendatasoft:"
ACCOUNT, WORDS = "123456789012", "words of the connection"
ROLE, BUCKET = "arn:aws:iam::210987654321:role/portal", "arn:aws:s3:::lake-1a2b3c"
SAID: dict[str, tuple[str, dict[str, Any]]] = {
    "aws:s3/bucket:Bucket": ("lake-1a2b3c", {"arn": BUCKET}),
    "aws:s3/bucketObjectv2:BucketObjectv2": ("parking.csv", {}),
    "aws:iam/role:Role": ("portal", {"arn": ROLE}),
    "aws:iam/rolePolicy:RolePolicy": ("portal:reads", {}),
    f"{ODS}AmazonS3Connection": ("co_lake01", {"ods_aws_account_id": ACCOUNT, "external_id": WORDS}),
    f"{ODS}AmazonS3ConnectionRole": ("co_lake01", {"is_valid": True}),
    f"{ODS}Dataset": ("da_park01", {"url": "https://data.city.example/explore/dataset/parking/"}),
}
"""Which id each resource gets, and what the cloud and the portal set on it."""


class Clouds(mocks.Mocks):
    """Takes down what is asked for, by type, in its order."""

    def __init__(self) -> None:
        self.asked: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.asked[args.typ] = args.inputs
        id, computed = SAID[args.typ]
        return id, {**args.inputs, **computed}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, outputs: None) -> dict[str, dict[str, Any]]:
    """What the program asks of the clouds and the portal, in the order in which it does."""
    clouds = Clouds()
    monkeypatch.chdir(EXAMPLES / "with_cloud")

    @mocks.test  # type: ignore[untyped-decorator]  # Pulumi does not say what it takes
    def body() -> pulumi.Output[Any]:
        return pulumi.Output.from_input(runpy.run_path("__main__.py")["parking"].url)

    def inside() -> None:
        mocks.set_mocks(clouds, project="parking-in-a-bucket", stack="dev")
        body()

    contextvars.copy_context().run(inside)
    return clouds.asked


def test_the_role_trusts_whom_the_connection_names(asked: dict[str, dict[str, Any]]) -> None:
    assert asked[f"{ODS}AmazonS3Connection"]["auth"] == {"type": "iam_role", "region": "eu-central-1"}
    (statement,) = json.loads(asked["aws:iam/role:Role"]["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": WORDS}}


def test_the_role_may_read_the_bucket_and_is_named_on_the_connection(asked: dict[str, dict[str, Any]]) -> None:
    policy = asked["aws:iam/rolePolicy:RolePolicy"]
    (statement,) = json.loads(policy["policy"])["Statement"]
    assert (policy["role"], statement["Action"], statement["Resource"]) == ("portal", "s3:GetObject", f"{BUCKET}/*")
    named = asked[f"{ODS}AmazonS3ConnectionRole"]
    assert (named["connection"], named["role_arn"]) == ("co_lake01", ROLE)


def test_the_dataset_reads_the_file_of_the_bucket_once_all_that_is_there(asked: dict[str, dict[str, Any]]) -> None:
    file = asked["aws:s3/bucketObjectv2:BucketObjectv2"]
    assert (file["bucket"], file["key"], file["source"].path) == ("lake-1a2b3c", "parking.csv", "data/parking.csv")
    assert asked[f"{ODS}Dataset"]["sources"]["file"]["datasource"] == {
        "type": "amazon_s3",
        "connection": "co_lake01",
        "url": "https://lake-1a2b3c.s3.eu-central-1.amazonaws.com/parking.csv",
    }
    assert list(asked)[-1] == f"{ODS}Dataset"
