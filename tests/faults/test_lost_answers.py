"""Answers that were lost where looking is hard, and steps of several parts that end between two of them."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..engine_stub.program import Program
from .conftest import City

GOOD = "station,value\nabbey,1\nbarn,2\n"


def air(city: City, **more: Any) -> Program:
    file = ods.File(city.folder / "stations.csv")
    sources = {"stations": ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=file))}
    return lambda: ods.Dataset("air", sources=sources, **more)


# ---------------------------------------------------------------- what no list shows


@pytest.mark.parametrize("fault", ["reset_after_commit", "status:500"])
def test_a_draft_that_no_list_shows_is_not_made_twice(city: City, fault: str) -> None:
    """A dataset that is to be a draft becomes one only when it can be found no more by its mark."""
    program = air(city, metadata=ods.Metadata(internal=ods.InternalMetadata(draft=True)))
    city.engine.config["opendatasoft:maxRetries"] = "1"
    city.portal.fail({"method": "POST", "path": "^/datasets/$", "nth": 1, "fault": fault})
    city.engine.up(program)
    uid = city.engine.get("air").id
    assert city.portal.get(f"/datasets/{uid}/metadata/internal/draft/") == {"value": True}
    assert city.engine.preview(program).steps == {}
    assert city.engine.refresh().steps == {}


def test_an_unlisted_invitation_is_sent_once(city: City) -> None:
    city.portal.set(open_invitation="hidden")
    city.engine.config["opendatasoft:maxRetries"] = "1"
    city.portal.fail({"method": "POST", "path": "^/users/invite/$", "nth": 1, "fault": "reset_after_commit"})
    [told] = city.engine.up(city.only("User"), ok=False).errors
    assert told.startswith('User "air": an invitation to "air@example.org" may have been sent')
    [line] = city.engine.up(city.only("User")).said()
    assert line == "air@example.org was invited by an interrupted `up` of this resource already"
    mails = city.portal.control.get("/outbox").raise_for_status().json()
    assert [mail["to"] for mail in mails].count("air@example.org") == 1
    assert city.engine.get("air").outputs["adopted"] is False

    city.portal.control.post("/join", json={"email": "air@example.org"}).raise_for_status()
    city.engine.refresh()
    assert city.engine.preview(city.only("User")).steps == {}
    assert city.portal.get("/users/air/")["groups"] == [{"uid": "readers"}]


# ---------------------------------------------------------------- steps of several parts


@pytest.mark.parametrize(("published", "every"), [(True, 1), (None, 3), pytest.param(None, 1, marks=pytest.mark.trust)])
def test_a_renamed_dataset_is_public_again_wherever_it_failed(city: City, published: bool | None, every: int) -> None:
    """It is unpublished, renamed and published: who sees it in between must not stay without it."""
    before, after = (
        air(city, dataset_id=name, published=published, allow_data_loss=True, is_restricted=name == "noise")
        for name in ("air", "noise")
    )
    city.engine.up(before)
    uid = city.engine.get("air").id
    city.portal.post(f"/datasets/{uid}/publish/")
    city.engine.up(air(city, dataset_id="air", published=published, allow_data_loss=True, is_restricted=None))
    city.portal.forget()
    city.engine.up(after)
    calls = len(city.portal.requests())

    tries, tried = 0, range(1, calls + 1, every)
    for k in tried:
        wanted, program = ("air", before) if k % 2 else ("noise", after)
        city.portal.fail({"from": k, "fault": "status:500"})
        failed = city.engine.up(program, ok=None)
        city.portal.fail()
        if not failed.errors:
            continue  # one look at the status less than the first time
        tries += 1
        city.engine.up(program)
        dataset = city.portal.get(f"/datasets/{uid}/")
        assert (dataset["dataset_id"], dataset["is_published"]) == (wanted, True), f"from call {k} of {calls}"
        assert city.engine.preview(program).steps == {}
    assert tries >= len(tried) - 3 // every


def test_a_dataset_is_unpublished_wherever_that_failed(city: City) -> None:
    public, hidden = (air(city, published=published, allow_data_loss=True) for published in (True, False))
    city.engine.up(public)
    city.portal.forget()
    city.engine.up(hidden)
    calls = len(city.portal.requests())
    failures = 0
    for k in range(1, calls + 1):
        city.engine.up(public)
        city.portal.fail({"from": k, "fault": "status:500"})
        failures += bool(city.engine.up(hidden, ok=None).errors)
        city.portal.fail()
        city.engine.up(hidden)
        assert city.portal.dataset("air")["is_published"] is False, f"from call {k} of {calls}"
        assert city.engine.preview(hidden).steps == {}
    assert failures >= calls - 3


def test_a_replacement_that_fails_at_any_call_is_finished(city: City) -> None:
    """Another address is another user: the old one goes first."""

    def person(email: str) -> Program:
        return lambda: ods.User("somebody", email=email, permissions=["edit_dataset"])

    city.engine.up(person("a@example.org"))
    city.portal.forget()
    assert city.engine.up(person("b@example.org")).steps == {"somebody": "replace"}
    calls = city.portal.requests()
    for k in range(1, len(calls) + 1):
        email = f"{k}@example.org"
        city.portal.fail({"from": k, "fault": "status:500"})
        city.engine.up(person(email), ok=False)
        city.portal.fail()
        city.engine.up(person(email))
        people = {user["email"] for user in city.portal.all("/users/")}
        assert people - {"admin@localhost.localdomain", "ana@example.org", "ben@example.org"} == {email}, calls[k - 1]
        assert city.engine.preview(person(email)).steps == {}
