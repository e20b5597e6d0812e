"""API keys: revoked instead of deleted, rotated by a word, found after a lost answer; the one in use is kept."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from .observations import is_settled

ALL = "/apikeys/"
POST = f"POST {ALL}"
LOST = {"method": "POST", "path": f"^{ALL}$", "nth": 1, "fault": "reset_after_commit"}


def key(name: str = "it", **given: Any) -> None:
    """A program of one key."""
    ods.ApiKey(name, **{"label": "nightly import", "permissions": ["edit_dataset"], **given})


def keys(portal: Portal) -> list[dict[str, Any]]:
    """The keys that open something, but for the one that the stack calls with."""
    every = portal.emulator.portal.store.all("api_key")
    return [one for one in every if one["revoked_at"] is None and one["key"] != portal.key]


def own_uid(portal: Portal) -> str:
    """The uid of the key that the stack calls with."""
    [found] = portal.emulator.portal.store.find("api_key", "key", portal.key)
    return str(found["uid"])


def revoke(portal: Portal, uid: str) -> None:
    """Revoke a key behind the program's back."""
    portal.post(f"{ALL}{uid}/revoke/", {"reason": "leaked"})


# ---------------------------------------------------------------- what a key is


def test_key_is_a_secret_output_that_opens_the_api(engine: Engine, portal: Portal) -> None:
    engine.up(key)

    [made] = keys(portal)
    outputs = engine.get("it").outputs
    assert (outputs["key"], outputs["user"], outputs["uid"]) == (made["key"], "admin", made["uid"])
    assert ods.ApiKey.declaration().shape["key"].behaviour.secret
    is_settled(engine, portal, key)


def test_key_that_is_returned_once_is_kept(engine: Engine, portal: Portal) -> None:
    portal.set(api_key_told="once")
    engine.up(key)
    secret = keys(portal)[0]["key"]
    is_settled(engine, portal, key)

    engine.up(lambda: key(label="weekly import"))

    assert engine.get("it").outputs["key"] == secret
    assert keys(portal)[0]["label"] == "weekly import"


def test_destroyed_key_is_revoked_with_the_reason(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: key(revocation_reason="the import moved"))
    uid = engine.get("it").id
    portal.forget()

    engine.destroy()

    assert portal.writes() == [f"{POST[:-1]}/{uid}/revoke/"]
    assert portal.get(f"{ALL}{uid}/")["revocation_status"]["revocation_reason"] == "the import moved"


def test_lost_answer_to_a_revocation_is_looked_up(engine: Engine, portal: Portal) -> None:
    engine.up(key)
    portal.forget()
    portal.fail({**LOST, "path": "/revoke/$"})

    engine.destroy()

    assert len(portal.writes()) == 1
    assert keys(portal) == []


# ---------------------------------------------------------------- revoked is gone


@pytest.mark.parametrize("number", [1, 12])
def test_revoked_keys_are_gone_read_alone_or_by_list(engine: Engine, portal: Portal, number: int) -> None:
    def several() -> None:
        for one in range(number):
            key(f"key-{one}")

    engine.up(several)
    for one in keys(portal):
        revoke(portal, one["uid"])
    portal.forget()

    assert set(engine.refresh().steps.values()) == {"delete"}

    assert (f"GET {ALL}" in portal.requests()) is (number > 1)
    assert set(engine.up(several).steps.values()) == {"create"}
    assert len(keys(portal)) == number


def test_key_of_another_user_is_not_taken_for_gone(engine: Engine, portal: Portal) -> None:
    engine.up(key)
    store, uid = portal.emulator.portal.store, engine.get("it").id
    store.put("api_key", uid, {**(store.get("api_key", uid) or {}), "username": "ana"})
    engine.get("it").outputs["user"] = "ana"

    refreshed = engine.refresh(ok=False)
    destroyed = engine.destroy(ok=False)

    for failed in (refreshed, destroyed):
        assert f"{uid} is a key of ana, and this stack calls {portal.host} as admin" in failed.errors[0]
    assert "Give the stack a key of ana (opendatasoft:apiKey)" in refreshed.errors[0]
    assert len(keys(portal)) == 1


# ---------------------------------------------------------------- a lost answer


def test_lost_answer_is_settled_without_a_second_key(engine: Engine, portal: Portal) -> None:
    portal.fail(LOST)

    engine.up(key)

    [made] = keys(portal)
    assert (engine.get("it").id, engine.get("it").outputs["key"]) == (made["uid"], made["key"])
    assert [call for call in portal.writes() if call == POST] == [POST]
    is_settled(engine, portal, key)


def test_equal_key_of_before_is_not_taken_for_the_lost_one(engine: Engine, portal: Portal) -> None:
    before = portal.post(ALL, {"label": "nightly import", "permissions": ["edit_dataset"]})
    portal.fail({**LOST, "fault": "reset"})

    engine.up(key, ok=None)
    engine.up(key)

    assert engine.get("it").id != before["uid"]
    assert len(keys(portal)) == 2


def test_two_lost_answers_of_one_label_are_two_keys(engine: Engine, portal: Portal) -> None:
    def two() -> None:
        key("one")
        key("two")

    portal.fail(LOST, {**LOST, "nth": 2})

    engine.up(two)

    assert sorted(one["uid"] for one in keys(portal)) == sorted({engine.get(name).id for name in ("one", "two")})


