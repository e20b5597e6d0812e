"""Members of groups, and users who are provisioned or whose invitation is still open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from .bench import open_bench
from .users import USER

MEMBERS = "/groups/editors/users/"


def invite(portal: Portal, *names: str) -> None:
    """Users who have joined."""
    portal.post("/users/invite/", [{"email": f"{name}@example.com"} for name in names])
    for name in names:
        portal.control.post("/join", json={"email": f"{name}@example.com"}).raise_for_status()


def editors(*members: str) -> None:
    """A group with these members."""
    ods.Group("editors", title="Editors", members=list(members))


def members(portal: Portal) -> list[str]:
    """The members of the group."""
    return sorted(user["username"] for user in portal.all(MEMBERS))


# ---------------------------------------------------------------- members


def test_members_are_changed_with_the_fewest_calls(engine: Engine, portal: Portal) -> None:
    invite(portal, "ana", "ben", "cai", "dee")
    portal.forget()
    engine.up(lambda: editors("ana", "ben", "cai"))
    assert members(portal) == ["ana", "ben", "cai"]
    assert portal.writes() == ["POST /groups/", f"POST {MEMBERS}batch/"]

    portal.forget()
    engine.up(lambda: editors("ben", "cai", "dee"))
    assert members(portal) == ["ben", "cai", "dee"]
    assert portal.writes() == [f"POST {MEMBERS}", f"DELETE {MEMBERS}ana/"]

    portal.forget()
    engine.up(editors)
    assert members(portal) == []
    assert portal.writes() == [f"DELETE {MEMBERS}{name}/" for name in ("ben", "cai", "dee")]
    assert engine.preview(editors).steps == {}


def test_only_missing_members_are_added(engine: Engine, portal: Portal) -> None:
    invite(portal, "ana", "ben", "cai")
    engine.up(lambda: editors("ana"))
    portal.post(MEMBERS, {"username": "ben"})
    portal.forget()

    engine.up(lambda: editors("ana", "ben", "cai"))

    assert members(portal) == ["ana", "ben", "cai"]
    assert portal.writes() == [f"POST {MEMBERS}"]


@pytest.mark.parametrize("strangers", [["zoe"], ["yan", "zoe"]], ids=["one", "several"])
def test_unknown_member_is_reported_and_the_others_added(engine: Engine, portal: Portal, strangers: list[str]) -> None:
    invite(portal, "ana")

    failed = engine.up(lambda: editors("ana", *strangers), ok=False)

    assert "members" in failed.errors[0]
    assert all(name in failed.errors[0] for name in strangers), failed.errors
    assert members(portal) == ["ana"]
    invite(portal, *strangers)
    assert engine.up(lambda: editors("ana", *strangers)).steps == {"editors": "update"}
    assert members(portal) == ["ana", *strangers]


def test_members_of_several_pages_are_read(engine: Engine, portal: Portal) -> None:
    names = [f"u{number:03}" for number in range(45)]
    invite(portal, *names)
    engine.up(lambda: editors(*names))
    portal.forget()

    assert engine.refresh().steps == {}
    assert engine.up(lambda: editors(*names[:-1])).steps == {"editors": "update"}

    assert portal.writes() == [f"DELETE {MEMBERS}u044/"]
    assert members(portal) == names[:-1]


# ---------------------------------------------------------------- users


def ana(**other: Any) -> None:
    """A user of the program."""
    ods.User("ana", **{"email": "ana@example.com", "permissions": ["create_dataset"], **other})


def mails(portal: Portal) -> list[str]:
    """The recipients of the portal's mails."""
    return [mail["to"] for mail in portal.control.get("/outbox").json()]


def listed_user(portal: Portal) -> dict[str, Any] | None:
    """The user as the portal lists it; None if it does not."""
    return next((user for user in portal.all("/users/") if user["email"] == "ana@example.com"), None)


@pytest.mark.parametrize("shown", ["listed", "hidden"])
def test_open_invitation_is_kept_and_never_sent_twice(engine: Engine, portal: Portal, shown: str) -> None:
    portal.set(open_invitation=shown)
    engine.up(ana)
    assert mails(portal) == ["ana@example.com"]
    assert (listed_user(portal) is None) == (shown == "hidden")

    for _ in range(2):
        assert engine.refresh().steps == {}
        assert engine.preview(ana).steps == {}
        assert engine.up(ana).steps == {}

    assert mails(portal) == ["ana@example.com"]
    portal.control.post("/join", json={"email": "ana@example.com"}).raise_for_status()
    assert engine.refresh().steps == {}
    assert engine.get("ana").outputs["username"] == "ana"
    assert engine.up(lambda: ana(permissions=["edit_dataset"])).steps == {"ana": "update"}
    joined = listed_user(portal)
    assert joined is not None
    assert joined["permissions"] == ["edit_dataset"]
    assert mails(portal) == ["ana@example.com"]


def test_user_with_open_invitation_is_not_changed(engine: Engine, portal: Portal) -> None:
    portal.set(open_invitation="hidden")
    engine.up(ana)

    failed = engine.up(lambda: ana(permissions=["edit_dataset"]), ok=False)

    message = "the invitation to ana@example.com is still open: change the user once it is accepted"
    assert failed.errors[0].endswith(message)
    portal.control.post("/join", json={"email": "ana@example.com"}).raise_for_status()
    assert engine.up(lambda: ana(permissions=["edit_dataset"])).steps == {"ana": "update"}
    joined = listed_user(portal)
    assert joined is not None
    assert joined["permissions"] == ["edit_dataset"]


