"""Tests of bodies that a response could not repeat, and of unreadable requests: both are refused."""

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, body_of, error_detail, new_dataset

JSON = {"Content-Type": "application/json"}
DEEP = "[" * 150 + "]" * 150
UNREADABLE = {
    "half of a pair": r'{"value": "a\ud800b"}',
    "half of a pair in a name": r'{"value": {"a\udfff": 1}}',
    "no number": '{"value": NaN}',
    "infinite": '{"value": [-Infinity]}',
    "out of range": '{"value": 1e999}',
    "too deep": f'{{"value": {DEEP}}}',
    "far too deep": '{"value": ' + "[" * 5000,
    "no UTF-8": b'{"value": "\xff"}',
    "too long a number": '{"value": ' + "9" * 5000 + "}",
}


@pytest.fixture
def dataset(api: httpx.Client) -> str:
    return new_dataset(api)


@pytest.fixture
def sensor(api: httpx.Client, dataset: str) -> str:
    """The push URL of a realtime resource."""
    body = {"type": "realtime", "title": "Sensor"}
    url: str = body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)["url"]
    return url


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unrepeatable_json_is_a_bad_request(api: httpx.Client, dataset: str, body: str | bytes) -> None:
    path = f"/datasets/{dataset}/metadata/custom/note/"

    assert body_of(api.put(path, content=body, headers=JSON), 400)["error_code"] == "bad_request"

    assert api.get(path).status_code == 404
    assert body_of(api.get("/datasets/"))["total_count"] == 1


def test_nesting_of_a_hundred_levels_is_accepted(api: httpx.Client, dataset: str) -> None:
    value = "[" * 98 + "1" + "]" * 98
    path = f"/datasets/{dataset}/metadata/custom/note/"

    assert api.put(path, content=f'{{"value": {value}}}', headers=JSON).status_code == 200
    assert body_of(api.get("/datasets/"))["total_count"] == 1


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unrepeatable_record_is_not_pushed(emulator: Emulator, dataset: str, sensor: str, body: str | bytes) -> None:
    assert httpx.post(sensor, content=body, timeout=30).status_code == 400
    resource = sensor.split("/")[-3]
    assert not emulator.portal.files.pushed(dataset, resource).exists()


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"url": 5}, {"url": ["Not a valid string."]}),
        ({"auth": "abc"}, {"auth": ["Invalid data. Expected a dictionary."]}),
        ({"auth": {"username": "x"}}, {"auth": {"type": ["This field is required"]}}),
        ({"auth": {"type": "key", "username": 5}}, {"auth": {"username": ["Not a valid string."]}}),
        ({"headers": "abc"}, {"headers": ["Expected a list of items."]}),
        ({"headers": [{"name": "x"}]}, {"headers": {"0": {"value": ["This field is required"]}}}),
    ],
)
def test_undescribed_connection_is_validated_like_others(
    emulator: Emulator, api: httpx.Client, body: Body, detail: Body
) -> None:
    path = "/datasource_connections/"
    assert error_detail(api.post(path, json={"type": "jcdecaux", **body})) == detail

    uid = body_of(api.post(path, json={"type": "jcdecaux"}), 201)["uid"]
    assert error_detail(api.put(f"{path}{uid}/", json={"type": "jcdecaux", **body})) == detail
    assert body_of(api.get(path))["total_count"] == 1
    assert httpx.get(emulator.url, timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("datasource", "where"),
    [
        ({"connection": "x"}, "Invalid data. Expected a dictionary."),
        ({"connection": {}}, "connection"),
        ({"connection": {"type": "jcdecaux", "url": 5}}, "connection"),
        ({"url": 5}, "url"),
        ({"relative_url": 5}, "relative_url"),
        ({"file_id": 5}, "file_id"),
        ({"file": "x"}, "file"),
        ({"headers": 1}, "headers"),
        ({"domain": "x"}, "domain"),
        ({"dataset": {"dataset_id": ["a"]}}, "dataset"),
        ({"parameters": []}, "parameters"),
    ],
)
@pytest.mark.parametrize("call", ["", "preview/", "guess_extractors/", "guess_extractor_params/"])
def test_undescribed_datasource_is_validated_like_others(
    api: httpx.Client, dataset: str, datasource: Body, where: str, call: str
) -> None:
    path = f"/datasets/{dataset}/resources/"
    body = {"type": "csvfile", "title": "A", "datasource": {"type": "ods_form", "form_uid": "fo_1", **datasource}}

    assert list(error_detail(api.post(path + call, json=body))["datasource"]) == [where]

    assert body_of(api.get(path))["total_count"] == 0


