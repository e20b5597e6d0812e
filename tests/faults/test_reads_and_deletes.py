"""Reads that fail leave the state alone; deletes that meet nothing have succeeded, and half-done ones go on."""

from __future__ import annotations

import re

import pytest
from opendatasoft_emulator.state.permissions import DOMAIN_PERMISSIONS

from ..conftest import Portal
from .conftest import City
from .content import content
from .fleet import TRIED
from .program import DECLARES

TYPES = tuple(DECLARES)

READ_FAULTS = ("status:500", "status:503", "status:403", "status:401", "status:429", "garbage", "reset")
"""What may come of a call instead of its answer; none of it means that something is gone."""


@pytest.mark.parametrize("every", TRIED)
@pytest.mark.parametrize("kind", TYPES)
def test_a_read_that_fails_leaves_the_state_alone(city: City, kind: str, every: bool) -> None:
    """Each call meets every third fault, the one after it the next ones; with the mark `trust`, each call all."""
    city.engine.up(city.only(kind))
    city.portal.forget()
    city.engine.refresh()
    before = dict(city.engine.resources)  # with what the portal set after the `up`, such as a time
    calls = len(city.portal.requests())
    assert calls >= 1

    for number, fault in enumerate(READ_FAULTS):
        for nth in range(1, calls + 1):
            if not every and (number + nth) % 3:
                continue
            city.portal.fail({"nth": nth, "fault": fault})
            outcome = city.engine.refresh(ok=False)
            assert city.engine.resources == before, f"{fault} at call {nth} of {calls}"
            [told] = outcome.errors
            assert f'{kind} "air"' in told
    city.portal.fail()
    assert city.engine.refresh().steps == {}


@pytest.mark.parametrize("kind", TYPES)
def test_a_404_that_the_api_did_not_write_is_not_a_loss(city: City, kind: str) -> None:
    """What a server before the portal says to a path that it does not know."""
    city.engine.up(city.only(kind))
    before = dict(city.engine.resources)
    city.portal.fail({"fault": "status:404"})
    city.engine.refresh(ok=False)
    assert city.engine.resources == before


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_gone_already_is_deleted_quietly(city: City, kind: str) -> None:
    city.engine.up(city.only(kind))
    if kind == "User":  # an invitation that is still open cannot be told from one that was withdrawn
        city.portal.control.post("/join", json={"email": "air@example.org"}).raise_for_status()
        city.engine.refresh()
    _delete_behind(city.portal, kind)
    outcome = city.engine.destroy()
    assert outcome.said() == []
    assert city.engine.resources == {}


@pytest.mark.parametrize("fault", ["reset_after_commit", "status:500", "status:503"])
def test_a_delete_whose_answer_was_lost_is_done_once_more(city: City, fault: str) -> None:
    city.engine.up(city.whole())
    city.engine.config["opendatasoft:maxRetries"] = "1"
    city.portal.fail({"method": "DELETE", "path": "^/datasets/", "nth": 1, "fault": fault})
    city.engine.destroy()
    assert _left(city.portal) == []


@pytest.mark.parametrize("every", TRIED)
def test_a_destroy_failing_at_any_call_goes_on_next(city: City, every: bool) -> None:
    """In a sample, at any call that deletes something."""
    empty = content(city.portal)
    city.engine.up(city.whole())
    city.portal.forget()
    city.engine.destroy()
    calls = city.portal.requests()
    invitations = content(city.portal)["invitations"]
    assert {**content(city.portal), "invitations": []} == {**empty, "invitations": []}
    assert len(invitations) == 3

    for k in range(1, len(calls) + 1):
        if not every and not calls[k - 1].startswith("DELETE"):
            continue
        city.engine.up(city.whole())
        city.portal.fail({"from": k, "fault": "status:500"})
        outcome = city.engine.destroy(ok=False)
        assert len(outcome.errors) == 1, calls[k - 1]
        city.portal.fail()
        kept = {resource.name for resource in city.engine.resources.values()}
        assert {"air", "depot", "eve", "old", "town"} - outcome.steps.keys() == kept
        city.engine.destroy()
        assert city.engine.resources == {}
        assert {**content(city.portal), "invitations": []} == {**empty, "invitations": []}


