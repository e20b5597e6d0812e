"""Reads that a refresh shares: many resources of one type need a few calls."""

from __future__ import annotations

import pulumi_opendatasoft as ods

from ..conftest import Portal
from ..engine_stub.engine import Engine


def users() -> None:
    """Users of the portal."""
    for number in range(12):
        ods.User(f"user-{number}", email=f"user-{number}@example.com")


def test_refresh_of_many_users_is_one_list_call(engine: Engine, portal: Portal) -> None:
    engine.up(users)
    for user in portal.all("/users/"):
        if user["email"].startswith("user-"):
            portal.control.post("/join", json={"email": user["email"]}).raise_for_status()
    engine.refresh()
    portal.forget()
    assert engine.refresh().steps == {}
    single, listed = portal.requests()
    assert single.startswith("GET /users/user")
    assert listed == "GET /users/"