def test_secret_lost_for_good_is_recorded_and_rotated(engine: Engine, portal: Portal) -> None:
    portal.set(api_key_told="once")
    portal.fail(LOST)

    failed = engine.up(key, ok=False)

    [lost] = keys(portal)
    assert engine.get("it").id == lost["uid"]
    assert "key" not in engine.get("it").outputs
    assert f"does not return the secret of {lost['uid']} a second time" in failed.errors[0]
    assert "The next `up` rotates the key" in failed.errors[0]
    engine.refresh()
    assert engine.preview(key).steps == {"it": "replace"}
    portal.forget()

    assert engine.up(key).steps == {"it": "replace"}

    assert portal.writes() == [POST, f"{POST}{lost['uid']}/revoke/"]
    [made] = keys(portal)
    assert engine.get("it").outputs["key"] == made["key"] != lost["key"]
    is_settled(engine, portal, key)


def test_secret_lost_for_good_is_revoked_by_a_destroy(engine: Engine, portal: Portal) -> None:
    portal.set(api_key_told="once")
    portal.fail(LOST)
    engine.up(key, ok=False)

    engine.destroy()

    assert keys(portal) == []


# ---------------------------------------------------------------- the key in use


def test_key_in_use_is_never_revoked(engine: Engine, portal: Portal) -> None:
    engine.up(key)
    engine.config["opendatasoft:apiKey"] = engine.get("it").outputs["key"]

    refused = engine.destroy(ok=False)

    assert f"is the API key that this stack itself calls {portal.host} with" in refused.errors[0]
    assert "Give the stack another key of the same user (opendatasoft:apiKey), then run again" in refused.errors[0]
    assert len(keys(portal)) == 1
    engine.config["opendatasoft:apiKey"] = portal.key
    assert engine.destroy().steps == {"it": "delete"}
    assert keys(portal) == []


def own(portal: Portal) -> dict[str, Any]:
    """The key that the stack calls with, as the portal keeps it."""
    return dict(portal.emulator.portal.store.get("api_key", own_uid(portal)) or {})


def adopt_own_key(engine: Engine, portal: Portal) -> None:
    """Take over the key in use, of which the portal does not return the secret; then own it."""
    portal.set(api_key_told="once")
    uid = own_uid(portal)
    given = {"label": own(portal)["label"], "permissions": own(portal)["permissions"]}
    engine.up(lambda: key(adopt=uid, **given))
    engine.up(lambda: key(**given))
    assert "key" not in engine.get("it").outputs


@pytest.mark.reaches("ApiKey", "POST /apikeys/search_key/")
def test_key_in_use_of_unknown_secret_is_searched_for(engine: Engine, portal: Portal) -> None:
    adopt_own_key(engine, portal)

    refused = engine.destroy(ok=False)

    assert "is the API key that this stack itself calls" in refused.errors[0]
    assert own(portal)["revoked_at"] is None


def test_key_that_may_be_in_use_is_not_revoked(engine: Engine, portal: Portal) -> None:
    adopt_own_key(engine, portal)
    portal.fail({"method": "POST", "path": "/search_key/$", "nth": 1, "fault": "status:403"})

    refused = engine.destroy(ok=False)

    assert "they may be the same, so it was not revoked" in refused.errors[0]
    assert own(portal)["revoked_at"] is None


# ---------------------------------------------------------------- rotation and adoption


def test_another_word_makes_another_key_before_it_revokes(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: key(rotate="2026-01"))
    old = engine.get("it")
    portal.forget()

    assert engine.up(lambda: key(rotate="2026-02")).steps == {"it": "replace"}

    assert portal.writes() == [POST, f"{POST}{old.id}/revoke/"]
    assert engine.get("it").outputs["key"] != old.outputs["key"]
    is_settled(engine, portal, lambda: key(rotate="2026-02"))


def test_first_word_of_rotation_replaces_nothing(engine: Engine, portal: Portal) -> None:
    engine.up(key)
    uid = engine.get("it").id
    portal.forget()

    assert engine.up(lambda: key(rotate="2026-01")).steps == {"it": "update"}

    assert (engine.get("it").id, portal.requests()) == (uid, [])
    assert engine.up(lambda: key(rotate="2026-02")).steps == {"it": "replace"}


def test_adoption_without_a_uid_is_refused(engine: Engine, portal: Portal) -> None:
    refused = engine.preview(lambda: key(adopt=True), ok=False)

    assert 'labels repeat, so only the uid says which key is meant: adopt="ak_…"' in refused.errors[0]
    assert portal.requests() == []


def test_adoption_by_uid_reads_only_then_changes(engine: Engine, portal: Portal) -> None:
    there = portal.post(ALL, {"label": "by hand", "permissions": []})
    portal.forget()

    engine.up(lambda: key(adopt=there["uid"]))
    assert portal.writes() == []
    engine.up(lambda: key(adopt=there["uid"]))

    assert [one["label"] for one in keys(portal)] == ["nightly import"]
    assert engine.get("it").outputs["key"] == there["key"]
    engine.destroy()
    assert len(keys(portal)) == 1, "what was adopted is left"


def test_rotation_of_what_is_adopted_again_is_refused(engine: Engine, portal: Portal) -> None:
    there = portal.post(ALL, {"label": "by hand", "permissions": []})
    engine.up(lambda: key(adopt=there["uid"], rotate="2026-01"))

    refused = engine.preview(lambda: key(adopt=there["uid"], rotate="2026-02"), ok=False)

    assert "takes the same key again: take `adopt` out first" in refused.errors[0]


def test_revoked_key_is_not_adopted(engine: Engine, portal: Portal) -> None:
    there = portal.post(ALL, {"label": "by hand", "permissions": []})
    revoke(portal, there["uid"])

    refused = engine.up(lambda: key(adopt=there["uid"]), ok=False)

    assert "the portal has no such API key" in refused.errors[0]