@pytest.mark.parametrize("connection", [None, {"type": "jcdecaux", "url": "https://example.org"}])
def test_undescribed_datasource_needs_no_connection(api: httpx.Client, dataset: str, connection: Body | None) -> None:
    datasource = {"type": "jcdecaux", "connection": connection, "contract": "lyon", "permissions_user": 5}
    path = f"/datasets/{dataset}/resources/"
    body = {"type": "csvfile", "title": "A", "datasource": datasource}

    returned = body_of(api.post(path, json=body), 201)["datasource"]

    assert returned["contract"] == "lyon"
    assert ("connection" in returned) == (connection is not None)
    assert body_of(api.get(path))["total_count"] == 1
    assert body_of(api.post(f"{path}preview/", json=body), 400)["error_code"] == "validation_error"


@pytest.mark.parametrize("dataset_id", [["a"], 5, {}, None])
def test_joined_dataset_id_must_be_a_text(api: httpx.Client, dataset: str, dataset_id: object) -> None:
    path = f"/datasets/{dataset}/processors/"
    body = {"type": "join_dataset", "dataset": {"dataset_id": dataset_id}}

    assert list(error_detail(api.post(path, json=body))["dataset"]) == ["dataset_id"]
    assert body_of(api.get(path))["total_count"] == 0


@pytest.mark.parametrize("limit", ["Infinity", "-inf", "nan", "1e999"])
def test_a_limit_is_a_finite_number_also_as_text(api: httpx.Client, dataset: str, limit: str) -> None:
    calls = {"unit": "day", "limit": limit}
    detail = {"limit": ["A valid number is required."]}

    quota = error_detail(api.put(f"/datasets/{dataset}/", json={"default_security": {"api_calls_quota": calls}}))
    limits = error_detail(api.post("/groups/", json={"title": "Visitors", "explore_limits": {"api_calls": calls}}))

    assert quota == {"default_security": {"api_calls_quota": detail}}
    assert limits == {"explore_limits": {"api_calls": detail}}
    assert body_of(api.get("/groups/"))["total_count"] == 0


@pytest.mark.parametrize("cron", ["²3 * * * *", "٣ * * * *", f"*/{'9' * 5000} * * * *", f"{'1' * 5000} * * * *"])
def test_a_schedule_has_plain_numbers(api: httpx.Client, dataset: str, cron: str) -> None:
    path = f"/datasets/{dataset}/schedules/"

    assert list(error_detail(api.post(path, json={"cron_schedule": cron}))) == ["cron_schedule"]
    assert body_of(api.get(path))["total_count"] == 0


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"title": "\xff"}', "application/json"),
        (b"[" * 5000, "application/json"),
        (b"no parts at all", "multipart/form-data"),
        (b"no parts at all", "multipart/form-data; boundary=part"),
        (b'--part\r\nContent-Disposition: form-data; name="file"', "multipart/form-data; boundary=part"),
    ],
)
def test_unreadable_request_is_a_bad_request(api: httpx.Client, dataset: str, content: bytes, kind: str) -> None:
    path = "/groups/" if kind == "application/json" else f"/datasets/{dataset}/resources/files/"

    response = body_of(api.post(path, content=content, headers={"Content-Type": kind}), 400)

    assert response["error_code"] in ("bad_request", "validation_error")
    assert "not_found" not in response.values()