def test_a_key_that_sees_nothing_is_not_a_loss(city: City) -> None:
    city.engine.up(city.only("Dataset"))
    before = dict(city.engine.resources)
    city.portal.set(forbidden_dataset="not_found")
    city.engine.config["opendatasoft:apiKey"] = _key(city.portal, "explore_restricted_dataset")
    outcome = city.engine.refresh(ok=False)
    assert city.engine.resources == before
    [told] = outcome.errors
    assert told.startswith('Dataset "air": ')
    assert "is it the right portal and the right key?" in told


def test_a_key_that_is_refused_is_not_a_loss(city: City) -> None:
    city.engine.up(city.whole())
    before = dict(city.engine.resources)
    city.engine.config["opendatasoft:apiKey"] = "0" * 56
    outcome = city.engine.refresh(ok=False)
    assert city.engine.resources == before
    assert len(outcome.errors) == 5
    assert all("does not accept the API key" in told for told in outcome.errors)


def test_one_object_among_others_that_is_gone_is_believed_gone(city: City) -> None:
    city.engine.up(city.whole())
    _delete_behind(city.portal, "Group")
    assert city.engine.refresh().steps == {"town": "delete"}
    assert city.engine.up(city.whole()).steps == {"town": "create"}


def test_an_unlisted_invitation_is_neither_gone_nor_repeated(city: City) -> None:
    city.portal.set(open_invitation="hidden")
    city.engine.up(city.only("User"))
    assert city.engine.refresh().steps == {}
    assert city.engine.up(city.only("User")).steps == {}
    assert content(city.portal)["invitations"].count("air@example.org") == 1

    city.portal.control.post("/join", json={"email": "air@example.org"}).raise_for_status()
    city.engine.refresh()
    assert city.engine.get("air").outputs["username"] == "air"
    city.portal.delete("/users/air/")
    assert city.engine.refresh().steps == {"air": "delete"}


def test_an_unlisted_invitation_is_left_with_a_warning(city: City) -> None:
    city.portal.set(open_invitation="hidden")
    city.engine.up(city.only("User"))
    outcome = city.engine.destroy()
    assert outcome.said("WARNING") == [
        "the API cannot withdraw the invitation to air@example.org: do so in the back office"
    ]


@pytest.mark.parametrize("answer", ["not_found", "empty"])
def test_an_empty_template_is_drift_and_not_a_loss(city: City, answer: str) -> None:
    city.portal.set(empty_template=answer)
    city.engine.up(city.only("Dataset"))
    uid = city.engine.get("air").id
    for field in ("owner", "floor"):
        city.portal.delete(f"/datasets/{uid}/metadata/custom/{field}/")
    outcome = city.engine.refresh()
    assert outcome.steps == {"air": "update"}
    assert all(re.match(r"metadata\.templates\.custom\b", path) for path in outcome.changed["air"])
    city.engine.up(city.only("Dataset"))
    assert city.portal.get(f"/datasets/{uid}/metadata/custom/owner/") == {"value": "air"}
    assert city.engine.preview(city.only("Dataset")).steps == {}


def _delete_behind(portal: Portal, kind: str) -> None:
    if kind == "Group":
        group = next(g for g in portal.all("/groups/") if g["title"].endswith(" editors"))
        portal.delete(f"/groups/{group['uid']}/")
    elif kind == "User":
        portal.delete("/users/air/")
    elif kind == "HTTPConnection":
        connection = next(c for c in portal.all("/datasource_connections/") if "example.org" in c["url"])
        portal.delete(f"/datasource_connections/{connection['uid']}/")
    elif kind == "MetadataTemplate":
        portal.delete("/metadata/templates/air/")
    elif kind == "CodeEditorPage":
        portal.delete("/code_editor_pages/air/")
    elif kind == "StudioPage":
        [page] = portal.all("/studio_pages/")
        portal.delete(f"/studio_pages/{page['uid']}/")
    elif kind == "Harvester":
        portal.delete("/harvesters/air-region/?delete_attached_datasets=false")
        while portal.all("/harvesters/"):
            pass
    else:
        portal.delete(f"/datasets/{portal.dataset('air')['uid']}/")


def _left(portal: Portal) -> list[str]:
    found = content(portal)
    return [d["dataset_id"] for d in found["datasets"]] + [
        g["title"] for g in found["groups"] if "editors" in g["title"]
    ]


def _key(portal: Portal, *permissions: str) -> str:
    """A key of the administrator that may do only this."""
    assert set(permissions) <= set(DOMAIN_PERMISSIONS)
    return str(portal.post("/apikeys/", {"label": "narrow", "permissions": list(permissions)})["key"])