def test_dropped_open_invitation_warns(engine: Engine, portal: Portal) -> None:
    portal.set(open_invitation="hidden")
    engine.up(ana)

    dropped = engine.destroy()

    assert dropped.steps == {"ana": "delete"}
    message = "the API cannot withdraw the invitation to ana@example.com: do so in the back office"
    assert dropped.said("WARNING") == [message]


def test_stack_of_open_invitations_alone_is_refreshed(engine: Engine, portal: Portal) -> None:
    portal.set(open_invitation="hidden")

    def program() -> None:
        for name in ("ana", "ben", "cai", "dee"):
            ods.User(name, email=f"{name}@example.com")

    engine.up(program)
    assert engine.refresh().steps == {}
    assert engine.preview(program).steps == {}


def test_several_deleted_users_leave_the_state(engine: Engine, portal: Portal) -> None:
    names = ("ana", "ben", "cai", "dee")

    def program() -> None:
        for name in names:
            ods.User(name, email=f"{name}@example.com", identity_provider="city")

    engine.up(program)
    for name in names:
        portal.delete(f"/users/{name}/")
    assert engine.refresh().steps == dict.fromkeys(names, "delete")


def test_deleted_user_is_invited_again(engine: Engine, portal: Portal) -> None:
    portal.set(open_invitation="hidden")
    engine.up(ana)
    portal.control.post("/join", json={"email": "ana@example.com"}).raise_for_status()
    engine.refresh()
    portal.delete("/users/ana/")

    assert engine.refresh().steps == {"ana": "delete"}
    assert engine.up(ana).steps == {"ana": "create"}
    assert mails(portal) == ["ana@example.com", "ana@example.com"]


@pytest.mark.parametrize("attributes", [{"nickname": "al"}, None], ids=["with attributes", "without"])
def test_provisioned_user_exists_at_once_without_mail(
    engine: Engine, portal: Portal, attributes: dict[str, str] | None
) -> None:
    def program() -> None:
        ana(identity_provider="city", identity_provider_attributes=attributes, first_name="Ana")

    portal.forget()
    engine.up(program)

    assert portal.writes() == ["POST /users/provision/"]
    user = listed_user(portal)
    assert user is not None
    assert (user["identity_providers"], user["first_name"], user["permissions"]) == (
        [{"uid": "city"}],
        "Ana",
        ["create_dataset"],
    )
    assert mails(portal) == []
    assert engine.get("ana").outputs["username"] == "ana"
    assert engine.refresh().steps == {}
    assert engine.preview(program).steps == {}


def test_error_in_a_successful_invitation_is_raised(engine: Engine, portal: Portal) -> None:
    failed = engine.up(lambda: ana(groups=["nobody"]), ok=False)

    message = 'the portal did not invite "ana@example.com": groups: Group "nobody" does not exist.'
    assert failed.errors[0].endswith(message)
    assert engine.resources == {}
    assert mails(portal) == []


def test_names_are_written_to_a_portal_that_keeps_them(engine: Engine, portal: Portal) -> None:
    portal.set(names_of_users="written")
    engine.up(lambda: ana(first_name="Ana", last_name="Lopes"))
    portal.control.post("/join", json={"email": "ana@example.com"}).raise_for_status()

    assert engine.up(lambda: ana(first_name="Anna", last_name="Lopez")).steps == {"ana": "update"}

    user = listed_user(portal)
    assert user is not None
    assert (user["first_name"], user["last_name"]) == ("Anna", "Lopez")
    assert engine.refresh().steps == {}


def test_identity_provider_attributes_are_sent(tmp_path: Path, servers: Servers) -> None:
    with open_bench(USER, tmp_path, servers) as bench:
        bench.engine.up(bench.program("provisioned"))
        kept = bench.emulator.portal.store.get("user", "ana")
        assert kept is not None
        assert kept["identity_provider_attributes"] == {"nickname": "al"}

        other = {"identity_provider_attributes": {"nickname": "ana"}}
        assert bench.engine.up(bench.program("provisioned", lambda _: other)).steps == {"it": "replace"}
        kept = bench.emulator.portal.store.get("user", "ana")
        assert kept is not None
        assert kept["identity_provider_attributes"] == {"nickname": "ana"}


@pytest.mark.parametrize("shown", ["in the group", "with rights"])
def test_username_of_an_open_invitation_is_refused(engine: Engine, portal: Portal, shown: str) -> None:
    portal.set(open_invitation="hidden")

    def program() -> None:
        ods.User("ana", email="ana@example.com")
        username: Any = ods.User("ben", email="ben@example.com").username
        if shown == "in the group":
            ods.Group("editors", title="Editors", members=["ana", username])
        else:
            ods.HTTPConnection("server", url="https://x.org", user_access=[ods.UserAccess(user=username)])

    place = "members[1]" if shown == "in the group" else "user_access[0].user"
    message = (
        f"{place}: must be a username, and a user whose invitation is open has none: once it is accepted, "
        "`pulumi refresh`, then `up`"
    )
    for _ in range(2):
        assert engine.up(program, ok=False).errors == [message]
    for name in ("ana", "ben"):
        portal.control.post("/join", json={"email": f"{name}@example.com"}).raise_for_status()
    engine.refresh()
    engine.up(program)
    assert engine.preview(program).steps == {}
