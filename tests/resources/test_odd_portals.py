"""Users and groups on portals whose search finds less, and whose lists contain users without a username."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.errors import ResourceError
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.operations import Reading, Update
from pulumi_opendatasoft.lifecycle.results import Missing
from pulumi_opendatasoft.lifecycle.section import Progress

from ..client.conftest import KEY
from ..client.scripted import Reply, Request, Response, ScriptedPortal, refusal, serving

USERS, GROUPS = ods.User.lifecycle(), ods.Group.lifecycle()
OPEN: dict[str, Any] = {
    "username": None,
    "email": "ana@example.com",
    "joined_at": None,
    "permissions": [],
    "groups": [],
}
JOINED = {**OPEN, "username": "ana", "joined_at": "2026-01-01T00:00:00Z"}
GROUP = {"uid": "editors", "title": "Editors", "description": "", "permissions": [], "user_count": 2}


@dataclass
class OddPortal:
    """A portal, and the calls and warnings of one resource on it."""

    portal: ScriptedPortal
    client: Client
    warnings: list[str] = field(default_factory=list)

    @property
    def run(self) -> Context:
        """The context of one step."""
        return Context(self.client, 'User "ana"', warn=self.warnings.append)

    @property
    def writes(self) -> list[str]:
        """The writing calls."""
        return [call for call in self.portal.calls() if not call.startswith("GET ")]


@contextmanager
def portal_with(answer: Callable[[Request], Reply | None]) -> Iterator[OddPortal]:
    """A portal with these responses, and 404 for everything else."""
    with (
        serving(lambda request: answer(request) or refusal(404, "NotFound")) as portal,
        Client(portal.url, KEY, retries=0) as client,
    ):
        yield OddPortal(portal, client)


def listing(path: str, *rows: dict[str, Any], finds: bool = False) -> Callable[[Request], Reply | None]:
    """The list of a collection; `finds` is whether a search in it finds anything."""

    def answer(request: Request) -> Reply | None:
        if (request.method, request.path) != ("GET", path):
            return None
        found = [] if "search" in request.query and not finds else rows
        return Response({"total_count": len(found), "results": found, "links": []})

    return answer


# ---------------------------------------------------------------- objects that a search misses


def test_user_missed_by_the_search_is_found_in_the_list() -> None:
    with portal_with(listing("/users/", JOINED)) as odd:
        assert USERS.handler.find(odd.run, {"email": "Ana@example.com"}) == [JOINED]
        assert USERS.handler.read(Reading(odd.run, "ana@example.com", {})) == JOINED
        assert USERS.handler.find(odd.run, {"email": "bea@example.com"}) == []
        with pytest.raises(Missing):
            USERS.handler.read(Reading(odd.run, "bea@example.com", {}))


def test_group_missed_by_the_search_is_found_in_the_list() -> None:
    with portal_with(listing("/groups/", GROUP)) as odd:
        assert GROUPS.handler.find(odd.run, {"title": "Editors"}) == [GROUP]
        assert GROUPS.handler.find(odd.run, {"title": "editors"}) == []


@pytest.mark.parametrize(
    ("lifecycle", "path", "row"), [(USERS, "/users/", JOINED), (GROUPS, "/groups/", GROUP)], ids=["user", "group"]
)
def test_user_found_by_the_search_needs_no_list(lifecycle: Any, path: str, row: dict[str, Any]) -> None:
    with portal_with(listing(path, row, finds=True)) as odd:
        assert lifecycle.handler.find(odd.run, {"email": "ana@example.com", "title": "Editors"}) == [row]
        assert len(odd.portal.calls()) == 1


# ---------------------------------------------------------------- an open invitation that is listed without a username


def test_user_without_username_is_not_changed() -> None:
    state = {"email": "ana@example.com", "permissions": [], "domain": "it"}
    with portal_with(listing("/users/", OPEN)) as odd:
        with pytest.raises(ResourceError) as refused:
            USERS.update(odd.run, "ana@example.com", state, {**state, "permissions": ["edit_dataset"]})
        message = "the invitation to ana@example.com is still open: change the user once it is accepted"
        assert str(refused.value) == message
        assert odd.writes == []


def test_destroy_warns_of_an_invitation_without_username() -> None:
    with portal_with(listing("/users/", OPEN)) as odd:
        USERS.handler.delete(Reading(odd.run, "ana@example.com", {"email": "ana@example.com"}))
        assert odd.warnings == ["the API cannot withdraw the invitation to ana@example.com: do so in the back office"]
        assert odd.writes == []


def test_destroy_warns_of_a_joined_user_that_is_not_found() -> None:
    with portal_with(listing("/users/")) as odd:
        left = {"email": "ana@example.com", "joined_at": "2026-01-01T00:00:00Z"}
        USERS.handler.delete(Reading(odd.run, "ana@example.com", left))
        assert odd.warnings == [
            f"{odd.portal.host} has no user with the address ana@example.com: look there for another address"
        ]


def test_members_without_a_username_are_left_alone() -> None:
    [members] = GROUPS.handler.sections
    with portal_with(listing("/groups/editors/users/", OPEN, JOINED)) as odd:
        assert members.read(Reading(odd.run, "editors", {}), GROUP) == ["ana"]
        members.apply(Update(odd.run, "editors", {}, {"members": ["ana"]}, frozenset({"members"}), GROUP), Progress({}))
        assert odd.writes == []
