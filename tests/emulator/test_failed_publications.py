"""Tests of publications that fail, and of problems that a status names."""

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, body_of, new_dataset, public, publish, records
from .conftest import Switch


def test_a_first_publish_that_fails_makes_nothing_public(
    emulator: Emulator, api: httpx.Client, dataset: str, switch: Switch
) -> None:
    body_of(api.post(f"/datasets/{dataset}/processors/", json={"type": "string_replace", "label": "x"}), 201)

    status = publish(api, dataset)

    assert (status["status"], status["previous"], status["is_published"]) == ("error", "processing", False)
    assert "string_replace" in status["message"]
    assert public(emulator, "/air").status_code == 404
    switch(failed_first_publish="published")
    assert publish(api, dataset)["is_published"] is True


def test_a_publish_that_fails_leaves_the_old_records(emulator: Emulator, api: httpx.Client, dataset: str) -> None:
    publish(api, dataset)
    processor = body_of(
        api.post(f"/datasets/{dataset}/processors/", json={"type": "string_replace", "label": "x"}), 201
    )

    failed = publish(api, dataset)

    assert (failed["status"], failed["is_published"]) == ("error", True)
    assert len(records(emulator)) == 2
    assert api.delete(f"/datasets/{dataset}/processors/{processor['uid']}/").status_code == 204
    corrected = publish(api, dataset)
    assert (corrected["status"], corrected["message"]) == ("idle", None)


def test_unsupported_configuration_is_noted_in_the_status(api: httpx.Client, dataset: str) -> None:
    body_of(api.post(f"/datasets/{dataset}/processors/", json={"type": "own_invention", "label": "x"}), 201)

    status = publish(api, dataset)

    assert (status["status"], status["is_published"]) == ("idle", True)
    assert "own_invention" in status["message"]


def test_lost_values_are_listed_after_a_successful_publish(api: httpx.Client, dataset: str) -> None:
    rule = body_of(
        api.post(f"/datasets/{dataset}/fields/", json={"type": "type", "field": "city", "type_param": "int"}), 201
    )

    status = publish(api, dataset)

    assert (status["status"], len(status["records_errors"])) == ("idle", 2)
    error = status["records_errors"][0]
    assert (error["field_uid"], error["processor_uid"]) == ("city", rule["uid"])
    assert "Basel" in error["message"]


@pytest.mark.parametrize(
    ("datasource", "words"),
    [
        ({"type": "ftp", "connection": {"type": "ftp", "url": "ftp://example.org"}}, "ftp"),
        ({"type": "ods_form", "form_uid": "fo_1"}, "ods_form"),
    ],
)
def test_unreadable_datasource_is_an_error(api: httpx.Client, datasource: Body, words: str) -> None:
    uid = new_dataset(api)
    body = {"type": "csvfile", "title": "Far away", "datasource": datasource}
    resource = body_of(api.post(f"/datasets/{uid}/resources/", json=body), 201)

    status = publish(api, uid)

    assert status["status"] == "error"
    assert words in status["message"]
    assert "Far away" in status["message"]
    assert status["params"] == {"resource_uid": resource["uid"]}


def test_more_records_than_the_plan_allows_are_a_limit(
    emulator: Emulator, api: httpx.Client, dataset: str, switch: Switch
) -> None:
    publish(api, dataset)
    switch(records_limit=1)

    status = publish(api, dataset)

    assert (status["status"], status["is_published"], status["message"]) == ("limit_reached", True, None)
    assert status["params"] == {"error": {"limit_type": "records", "limit": 1, "value": 2}}
    assert len(records(emulator)) == 2
    switch(records_limit=2)
    assert publish(api, dataset)["status"] == "idle"
