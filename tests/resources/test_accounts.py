"""Users whose e-mail address has another spelling or has changed: the account stays managed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from .bench import Bench, open_bench
from .test_groups_and_users import ana, mails
from .users import USER


def addresses(portal: Portal) -> list[str]:
    """The addresses of all users but the administrator."""
    return sorted(user["email"] for user in portal.all("/users/") if user["username"] != "admin")


# ---------------------------------------------------------------- upper and lower case


def test_email_in_other_letter_case_is_the_same_user(engine: Engine, portal: Portal) -> None:
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


def test_user_with_another_spelling_is_adopted_and_settled(engine: Engine, portal: Portal) -> None:
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


def test_two_users_whose_emails_differ_in_case_are_refused(engine: Engine, portal: Portal) -> None:
    portal.set(open_invitation="hidden")

    def both() -> None:
        ana()
        ods.User("again", email="ANA@example.com")

    failed = engine.up(both, ok=False)

    message = 'another resource of this program already has a user with email "ana@example.com": remove one of the two'
    assert failed.errors[0].endswith(message)
    assert len(mails(portal)) == 1


def test_emails_that_only_look_alike_are_two_users(engine: Engine, portal: Portal) -> None:
    portal.post("/users/invite/", [{"email": "info@strasse.example"}])

    engine.up(lambda: ods.User("street", email="info@straße.example"))

    assert "info@straße.example" in addresses(portal)


# ---------------------------------------------------------------- another address


@pytest.fixture
def bench(tmp_path: Path, servers: Servers) -> Iterator[Bench]:
    """A portal on which users can change the address of their account."""
    with open_bench(USER, tmp_path, servers) as bench:
        bench.engine.up(ana)
        bench.portal.control.post("/join", json={"email": "ana@example.com"}).raise_for_status()
        bench.engine.refresh()
        bench.portal.forget()
        yield bench


def moves_to(bench: Bench, address: str) -> None:
    """Give the account another address."""
    kept = bench.emulator.portal.store.get("user", "ana")
    assert kept is not None
    bench.emulator.portal.store.put("user", "ana", {**kept, "email": address})


def test_account_with_a_new_email_is_still_managed(bench: Bench) -> None:
    moves_to(bench, "ana.lopes@example.com")

    assert bench.engine.up(lambda: ana(permissions=["edit_dataset"])).steps == {"ana": "update"}
    assert bench.portal.requests() == ["GET /users/ana/", "PUT /users/ana/"]
    bench.is_settled(lambda: ana(permissions=["edit_dataset"]))

    assert bench.engine.destroy().steps == {"ana": "delete"}
    assert bench.portal.writes() == ["DELETE /users/ana/"]
    assert addresses(bench.portal) == []


def test_new_email_is_reported_once_and_may_be_adopted(bench: Bench) -> None:
    moves_to(bench, "Ana.Lopes@example.com")
    refreshed = bench.engine.refresh()
    assert refreshed.steps == {}
    message = (
        "ana now has the address Ana.Lopes@example.com: the account stays managed; "
        "you may put this address into the program"
    )
    assert refreshed.said("WARNING") == [message]
    assert bench.engine.refresh().said("WARNING") == []

    for program in (ana, lambda: ana(email="ana.lopes@example.com")):
        bench.is_settled(program)
        assert bench.engine.up(program).steps == {}
    following = partial(ana, email="ana.lopes@example.com", permissions=["edit_dataset"])
    assert bench.engine.up(following).steps == {"ana": "update"}
    bench.is_settled(following)

    assert bench.portal.requests("POST", "DELETE") == []
    assert bench.engine.preview(lambda: ana(email="bea@example.com")).steps == {"ana": "replace"}


def test_account_with_an_unread_new_email_is_not_replaced(bench: Bench) -> None:
    moves_to(bench, "ana.lopes@example.com")
    following = partial(ana, email="ana.lopes@example.com")

    for command in (partial(bench.engine.up, following), bench.engine.destroy):
        message = (
            "ana now has the address ana.lopes@example.com, which the state does not contain, and was not deleted: "
            "`pulumi refresh`, then again"
        )
        assert [error.partition(": ")[2] for error in command(ok=False).errors] == [message]
        assert bench.portal.writes() == []

    bench.engine.refresh()
    assert bench.engine.up(following).steps == {}
    assert bench.engine.destroy().steps == {"ana": "delete"}
    assert addresses(bench.portal) == []


def test_old_email_may_belong_to_another_account(bench: Bench) -> None:
    moves_to(bench, "ana.lopes@example.com")
    bench.portal.post("/users/invite/", [{"email": "ana@example.com", "username": "annabel"}])
    bench.portal.forget()

    bench.engine.up(lambda: ana(permissions=["edit_dataset"]))
    bench.engine.destroy()

    assert bench.portal.writes() == ["PUT /users/ana/", "DELETE /users/ana/"]
    assert addresses(bench.portal) == ["ana@example.com"]


def test_renamed_resource_with_the_new_email_keeps_the_account(bench: Bench) -> None:
    moves_to(bench, "ana.lopes@example.com")

    renamed = bench.engine.up(lambda: ods.User("lopes", email="ana.lopes@example.com", adopt=True))

    assert renamed.steps == {"lopes": "create", "ana": "delete"}
    assert bench.portal.writes() == []
    assert any("belongs to another resource" in line for line in renamed.said())


def test_delete_of_a_missing_account_succeeds(bench: Bench) -> None:
    bench.portal.delete("/users/ana/")

    gone = bench.engine.destroy()

    assert gone.steps == {"ana": "delete"}
    assert gone.said("WARNING") == []


def test_update_of_a_missing_account_names_the_remedy(bench: Bench) -> None:
    bench.portal.delete("/users/ana/")

    failed = bench.engine.up(lambda: ana(permissions=["edit_dataset"]), ok=False)

    assert "ana@example.com is no longer a user of" in failed.errors[0]
    assert "`pulumi refresh`, then `up`" in failed.errors[0]


# ---------------------------------------------------------------- an open invitation that is listed


def test_delete_of_an_open_invitation_warns(engine: Engine, portal: Portal) -> None:
    engine.up(ana)
    assert engine.get("ana").outputs["username"] == "ana"
    portal.delete("/users/ana/")

    dropped = engine.destroy()

    message = "the API cannot withdraw the invitation to ana@example.com: do so in the back office"
    assert dropped.said("WARNING") == [message]
