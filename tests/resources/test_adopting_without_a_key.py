"""`opendatasoft:adopt` and types without a natural key: no second object is made, and a first one is the stack's."""

from __future__ import annotations

import shutil

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine

CONNECTIONS = "/datasource_connections/"
SIGNED = {"type": "aws_signature_v4", "region": "eu-west-1", "access_key_id": "a", "secret_access_key": "b"}


def city() -> None:
    """One resource of each type without a natural key."""
    ods.OtherConnection("lake", type="snowflake_odbc", params={"warehouse": "w"}, secret_params={"password": "p"})
    ods.SharepointConnection("office", auth=ods.SharepointOIDCAuth(nonce="a nonce", code="a code"))
    ods.GoogleDriveConnection("drive")
    ods.AmazonS3Connection("bucket", auth=ods.AWSIAMRoleAuth(region="eu-west-1"))
    ods.ApiKey("import", label="Nightly import", permissions=["edit_dataset"])


def counted(portal: Portal) -> tuple[int, int]:
    """How many connections there are, and keys that are not revoked."""
    keys = [key for key in portal.all("/apikeys/") if not key["is_revoked"]]
    return len(portal.all(CONNECTIONS)), len(keys)


def on_another_machine(engine: Engine, *names: str) -> None:
    """Forget resources, as if their creates had been interrupted on a machine that is gone."""
    engine.resources = {urn: r for urn, r in engine.resources.items() if r.name not in names}
    shutil.rmtree(engine.folder / ".home", ignore_errors=True)


def test_objects_like_them_are_refused_and_named(engine: Engine, portal: Portal) -> None:
    engine.up(city)
    there = engine.ids()
    on_another_machine(engine, *there)
    before = counted(portal)
    engine.config["opendatasoft:adopt"] = "true"

    refused = engine.up(city, ok=False, continue_on_error=True)

    assert counted(portal) == before
    assert engine.resources == {}
    for name, found in there.items():
        [error] = [error for error in refused.errors if f'"{name}"' in error]
        assert f"opendatasoft:adopt: the portal already has {found}, like this " in error
        assert f'Then adopt="{found}".' in error


def test_where_there_is_none_they_are_made_and_owned(engine: Engine, portal: Portal) -> None:
    portal.post(CONNECTIONS, {"type": "snowflake_odbc", "warehouse": "another"})
    portal.post(CONNECTIONS, {"type": "amazon_s3", "auth": SIGNED})
    before = counted(portal)
    engine.config["opendatasoft:adopt"] = "true"

    engine.up(city)

    assert counted(portal) == (before[0] + 4, before[1] + 1)
    assert {resource.outputs["adopted"] for resource in engine.resources.values()} == {False}
    engine.is_settled(city)
    engine.destroy()
    assert counted(portal) == before


@pytest.mark.parametrize("name", ["lake", "import"])
def test_without_adoption_an_equal_object_is_only_named(engine: Engine, portal: Portal, name: str) -> None:
    def program() -> None:
        if name == "lake":
            ods.OtherConnection("lake", type="snowflake_odbc", params={"warehouse": "w"})
        else:
            ods.ApiKey("import", label="Nightly import")

    path, body = {
        "lake": (CONNECTIONS, {"type": "snowflake_odbc", "warehouse": "w"}),
        "import": ("/apikeys/", {"label": "Nightly import"}),
    }[name]
    found = portal.post(path, body)["uid"]
    [line] = engine.up(program).said_of("INFO")[name]
    assert line.startswith(f"the portal also has {found}, which existed before and looks the same: ")
    assert engine.get(name).id != found
    assert engine.up(program).said_of("INFO").get(name) is None


@pytest.mark.parametrize("name", ["lake", "office", "drive", "bucket", "import"])
def test_object_that_the_setting_names_is_finished(engine: Engine, portal: Portal, name: str) -> None:
    engine.up(city)
    left = engine.get(name).id
    on_another_machine(engine, name)
    before = counted(portal)

    engine.config["opendatasoft:resume"] = left
    engine.up(city)

    assert engine.get(name).id == left
    assert engine.get(name).outputs["adopted"] is False
    assert counted(portal) == before
    engine.destroy()
    assert counted(portal) == (0, 1)
