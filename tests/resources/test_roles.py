"""Roles of Amazon S3: set after their connection, removed, adopted; logins of others stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from .bench import open_bench
from .logins import access_key
from .observations import is_settled
from .roles import OTHER_ROLE, PUT, ROLE, ROLE_SUBJECT
from .rows import leaves, nameless


def test_every_property_of_a_role_has_a_row() -> None:
    assert {row.path for row in ROLE_SUBJECT.rows} == set(leaves(ods.AmazonS3ConnectionRole.declaration().shape))


def test_property_of_a_role_changes_alone_and_back(tmp_path: Path, servers: Servers) -> None:
    with open_bench(ROLE_SUBJECT, tmp_path, servers) as bench:
        for row in ROLE_SUBJECT.rows:
            bench.change(row)
        for sample in ROLE_SUBJECT.drifting:
            bench.drift(sample)
        bench.is_settled(bench.program())
        assert bench.engine.destroy().steps == {"it": "delete"}
        assert ROLE_SUBJECT.left(bench) == []


def lake(**auth: Any) -> ods.AmazonS3Connection:
    """A bucket that is read by a role."""
    return ods.AmazonS3Connection(
        "lake",
        url="https://city.s3.amazonaws.com",
        auth=ods.AWSIAMRoleAuth(**{"region": "eu-west-1", **auth}),
    )


def role(connection: ods.AmazonS3Connection, arn: str, **other: Any) -> None:
    """The role, and a resource that uses the `external_id` for its trust policy."""
    ods.AmazonS3ConnectionRole("role", connection=connection.uid, role_arn=arn, **other)
    ods.Group("trusted", title="Trusted", description=connection.external_id)


def login(portal: Portal) -> dict[str, Any]:
    """The login of the only connection of the portal."""
    (connection,) = portal.all("/datasource_connections/")
    return dict(connection["auth"])


def test_known_role_is_set_after_the_connection_is_created(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: lake(role_arn=ROLE))

    assert nameless(portal.writes()) == ["POST /datasource_connections/", PUT]
    assert (login(portal)["role_arn"], engine.get("lake").outputs["is_valid"]) == (ROLE, True)
    is_settled(engine, portal, lambda: lake(role_arn=ROLE))


def test_role_is_created_with_the_external_id(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))

    assert login(portal)["role_arn"] == ROLE
    assert portal.get("/groups/trusted/")["description"] == login(portal)["external_id"]
    assert engine.get("role").outputs["is_valid"] is True
    is_settled(engine, portal, lambda: role(lake(), ROLE))


def test_role_survives_a_change_of_its_connection(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))
    external_id = login(portal)["external_id"]

    assert engine.up(lambda: role(lake(region="eu-west-3"), ROLE)).steps == {"lake": "update"}

    after = login(portal)
    assert (after["region"], after["role_arn"], after["external_id"]) == ("eu-west-3", ROLE, external_id)
    is_settled(engine, portal, lambda: role(lake(region="eu-west-3"), ROLE))


def test_another_role_is_one_call(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))
    portal.forget()

    assert engine.up(lambda: role(lake(), OTHER_ROLE)).steps == {"role": "update"}

    assert nameless(portal.writes()) == [PUT]
    assert login(portal)["role_arn"] == OTHER_ROLE


def test_role_set_by_hand_is_drift_of_the_role_alone(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))
    (connection,) = portal.all("/datasource_connections/")
    auth = {**connection["auth"], "role_arn": OTHER_ROLE}
    portal.put(f"/datasource_connections/{connection['uid']}/", {**connection, "auth": auth})

    found = engine.refresh()

    assert (found.steps, found.changed) == ({"role": "update"}, {"role": ["role_arn"]})
    assert engine.up(lambda: role(lake(), ROLE)).steps == {"role": "update"}
    assert login(portal)["role_arn"] == ROLE


def test_dropped_role_is_removed_from_the_connection(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))

    assert engine.up(lake).steps == {"role": "delete", "trusted": "delete"}

    assert login(portal)["role_arn"] == ""
    is_settled(engine, portal, lake)


def test_role_is_deleted_with_its_connection(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))
    (connection,) = portal.all("/datasource_connections/")
    portal.delete(f"/datasource_connections/{connection['uid']}/")

    assert engine.refresh().steps == {"lake": "delete", "role": "delete"}
    assert engine.up(lambda: role(lake(), ROLE)).steps == {"lake": "create", "role": "create", "trusted": "update"}
    assert login(portal)["role_arn"] == ROLE
    assert engine.destroy().steps == {"lake": "delete", "role": "delete", "trusted": "delete"}
    assert portal.all("/datasource_connections/") == []


def test_existing_role_is_taken_over_only_with_adopt(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: lake(role_arn=OTHER_ROLE))

    refused = engine.up(lambda: role(lake(role_arn=OTHER_ROLE), ROLE), ok=False)

    assert f"already has the role {OTHER_ROLE}, and nothing was written" in refused.errors[0]
    assert login(portal)["role_arn"] == OTHER_ROLE
    engine.up(lambda: role(lake(), ROLE, adopt=True))
    assert login(portal)["role_arn"] == OTHER_ROLE, "the `up` that adopts only reads"
    engine.up(lambda: role(lake(), ROLE, adopt=True))
    assert login(portal)["role_arn"] == ROLE
    is_settled(engine, portal, lambda: role(lake(), ROLE, adopt=True))


# ---------------------------------------------------------------- roles and logins of others stay


def by_key() -> ods.AmazonS3Connection:
    """The same bucket, read by an access key."""
    return ods.AmazonS3Connection("lake", url="https://city.s3.amazonaws.com", auth=access_key())


def named_by_somebody(portal: Portal, arn: str) -> None:
    """Set the role of the only connection, as another client."""
    (connection,) = portal.all("/datasource_connections/")
    auth = {**connection["auth"], "role_arn": arn}
    portal.put(f"/datasource_connections/{connection['uid']}/", {**connection, "auth": auth})


def test_dropped_role_leaves_a_newer_login(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))

    assert engine.up(by_key).steps == {"lake": "update", "role": "delete", "trusted": "delete"}

    assert (login(portal)["type"], login(portal)["access_key_id"]) == ("aws_signature_v4", "AKIA1")
    is_settled(engine, portal, by_key)


def test_dropped_role_stays_if_the_connection_sets_it(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))

    dropped = engine.up(lambda: lake(role_arn=ROLE))

    assert dropped.steps == {"lake": "update", "role": "delete", "trusted": "delete"}
    assert login(portal)["role_arn"] == ROLE
    is_settled(engine, portal, lambda: lake(role_arn=ROLE))


def test_dropped_role_stays_if_the_connection_has_set_it_before(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))
    engine.up(lambda: role(lake(role_arn=ROLE), ROLE))
    engine.up(lambda: lake(role_arn=ROLE))
    assert login(portal)["role_arn"] == ROLE
    is_settled(engine, portal, lambda: lake(role_arn=ROLE))


def test_dropped_role_leaves_a_newer_role(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))
    named_by_somebody(portal, OTHER_ROLE)

    engine.up(lake)

    assert login(portal)["role_arn"] == OTHER_ROLE


def test_role_that_existed_before_survives_the_resource(engine: Engine, portal: Portal) -> None:
    engine.up(lake)
    named_by_somebody(portal, ROLE)
    portal.forget()

    engine.up(lambda: role(lake(), ROLE))

    assert nameless(portal.writes()) == ["POST /groups/"]
    is_settled(engine, portal, lambda: role(lake(), ROLE))
    assert "role" in engine.up(lake).steps
    assert login(portal)["role_arn"] == ROLE


def test_role_that_existed_before_is_owned_after_a_change(engine: Engine, portal: Portal) -> None:
    engine.up(lake)
    named_by_somebody(portal, ROLE)
    engine.up(lambda: role(lake(), ROLE))

    engine.up(lambda: role(lake(), OTHER_ROLE))
    is_settled(engine, portal, lambda: role(lake(), OTHER_ROLE))
    engine.up(lake)

    assert login(portal)["role_arn"] == ""


def test_role_for_another_login_is_refused(engine: Engine, portal: Portal) -> None:
    engine.up(by_key)
    portal.forget()

    refused = engine.up(lambda: role(by_key(), ROLE), ok=False)

    assert "logs in by aws_signature_v4, not by a role, and nothing was written" in refused.errors[0]
    refused = engine.up(lambda: role(by_key(), ROLE, adopt=True), ok=False)
    assert "logs in by aws_signature_v4, not by a role, and nothing was written" in refused.errors[0]
    assert [call for call in portal.writes() if "datasource_connections" in call] == []


def test_role_is_not_set_again_after_a_change_of_the_login(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))
    (connection,) = portal.all("/datasource_connections/")
    key = {"type": "aws_signature_v4", "access_key_id": "AKIA1", "secret_access_key": "a secret", "region": "eu-west-1"}
    portal.put(f"/datasource_connections/{connection['uid']}/", {**connection, "auth": key})

    refused = engine.up(lambda: role(lake(), OTHER_ROLE), ok=False)

    assert "logs in by aws_signature_v4, not by a role, and nothing was written" in refused.errors[0]
    assert login(portal)["type"] == "aws_signature_v4"


def test_role_without_its_connection_is_refused(engine: Engine, portal: Portal) -> None:
    refused = engine.up(lambda: ods.AmazonS3ConnectionRole("role", connection="co_none", role_arn=ROLE), ok=False)

    assert refused.errors == [
        'AmazonS3ConnectionRole "role": the portal has no connection co_none: give the uid of one that exists, such as '
        "lake.uid"
    ]


def test_adopted_role_is_only_read_and_left_by_a_destroy(engine: Engine, portal: Portal) -> None:
    engine.up(lake)
    named_by_somebody(portal, ROLE)
    portal.forget()

    engine.up(lambda: role(lake(), ROLE, adopt=True))

    assert nameless(portal.writes()) == ["POST /groups/"]
    assert engine.get("role").outputs["adopted"] is True
    is_settled(engine, portal, lambda: role(lake(), ROLE, adopt=True))
    engine.up(lake)
    assert login(portal)["role_arn"] == ROLE
