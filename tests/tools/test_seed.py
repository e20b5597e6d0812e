"""The first content of the demo's portal: one dataset, made once."""

import pytest

from tests.conftest import Portal
from tools.seed import DATASET_ID, SeedError, seed


def test_seed_publishes_one_dataset_with_records(portal: Portal) -> None:
    seed(portal.url, portal.key)
    assert portal.records(DATASET_ID)["total_count"] == 6
    assert portal.dataset(DATASET_ID)["metadata"]["default"]["publisher"]["value"] == "The region"


def test_second_seed_writes_nothing(portal: Portal) -> None:
    seed(portal.url, portal.key)
    portal.forget()
    seed(portal.url, portal.key)
    assert portal.writes() == []
    assert [dataset["dataset_id"] for dataset in portal.all("/datasets/")] == [DATASET_ID]


def test_refused_call_is_named_without_the_key(portal: Portal) -> None:
    portal.fail({"method": "POST", "path": "/datasets/", "nth": 1, "fault": "status:503"})
    with pytest.raises(SeedError, match=r"could not be given its first dataset: .*503") as failure:
        seed(portal.url, portal.key)
    assert portal.key not in str(failure.value)


def test_portal_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(SeedError):
        seed("http://127.0.0.1:9", "0" * 56)
