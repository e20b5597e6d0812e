"""The memberships of a user, which users and groups both write: neither undoes what the other wrote."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.lifecycle.operations import Update
from pulumi_opendatasoft.lifecycle.section import Progress

from ..client.scripted import Reply, Request, Response
from ..conftest import Portal
from ..engine_stub.engine import Engine
from .test_groups_and_users import MEMBERS, invite, members
from .test_odd_portals import GROUP, GROUPS, JOINED, USERS, portal_with

STATE = {"email": "ana@example.com", "permissions": [], "domain": "it"}


class Slow:
    """A portal whose first response about a user is late, so that another write without the lock comes in between."""

    def __init__(self) -> None:
        self.groups: list[str] = []
        self.is_read, self.is_added = threading.Event(), threading.Event()

    def __call__(self, request: Request) -> Reply | None:
        user = {**JOINED, "groups": [{"uid": uid} for uid in self.groups]}
        match request.method, request.path:
            case "GET", "/users/" | "/users/ana/":
                if not self.is_read.is_set():
                    self.is_read.set()
                    self.is_added.wait(0.5)
                listed = {"total_count": 1, "results": [user], "links": []}
                return Response(user if request.path == "/users/ana/" else listed)
            case "PUT", "/users/ana/":
                self.groups = [group["uid"] for group in request.json["groups"]]
                return Response(user)
            case "GET", "/groups/editors/users/":
                return Response({"total_count": 0, "results": [], "links": []})
            case "POST", "/groups/editors/users/":
                self.groups = [*self.groups, "editors"]
                self.is_added.set()
                return Response(user, 201)
        return None


@pytest.mark.parametrize("known", [{"username": "ana", "joined_at": "2026-01-01"}, {}], ids=["known", "just accepted"])
def test_membership_added_during_an_update_of_the_user_stays(known: dict[str, Any]) -> None:
    [section] = GROUPS.handler.sections
    slow = Slow()
    with portal_with(slow) as odd, ThreadPoolExecutor(1) as other:

        def join() -> None:
            slow.is_read.wait()
            section.apply(
                Update(odd.run, "editors", {}, {"members": ["ana"]}, frozenset({"members"}), GROUP), Progress({})
            )

        joined = other.submit(join)
        USERS.update(odd.run, "ana@example.com", {**STATE, **known}, {**STATE, "permissions": ["edit_page"]})
        joined.result()
    assert slow.groups == ["editors"]


def test_many_users_change_and_become_members_in_one_up(engine: Engine, portal: Portal) -> None:
    names = [f"u{number:02}" for number in range(12)]
    invite(portal, *names)

    def program(permission: str, *in_group: str) -> None:
        ods.Group("editors", title="Editors", members=list(in_group))
        for name in names:
            ods.User(name, email=f"{name}@example.com", permissions=[permission], adopt=True)

    engine.up(lambda: program("create_dataset"))
    engine.up(lambda: program("create_dataset"))
    portal.set(latency_ms=60)
    engine.up(lambda: program("edit_dataset", *names))
    portal.set(latency_ms=0)
    assert members(portal) == names


def test_user_created_anew_is_a_member_again(engine: Engine, portal: Portal) -> None:
    def program(provider: str) -> None:
        username: Any = ods.User("ana", email="ana@example.com", identity_provider=provider).username
        ods.Group("editors", title="Editors", members=[username])

    engine.up(lambda: program("city"))
    assert members(portal) == ["ana"]

    portal.forget()
    assert engine.up(lambda: program("region")).steps == {"ana": "replace", "editors": "update"}

    assert portal.writes() == ["DELETE /users/ana/", "POST /users/provision/", f"POST {MEMBERS}"]
    assert members(portal) == ["ana"]
    assert engine.preview(lambda: program("region")).steps == {}
    assert engine.refresh().steps == {}
