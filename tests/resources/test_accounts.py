"""Users whose address is spelled otherwise, or is another one by now: the account stays theirs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from .home import Home, home
from .test_people import ana, mails
from .users import USER


def addresses(portal: Portal) -> list[str]:
    """The addresses of everybody but the administrator."""
    return sorted(user["email"] for user in portal.all("/users/") if user["username"] != "admin")


# ---------------------------------------------------------------- the case of letters


def test_an_address_in_other_letters_is_the_same_person(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: ana(email="Ana@Example.com"))
    portal.control.post("/join", json={"email": "Ana@Example.com"}).raise_for_status()
    engine.refresh()
    portal.forget()

    assert engine.up(ana).steps == {}
    assert engine.refresh().steps == {}
    assert engine.preview(ana).steps == {}

    assert portal.writes() == []
    assert mails(portal) == ["Ana@Example.com"]
    assert engine.up(lambda: ana(permissions=["edit_dataset"])).steps == {"ana": "update"}
    assert engine.get("ana").outputs["email"] == "ana@example.com"


def test_somebody_whom_the_portal_spells_otherwise_is_adopted_and_settled(engine: Engine, portal: Portal) -> None:
    portal.post("/users/invite/", [{"email": "Ana@Example.com"}])
    portal.control.post("/join", json={"email": "Ana@Example.com"}).raise_for_status()
    portal.forget()

    adopted = engine.up(lambda: ana(adopt=True))

    assert portal.writes() == []
    assert any("the next `up` changes: permissions" in line for line in adopted.said())
    assert engine.up(lambda: ana(adopt=True)).steps == {"ana": "update"}
    assert engine.up(ana).steps == {"ana": "update"}, "adopt is taken out"
    assert portal.writes() == ["PUT /users/ana/"]
    assert engine.refresh().steps == {}
    assert engine.preview(ana).steps == {}
    assert addresses(portal) == ["Ana@Example.com"]


def test_two_resources_with_one_address_in_different_letters_are_refused(engine: Engine, portal: Portal) -> None:
    portal.set(open_invitation="hidden")

    def both() -> None:
        ana()
        ods.User("again", email="ANA@example.com")

    failed = engine.up(both, ok=False)

    said = 'another resource of this program already has a user with email "ana@example.com": remove one of the two'
    assert failed.errors[0].endswith(said)
    assert len(mails(portal)) == 1


def test_addresses_that_only_look_alike_are_two_people(engine: Engine, portal: Portal) -> None:
    portal.post("/users/invite/", [{"email": "info@strasse.example"}])

    engine.up(lambda: ods.User("street", email="info@straße.example"))

    assert "info@straße.example" in addresses(portal)


# ---------------------------------------------------------------- another address


@pytest.fixture
def here(tmp_path: Path, servers: Servers) -> Iterator[Home]:
    """A portal on which people give their accounts other addresses."""
    with home(USER, tmp_path, servers) as here:
        here.engine.up(ana)
        here.portal.control.post("/join", json={"email": "ana@example.com"}).raise_for_status()
        here.engine.refresh()
        here.portal.forget()
        yield here


def moves_to(here: Home, address: str) -> None:
    """Ana gives her account another address."""
    kept = here.emulator.portal.store.get("user", "ana")
    assert kept is not None
    here.emulator.portal.store.put("user", "ana", {**kept, "email": address})


def test_an_account_that_got_another_address_is_still_managed(here: Home) -> None:
    moves_to(here, "ana.lopes@example.com")

    assert here.engine.up(lambda: ana(permissions=["edit_dataset"])).steps == {"ana": "update"}
    assert here.portal.requests() == ["GET /users/ana/", "PUT /users/ana/"]
    here.is_settled(lambda: ana(permissions=["edit_dataset"]))

    assert here.engine.destroy().steps == {"ana": "delete"}
    assert here.portal.writes() == ["DELETE /users/ana/"]
    assert addresses(here.portal) == []


def test_another_address_is_said_once_and_the_program_may_follow_it(here: Home) -> None:
    moves_to(here, "Ana.Lopes@example.com")
    refreshed = here.engine.refresh()
    assert refreshed.steps == {}
    said = (
        "ana now has the address Ana.Lopes@example.com: the account stays managed; "
        "you may put this address into the program"
    )
    assert refreshed.said("WARNING") == [said]
    assert here.engine.refresh().said("WARNING") == []

    for program in (ana, lambda: ana(email="ana.lopes@example.com")):
        here.is_settled(program)
        assert here.engine.up(program).steps == {}
    following = partial(ana, email="ana.lopes@example.com", permissions=["edit_dataset"])
    assert here.engine.up(following).steps == {"ana": "update"}
    here.is_settled(following)

    assert here.portal.requests("POST", "DELETE") == []
    assert here.engine.preview(lambda: ana(email="bea@example.com")).steps == {"ana": "replace"}


def test_an_account_is_not_replaced_by_itself_where_nobody_has_looked_since_it_moved(here: Home) -> None:
    moves_to(here, "ana.lopes@example.com")
    following = partial(ana, email="ana.lopes@example.com")

    for command in (partial(here.engine.up, following), here.engine.destroy):
        said = (
            "ana now has the address ana.lopes@example.com, which the state does not contain, and was not deleted: "
            "`pulumi refresh`, then again"
        )
        assert [error.partition(": ")[2] for error in command(ok=False).errors] == [said]
        assert here.portal.writes() == []

    here.engine.refresh()
    assert here.engine.up(following).steps == {}
    assert here.engine.destroy().steps == {"ana": "delete"}
    assert addresses(here.portal) == []


def test_the_old_address_may_be_somebody_elses_by_now(here: Home) -> None:
    moves_to(here, "ana.lopes@example.com")
    here.portal.post("/users/invite/", [{"email": "ana@example.com", "username": "annabel"}])
    here.portal.forget()

    here.engine.up(lambda: ana(permissions=["edit_dataset"]))
    here.engine.destroy()

    assert here.portal.writes() == ["PUT /users/ana/", "DELETE /users/ana/"]
    assert addresses(here.portal) == ["ana@example.com"]


def test_a_renamed_resource_that_follows_the_address_keeps_the_account(here: Home) -> None:
    moves_to(here, "ana.lopes@example.com")

    renamed = here.engine.up(lambda: ods.User("lopes", email="ana.lopes@example.com", adopt=True))

    assert renamed.steps == {"lopes": "create", "ana": "delete"}
    assert here.portal.writes() == []
    assert any("belongs to another resource" in line for line in renamed.said())


def test_to_delete_an_account_that_is_gone_is_well(here: Home) -> None:
    here.portal.delete("/users/ana/")

    gone = here.engine.destroy()

    assert gone.steps == {"ana": "delete"}
    assert gone.said("WARNING") == []


def test_an_update_of_an_account_that_is_gone_says_what_to_do(here: Home) -> None:
    here.portal.delete("/users/ana/")

    failed = here.engine.up(lambda: ana(permissions=["edit_dataset"]), ok=False)

    assert "ana@example.com is no longer a user of" in failed.errors[0]
    assert "`pulumi refresh`, then `up`" in failed.errors[0]


# ---------------------------------------------------------------- an open invitation that is listed


def test_a_listed_invitation_that_was_withdrawn_is_not_deleted_but_said(engine: Engine, portal: Portal) -> None:
    engine.up(ana)
    assert engine.get("ana").outputs["username"] == "ana"
    portal.delete("/users/ana/")

    dropped = engine.destroy()

    said = "the API cannot withdraw the invitation to ana@example.com: do so in the back office"
    assert dropped.said("WARNING") == [said]
