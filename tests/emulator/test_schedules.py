"""Tests of the schedules of a dataset."""

import httpx
import pytest

from .calls import add_csv, body_of, error_detail, new_dataset
from .conftest import Switch


@pytest.fixture
def schedules(api: httpx.Client) -> str:
    return f"/datasets/{new_dataset(api)}/schedules/"


@pytest.mark.parametrize("cron", ["0 * * * *", "*/15 6-18 * * mon-fri", "0 6 1,15 jan,jul *", "59 23 31 12 7"])
def test_schedule_is_returned_as_it_was_sent(api: httpx.Client, schedules: str, cron: str) -> None:
    schedule = body_of(api.post(schedules, json={"cron_schedule": cron}), 201)

    assert schedule == {"uid": schedule["uid"], "cron_schedule": cron}
    assert schedule["uid"].startswith("sc_")
    assert body_of(api.get(f"{schedules}{schedule['uid']}/")) == schedule
    assert body_of(api.get(schedules))["results"] == [schedule]


@pytest.mark.parametrize(
    "cron",
    ["", "daily", "0 6 * *", "60 6 * * *", "0 24 * * *", "0 6 0 * *", "0 6 * 13 *", "0 6 * * fun", "0 */0 * * *"],
)
def test_invalid_cron_expression_is_refused(api: httpx.Client, schedules: str, cron: str) -> None:
    assert list(error_detail(api.post(schedules, json={"cron_schedule": cron}))) == ["cron_schedule"]


def test_schedule_is_changed_and_deleted(api: httpx.Client, schedules: str) -> None:
    path = f"{schedules}{body_of(api.post(schedules, json={'cron_schedule': '0 6 * * *'}), 201)['uid']}/"

    assert body_of(api.put(path, json={"cron_schedule": "0 7 * * *"}))["cron_schedule"] == "0 7 * * *"
    assert list(error_detail(api.put(path, json={"cron_schedule": "never"}))) == ["cron_schedule"]
    assert body_of(api.get(path))["cron_schedule"] == "0 7 * * *"
    assert api.delete(path).status_code == 204
    assert api.delete(path).status_code == 404
    assert api.put(path, json={"cron_schedule": "0 7 * * *"}).status_code == 404


def test_the_same_schedule_twice_is_two_or_a_conflict(api: httpx.Client, schedules: str, switch: Switch) -> None:
    body = {"cron_schedule": "0 6 * * *"}
    body_of(api.post(schedules, json=body), 201)
    body_of(api.post(schedules, json=body), 201)

    switch(same_schedule="conflict")
    assert body_of(api.post(schedules, json=body), 409)["error_code"] == "conflict"
    assert body_of(api.get(schedules))["total_count"] == 2


def test_a_plan_can_allow_one_run_a_day(api: httpx.Client, schedules: str, switch: Switch) -> None:
    switch(schedules_more_than_daily="refuse")

    assert list(error_detail(api.post(schedules, json={"cron_schedule": "0 * * * *"}))) == ["cron_schedule"]
    body_of(api.post(schedules, json={"cron_schedule": "0 6 * * *"}), 201)


def test_a_schedule_can_need_a_remote_source(api: httpx.Client, schedules: str, switch: Switch) -> None:
    switch(schedule_without_remote_source="refuse")
    dataset = schedules.split("/")[2]
    add_csv(api, dataset)

    assert api.post(schedules, json={"cron_schedule": "0 6 * * *"}).status_code == 400
    datasource = {"type": "http", "connection": {"type": "http", "url": "https://example.org"}}
    body = {"type": "csvfile", "title": "A", "datasource": datasource}
    body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)
    body_of(api.post(schedules, json={"cron_schedule": "0 6 * * *"}), 201)


def test_an_expression_can_be_rewritten(api: httpx.Client, schedules: str, switch: Switch) -> None:
    switch(cron_told="normal")

    assert body_of(api.post(schedules, json={"cron_schedule": " 0  6 * * * "}), 201)["cron_schedule"] == "0 6 * * *"
