"""A bucket, its role and the dataset that reads it, under Pulumi's mocks: which resource gets what, in which order."""

from __future__ import annotations

import contextvars
import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from .folders import EXAMPLES

DYNAMIC = "pulumi-python:dynamic:Resource"
ODS = "pulumi-python:dynamic/opendatasoft:"
ACCOUNT, EXTERNAL_ID = "123456789012", "words of the connection"
ROLE, BUCKET = "arn:aws:iam::210987654321:role/portal", "arn:aws:s3:::lake-1a2b3c"
RESULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "aws:s3/bucket:Bucket": ("lake-1a2b3c", {"arn": BUCKET}),
    "aws:s3/bucketObjectv2:BucketObjectv2": ("parking.csv", {}),
    "aws:iam/role:Role": ("portal", {"arn": ROLE}),
    "aws:iam/rolePolicy:RolePolicy": ("portal:reads", {}),
    f"{ODS}AmazonS3Connection": ("co_lake01", {"ods_aws_account_id": ACCOUNT, "external_id": EXTERNAL_ID}),
    f"{ODS}AmazonS3ConnectionRole": ("co_lake01", {"is_valid": True}),
    f"{ODS}Dataset": ("da_park01", {"url": "https://data.city.example/explore/dataset/parking/"}),
}
"""The id of each resource, and the outputs that the cloud or the portal sets."""


class Clouds(mocks.Mocks):
    """Keeps the inputs of each resource, by type, in the order of the program."""

    def __init__(self) -> None:
        self.inputs: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        # A stand-in of the example has the type that it stands for among its inputs.
        kind = args.inputs["type"] if args.typ == DYNAMIC else args.typ
        self.inputs[kind] = args.inputs
        id, computed = RESULTS[kind]
        return id, {**args.inputs, **computed}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)


@pytest.fixture(params=["amazon", "stand-in"])
def cloud(request: pytest.FixtureRequest) -> str:
    """The cloud of the program: the AWS provider, or the stand-in for the demo."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def inputs(cloud: str, monkeypatch: pytest.MonkeyPatch, outputs: None) -> dict[str, dict[str, Any]]:
    """The inputs of each resource of the program, by its type."""
    clouds = Clouds()
    monkeypatch.chdir(EXAMPLES / "with_cloud")
    monkeypatch.syspath_prepend(EXAMPLES / "with_cloud")
    monkeypatch.delitem(sys.modules, "cloud", raising=False)

    @mocks.test  # type: ignore[untyped-decorator]  # Pulumi does not say what it takes
    def body() -> pulumi.Output[Any]:
        return pulumi.Output.from_input(runpy.run_path("__main__.py")["parking"].url)

    def inside() -> None:
        mocks.set_mocks(clouds, project="parking-in-a-bucket", stack="dev")
        pulumi.runtime.set_all_config({"aws:region": "eu-central-1"} if cloud == "amazon" else {})
        body()

    contextvars.copy_context().run(inside)
    return clouds.inputs


def test_role_trusts_the_account_of_the_connection(inputs: dict[str, dict[str, Any]]) -> None:
    assert inputs[f"{ODS}AmazonS3Connection"]["auth"] == {"type": "iam_role", "region": "eu-central-1"}
    (statement,) = json.loads(inputs["aws:iam/role:Role"]["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}}


def test_role_reads_the_bucket_and_is_set_on_the_connection(inputs: dict[str, dict[str, Any]]) -> None:
    policy = inputs["aws:iam/rolePolicy:RolePolicy"]
    (statement,) = json.loads(policy["policy"])["Statement"]
    assert (policy["role"], statement["Action"], statement["Resource"]) == ("portal", "s3:GetObject", f"{BUCKET}/*")
    named = inputs[f"{ODS}AmazonS3ConnectionRole"]
    assert (named["connection"], named["role_arn"]) == ("co_lake01", ROLE)


def test_dataset_reads_the_bucket_after_everything_else(cloud: str, inputs: dict[str, dict[str, Any]]) -> None:
    file = inputs["aws:s3/bucketObjectv2:BucketObjectv2"]
    source = file["source"].path if cloud == "amazon" else str(Path(file["source"]).relative_to(Path.cwd()))
    assert (file["bucket"], file["key"], source) == ("lake-1a2b3c", "parking.csv", "data/parking.csv")
    assert inputs[f"{ODS}Dataset"]["sources"]["file"]["datasource"] == {
        "type": "amazon_s3",
        "connection": "co_lake01",
        "url": "https://lake-1a2b3c.s3.eu-central-1.amazonaws.com/parking.csv",
    }
    assert list(inputs)[-1] == f"{ODS}Dataset"


def test_stand_in_copies_the_file_to_where_the_emulator_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLES / "with_cloud")
    monkeypatch.setenv("OPENDATASOFT_EMULATOR_DATA", str(tmp_path))
    folders = runpy.run_path(str(EXAMPLES / "with_cloud" / "cloud.py"))["Folders"]()
    parking = EXAMPLES / "with_cloud" / "data" / "parking.csv"
    given = {"resource": "parking-file", "bucket": "lake", "region": "eu-central-1", "key": "parking.csv"}
    made = folders.create({**given, "source": str(parking)})
    # The emulator's own rule for the address https://lake.s3.eu-central-1.amazonaws.com/parking.csv
    copied = tmp_path / "remote" / "amazon_s3" / "lake.s3.eu-central-1.amazonaws.com" / "parking.csv"
    assert copied.read_bytes() == parking.read_bytes()
    assert made.outs["arn"].startswith("arn:aws:iam::")
