"""The owners of objects, missing objects, marks, and the messages about taken keys and other portals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from pulumi_opendatasoft.errors import ConfigurationError, ResourceError
from pulumi_opendatasoft.lifecycle.ownership import Ownership, already_there, is_mark, mark_of, only_one
from pulumi_opendatasoft.lifecycle.safeguards import SEVERAL, Census, check_domain

URN = "urn:pulumi:dev::city::pulumi-python:dynamic/opendatasoft:Dataset::air"


def test_ownership_is_per_portal_and_collection() -> None:
    ownership = Ownership()
    ownership.record("city.example", "Group", "editors")
    assert ("city.example", "Group", "editors") in ownership
    assert ("town.example", "Group", "editors") not in ownership
    assert ("city.example", "User", "editors") not in ownership


def test_object_is_owned_by_another_for_other_urns_only() -> None:
    ownership = Ownership()
    ownership.record("city.example", "Group", "editors", URN)
    assert not ownership.is_owned_by_another("city.example", "Group", "editors", URN)
    assert ownership.is_owned_by_another("city.example", "Group", "editors", URN + "-of-old")
    assert not ownership.is_owned_by_another("city.example", "Group", "readers", URN)


def test_object_recorded_without_urn_is_owned_by_another() -> None:
    ownership = Ownership()
    ownership.record("city.example", "Group", "editors")
    assert ownership.is_owned_by_another("city.example", "Group", "editors", "")


def test_natural_key_can_be_claimed_once() -> None:
    ownership = Ownership()
    assert ownership.claim_key("city.example", "Group", 'a group with title "E"')
    assert not ownership.claim_key("city.example", "Group", 'a group with title "E"')
    assert ownership.claim_key("town.example", "Group", 'a group with title "E"')


def test_unsettled_key_is_claimed_by_another_for_other_urns() -> None:
    ownership, key = Ownership(), 'a dataset with dataset_id "air"'
    ownership.claim_key("city.example", "Dataset", key, URN)
    assert ownership.is_claimed_by_another("city.example", "Dataset", key, URN + "-of-old")
    assert not ownership.is_claimed_by_another("city.example", "Dataset", key, URN)
    assert not ownership.is_claimed_by_another("city.example", "Dataset", key, "")
    assert not ownership.is_claimed_by_another("town.example", "Dataset", key, URN + "-of-old")
    ownership.settle_key("city.example", "Dataset", key)
    assert not ownership.is_claimed_by_another("city.example", "Dataset", key, URN + "-of-old")


def test_only_one_of_several_threads_takes_an_object() -> None:
    ownership = Ownership()
    assert ownership.take_if_free("city.example", "HTTPConnection", "co_1")
    assert not ownership.take_if_free("city.example", "HTTPConnection", "co_1")
    assert ownership.is_owned_by_another("city.example", "HTTPConnection", "co_1", URN)
    ownership.record("city.example", "HTTPConnection", "co_2", URN)
    assert not ownership.take_if_free("city.example", "HTTPConnection", "co_2")


def test_deleted_objects_are_known_by_their_references() -> None:
    ownership = Ownership()
    ownership.mark_deleted("city.example", "Group", {"uid": "editors", "title": "Editors", "user_count": 3})
    assert ownership.is_deleted("city.example", "Group.uid", "editors")
    assert not ownership.is_deleted("city.example", "User.username", "editors")
    assert not ownership.is_deleted("town.example", "Group.uid", "editors")


def test_few_missing_objects_count_as_gone() -> None:
    census = Census(patience=0.01)
    assert [census.missed() for _ in range(SEVERAL - 1)] == [False] * (SEVERAL - 1)


def test_several_missing_at_once_do_not_count_as_gone() -> None:
    census = Census()
    with ThreadPoolExecutor(SEVERAL) as engine:
        assert list(engine.map(lambda _: census.missed(), range(SEVERAL))) == [True] * SEVERAL
    assert census.missed()


def test_one_found_object_ends_the_wait() -> None:
    census = Census(patience=60)
    with ThreadPoolExecutor(1) as engine:
        missed = engine.submit(census.missed)
        census.found()
        assert not missed.result(timeout=30)
    assert [census.missed() for _ in range(SEVERAL)] == [False] * SEVERAL


def test_mark_is_of_one_resource_and_reveals_nothing() -> None:
    mark = mark_of(URN)
    assert is_mark(mark)
    assert mark == mark_of(URN)
    assert mark != mark_of(URN.replace("dev", "prod"))
    assert "air" not in mark


@pytest.mark.parametrize("title", ["Air quality", "unfinished", "unfinished work of Ana", "", None, 3, {"value": "x"}])
def test_other_titles_are_no_marks(title: object) -> None:
    assert not is_mark(title)


def test_mark_with_a_suffix_is_no_mark() -> None:
    assert not is_mark(f"{mark_of(URN)} (copy)")


def test_adoption_by_natural_key_needs_exactly_one_object() -> None:
    one, other = {"uid": "co_1"}, {"uid": "co_2"}
    assert only_one("a connection to x", [one], "uid") is one
    with pytest.raises(
        ResourceError,
        match=r'^the portal has a connection to x more than once \(co_1, co_2\)\. Name one of them: adopt="co_1"$',
    ):
        only_one("a connection to x", [one, other], "uid")


def test_taken_key_message_offers_aliases_and_adoption() -> None:
    text = str(already_there('a group with title "E"', "e", is_owned=False))
    assert 'a group with title "E" (e)' in text
    assert "nothing was written" in text
    assert 0 < text.index("aliases") < text.index("opendatasoft:resume e`") < text.index("adopt=True")


def test_taken_key_of_several_is_offered_by_id() -> None:
    assert 'adopt="co_1"' in str(already_there("a connection to x", "co_1", is_owned=False, adopt_by_id=True))


def test_owned_key_is_not_offered_for_adoption() -> None:
    text = str(already_there('a group with title "E"', "e", is_owned=True))
    assert text == 'another resource of this program already has a group with title "E" (e): remove one of the two'


@pytest.mark.parametrize(
    ("state", "moved_from"),
    [(None, ()), ("new.example", ()), ("old.example", ("older.example", "old.example"))],
)
def test_state_of_this_portal_is_accepted(state: str | None, moved_from: tuple[str, ...]) -> None:
    check_domain(state, "new.example", moved_from)


def test_state_of_another_portal_is_refused_with_the_remedy() -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_domain("old.example", "new.example", ("older.example",))
    text = str(refused.value)
    assert "lives on old.example" in text
    assert "configured for new.example" in text
    assert "pulumi config set opendatasoft:movedFrom old.example" in text
