"""What connections do beyond their properties: codes that work once, roles that are made afterwards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.kernel.declare import Resource

from ..conftest import Portal
from ..standin.engine import Engine
from ..standin.servers import Servers
from .connections import GOOGLE_DRIVE, HTTP, SHAREPOINT
from .datasets import DATASET
from .home import Home, Life, home
from .logins import consent, oauth2, oidc
from .looks import is_settled
from .roles import OTHER_ROLE, PUT, ROLE, ROLE_LIFE
from .rows import leaves, nameless
from .test_lives import LIVES

Open = Callable[[Life], AbstractContextManager[Home]]


@pytest.fixture
def opened(tmp_path: Path, servers: Servers) -> Open:
    """Where a connection of some kind lives."""
    return lambda life: home(life, tmp_path, servers)


# ---------------------------------------------------------------- codes that work once

CODES = [
    pytest.param(SHAREPOINT, "", partial(consent, ods.SharepointOIDCAuth), ("nonce", "code"), id="SharePoint"),
    pytest.param(GOOGLE_DRIVE, "", partial(consent, ods.GoogleDriveOIDCAuth), ("nonce", "code"), id="Google Drive"),
    pytest.param(HTTP, "oauth2", oauth2, ("code",), id="OAuth 2"),
    pytest.param(HTTP, "oidc", oidc, ("code",), id="OpenID Connect"),
]


def codes(here: Home) -> dict[str, Any]:
    """The codes that the portal got, and what became of them."""
    kept = here.emulator.portal.store.get("connection", here.id)
    assert kept is not None
    return {name: kept["auth"].get(name) for name in ("nonce", "code") if name in kept["auth"]}


def use_up(here: Home) -> None:
    """The portal trades its codes for access, after which they are worth nothing."""
    store = here.emulator.portal.store
    kept = store.get("connection", here.id)
    assert kept is not None
    store.put("connection", here.id, {**kept, "auth": {**kept["auth"], **dict.fromkeys(codes(here), "used up")}})


@pytest.mark.parametrize(("life", "sample", "login", "names"), CODES)
def test_a_code_is_sent_once_and_again_only_when_the_program_changes_it(
    opened: Open, life: Life, sample: str, login: Callable[..., Any], names: tuple[str, ...]
) -> None:
    other = {name: f"another {name}" for name in names}
    with opened(life) as here:
        here.engine.up(here.program(sample))
        assert codes(here) == {name: f"a {name}" for name in names}
        use_up(here)

        here.engine.up(here.program(sample, lambda _: {"is_reusable": False}))
        assert here.seen()["is_reusable"] is False
        assert codes(here) == dict.fromkeys(names, "used up")

        here.engine.up(here.program(sample, lambda _: {"is_reusable": False, "auth": login(**other)}))
        assert codes(here) == other
        use_up(here)

        here.engine.up(here.program(sample, lambda _: {"auth": login(**other)}))
        assert here.seen()["is_reusable"] is True
        assert codes(here) == dict.fromkeys(names, "used up")
        here.is_settled(here.program(sample, lambda _: {"auth": login(**other)}))


# ---------------------------------------------------------------- roles


def test_every_kind_of_resource_has_a_life() -> None:
    public = [getattr(ods, name) for name in ods.__all__]
    kinds = {kind for kind in public if isinstance(kind, type) and issubclass(kind, Resource)}

    assert {life.kind for life in (*LIVES, DATASET, ROLE_LIFE)} == kinds


def test_every_property_of_a_role_has_a_row() -> None:
    assert {row.at for row in ROLE_LIFE.rows} == set(leaves(ods.AmazonS3ConnectionRole.declaration().shape))


def test_each_property_of_a_role_changes_alone_and_back(opened: Open) -> None:
    with opened(ROLE_LIFE) as here:
        for row in ROLE_LIFE.rows:
            here.change(row)
        for sample in ROLE_LIFE.drifting:
            here.drift(sample)
        here.is_settled(here.program())
        assert here.engine.destroy().steps == {"it": "delete"}
        assert ROLE_LIFE.left(here) == []


def lake(**auth: Any) -> ods.AmazonS3Connection:
    """A bucket that is read by a role."""
    return ods.AmazonS3Connection(
        "lake",
        url="https://city.s3.amazonaws.com",
        auth=ods.AWSIAMRoleAuth(**{"region": "eu-west-1", **auth}),
    )


def role(connection: ods.AmazonS3Connection, arn: str, **other: Any) -> None:
    """The role, and somebody who needs to know what its trust policy demands."""
    ods.AmazonS3ConnectionRole("role", connection=connection.uid, role_arn=arn, **other)
    ods.Group("trusted", title="Trusted", description=connection.external_id)


def login(portal: Portal) -> dict[str, Any]:
    """How the one connection of the portal logs in."""
    (connection,) = portal.all("/datasource_connections/")
    return dict(connection["auth"])


def test_a_role_that_is_known_beforehand_is_named_once_the_connection_exists(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: lake(role_arn=ROLE))

    assert nameless(portal.writes()) == ["POST /datasource_connections/", PUT]
    assert (login(portal)["role_arn"], engine.get("lake").outputs["is_valid"]) == (ROLE, True)
    is_settled(engine, portal, lambda: lake(role_arn=ROLE))


def test_a_role_is_made_after_the_connection_whose_external_id_it_needs(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))

    assert login(portal)["role_arn"] == ROLE
    assert portal.get("/groups/trusted/")["description"] == login(portal)["external_id"]
    assert engine.get("role").outputs["is_valid"] is True
    is_settled(engine, portal, lambda: role(lake(), ROLE))


def test_a_role_survives_a_change_of_its_connection(engine: Engine, portal: Portal) -> None:
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


def test_a_role_that_somebody_else_named_is_drift_of_the_role_alone(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))
    (connection,) = portal.all("/datasource_connections/")
    auth = {**connection["auth"], "role_arn": OTHER_ROLE}
    portal.put(f"/datasource_connections/{connection['uid']}/", {**connection, "auth": auth})

    found = engine.refresh()

    assert (found.steps, found.changed) == ({"role": "update"}, {"role": ["role_arn"]})
    assert engine.up(lambda: role(lake(), ROLE)).steps == {"role": "update"}
    assert login(portal)["role_arn"] == ROLE


def test_a_role_that_the_program_drops_is_taken_off_the_connection(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))

    assert engine.up(lake).steps == {"role": "delete", "trusted": "delete"}

    assert login(portal)["role_arn"] == ""
    is_settled(engine, portal, lake)


def test_a_role_goes_with_its_connection(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: role(lake(), ROLE))
    (connection,) = portal.all("/datasource_connections/")
    portal.delete(f"/datasource_connections/{connection['uid']}/")

    assert engine.refresh().steps == {"lake": "delete", "role": "delete"}
    assert engine.up(lambda: role(lake(), ROLE)).steps == {"lake": "create", "role": "create", "trusted": "update"}
    assert login(portal)["role_arn"] == ROLE
    assert engine.destroy().steps == {"lake": "delete", "role": "delete", "trusted": "delete"}
    assert portal.all("/datasource_connections/") == []


def test_a_role_is_not_taken_over_unless_the_program_says_so(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: lake(role_arn=OTHER_ROLE))

    refused = engine.up(lambda: role(lake(role_arn=OTHER_ROLE), ROLE), ok=False)

    assert f"has the role {OTHER_ROLE} already, and nothing was written" in refused.errors[0]
    assert login(portal)["role_arn"] == OTHER_ROLE
    engine.up(lambda: role(lake(), ROLE, adopt=True))
    assert login(portal)["role_arn"] == ROLE
