"""Tests of field configurations and processors, whose order counts."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from .calls import Body, body_of, error_detail, new_dataset
from .conftest import Switch

RENAME = {"type": "rename", "label": "A to B", "from_name": "a", "to_name": "b", "field_label": "B"}
REPLACE = {"type": "string_replace", "label": "a to b", "field": "f", "old": "a", "new": "b"}


@pytest.fixture
def dataset(api: httpx.Client) -> str:
    return new_dataset(api)


@pytest.fixture
def fields(dataset: str) -> str:
    return f"/datasets/{dataset}/fields/"


@pytest.fixture
def processors(dataset: str) -> str:
    return f"/datasets/{dataset}/processors/"


@pytest.mark.parametrize(
    "rule",
    [
        RENAME,
        {"type": "type", "label": "", "field": "day", "type_param": "date"},
        {"type": "type", "label": "", "field": "open", "type_param": "boolean"},
        {"type": "annotate", "label": "x", "field": "size", "annotation": "decimals", "args": [5]},
        {"type": "annotate", "label": "x", "field": "size", "annotation": "unit", "args": ["km2"]},
        {"type": "annotate", "label": "x", "field": "size", "annotation": "sortable"},
        {"type": "annotate", "label": "x", "field": "size", "annotation": "facet"},
        {"type": "description", "label": "x", "field": "size", "description": "How big."},
        {"type": "order", "label": "x", "order": ["b", "a"]},
        {"type": "delete", "label": "x", "field": "size"},
    ],
)
def test_entry_is_returned_as_it_was_sent(api: httpx.Client, fields: str, rule: Body) -> None:
    stored = body_of(api.post(fields, json=rule), 201)

    assert stored == {"uid": stored["uid"], **rule}
    assert stored["uid"].startswith("pr_")
    assert body_of(api.get(f"{fields}{stored['uid']}/")) == stored


def test_entry_needs_no_label(api: httpx.Client, fields: str) -> None:
    assert body_of(api.post(fields, json={"type": "delete", "field": "a"}), 201)["label"] == ""


@pytest.mark.parametrize(
    ("rule", "detail"),
    [
        ({"label": "x"}, {"type": ["This field is required"]}),
        ({"type": "paint"}, {"type": ['"paint" is not a valid choice.']}),
        ({"type": "delete"}, {"field": ["This field is required"]}),
        ({"type": "delete", "field": ""}, {"field": ["This field may not be blank."]}),
        ({"type": "type", "field": "a", "type_param": "number"}, {"type_param": ['"number" is not a valid choice.']}),
        ({"type": "order", "args": ["a"]}, {"order": ["This field is required"]}),
    ],
)
def test_invalid_entry_is_refused_by_path(api: httpx.Client, fields: str, rule: Body, detail: Body) -> None:
    assert error_detail(api.post(fields, json=rule)) == detail


def test_the_order_of_fields_can_be_taken_from_args(api: httpx.Client, fields: str, switch: Switch) -> None:
    switch(order_args_accepted=True)

    assert body_of(api.post(fields, json={"type": "order", "args": ["a"]}), 201)["order"] == ["a"]


@pytest.mark.parametrize(("stack", "entry"), [("fields", RENAME), ("processors", REPLACE)])
def test_entries_are_paged_by_twenty_in_their_order(api: httpx.Client, dataset: str, stack: str, entry: Body) -> None:
    path = f"/datasets/{dataset}/{stack}/"
    uids = [body_of(api.post(path, json={**entry, "label": str(number)}), 201)["uid"] for number in range(22)]

    first = body_of(api.get(path))
    rest = body_of(httpx.get(first["next"], headers=api.headers, verify=False, timeout=30))

    assert (first["total_count"], len(first["results"])) == (22, 20)
    assert [one["uid"] for one in first["results"] + rest["results"]] == uids


@pytest.mark.parametrize(("stack", "entry"), [("fields", RENAME), ("processors", REPLACE)])
def test_changed_entry_keeps_its_position(api: httpx.Client, dataset: str, stack: str, entry: Body) -> None:
    path = f"/datasets/{dataset}/{stack}/"
    uids = [body_of(api.post(path, json=entry), 201)["uid"] for _ in range(3)]

    changed = body_of(api.put(f"{path}{uids[1]}/", json={**entry, "label": "changed"}))

    assert changed == {"uid": uids[1], **entry, "label": "changed"}
    assert [one["label"] for one in body_of(api.get(path))["results"]] == [entry["label"], "changed", entry["label"]]


@pytest.mark.parametrize(("stack", "entry"), [("fields", RENAME), ("processors", REPLACE)])
def test_an_entry_is_deleted(api: httpx.Client, dataset: str, stack: str, entry: Body) -> None:
    path = f"/datasets/{dataset}/{stack}/"
    uids = [body_of(api.post(path, json=entry), 201)["uid"] for _ in range(3)]

    assert api.delete(f"{path}{uids[1]}/").status_code == 204
    assert api.delete(f"{path}{uids[1]}/").status_code == 404
    assert api.get(f"{path}{uids[1]}/").status_code == 404
    assert [one["uid"] for one in body_of(api.get(path))["results"]] == [uids[0], uids[2]]


def test_change_of_an_entry_type_is_refused_or_accepted(api: httpx.Client, fields: str, switch: Switch) -> None:
    path = f"{fields}{body_of(api.post(fields, json=RENAME), 201)['uid']}/"
    other = {"type": "delete", "label": "x", "field": "a"}

    assert list(error_detail(api.put(path, json=other))) == ["type"]
    switch(type_of_entry="free")
    assert body_of(api.put(path, json=other))["type"] == "delete"


def test_omitted_property_of_an_entry_is_removed(api: httpx.Client, fields: str) -> None:
    rule = {"type": "annotate", "label": "x", "field": "size", "annotation": "unit", "args": ["km2"]}
    path = f"{fields}{body_of(api.post(fields, json=rule), 201)['uid']}/"

    del rule["args"]
    assert "args" not in body_of(api.put(path, json=rule))


def test_a_processor_keeps_every_parameter(api: httpx.Client, processors: str) -> None:
    received = {"type": "own_invention", "label": "", "deep": {"list": [1, None, {"a": "b"}]}}

    stored = body_of(api.post(processors, json=received), 201)

    assert stored == {"uid": stored["uid"], **received}


def test_a_processor_needs_a_type(api: httpx.Client, processors: str) -> None:
    assert error_detail(api.post(processors, json={"label": "x"})) == {"type": ["This field is required"]}


def test_join_contains_the_user_whose_permissions_it_uses(api: httpx.Client, processors: str) -> None:
    new_dataset(api, "other")
    join = {
        "type": "join_dataset",
        "label": "join",
        "dataset": {"dataset_id": "other"},
        "impersonate_permissions": True,
        "local_key": ["a"],
    }

    stored = body_of(api.post(processors, json=join), 201)

    assert "impersonate_permissions" not in stored
    assert (stored["permissions_user"], stored["local_key"]) == ({"username": "admin"}, ["a"])


def test_a_join_with_an_unknown_dataset_is_refused(api: httpx.Client, processors: str) -> None:
    join = {"type": "join_dataset", "label": "join", "dataset": {"dataset_id": "nowhere"}}

    assert error_detail(api.post(processors, json=join)) == {
        "dataset": {"dataset_id": ['Dataset "nowhere" does not exist.']}
    }


def test_the_catalogues_are_plain_lists(api: httpx.Client) -> None:
    extractors, processors = api.get("/extractors/").json(), api.get("/processors/").json()

    assert {"csvfile", "jsonfile"} <= {one["type"] for one in extractors}
    csv = next(one for one in extractors if one["type"] == "csvfile")
    assert "separator" in [parameter["name"] for parameter in csv["parameters"]]
    assert {"type", "label"} <= set(processors[0])


def test_two_writes_at_once_both_count(api: httpx.Client, fields: str, switch: Switch) -> None:
    switch(latency_ms=100)
    with ThreadPoolExecutor(8) as threads:
        list(
            threads.map(lambda number: body_of(api.post(fields, json={**RENAME, "label": str(number)}), 201), range(16))
        )

    assert body_of(api.get(fields))["total_count"] == 16
