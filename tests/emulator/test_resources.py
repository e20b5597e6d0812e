"""Tests of the resources of a dataset and of its uploaded files."""

import httpx
import pytest

from .calls import Body, add_csv, body_of, error_detail, new_dataset, upload
from .conftest import Switch

SERVER = {"type": "http", "url": "https://example.org/"}
LOGIN = {"type": "basic_auth", "username": "portal", "password": "s3cret"}


@pytest.fixture
def dataset(api: httpx.Client) -> str:
    return new_dataset(api)


def post(api: httpx.Client, dataset: str, body: Body) -> httpx.Response:
    return api.post(f"/datasets/{dataset}/resources/", json=body)


def http_source(connection: Body, **more: object) -> Body:
    datasource = {"type": "http", "connection": connection, "relative_url": "/a.csv"}
    return {"type": "csvfile", "title": "A", "datasource": datasource, **more}


def test_a_file_is_kept_byte_by_byte(api: httpx.Client, dataset: str) -> None:
    content = bytes(range(256)) * 1000
    path = f"/datasets/{dataset}/resources/files"

    file = body_of(api.post(f"{path}/", files={"file": ("cheese list.csv", content)}), 201)

    assert (file["uid"], file["filename"], file["mimetype"]) == ("cheese list.csv", "cheese list.csv", "text/csv")
    assert body_of(api.get(f"{path}/{file['uid']}/")) == file
    assert api.get(f"{path}/{file['uid']}/download/").content == content
    assert api.get(f"{path}/unknown.csv/").status_code == 404


def test_a_file_of_the_same_name_gets_another_uid(api: httpx.Client, dataset: str) -> None:
    uids = [upload(api, dataset, content) for content in ("one", "two", "three")]

    assert uids == ["data.csv", "data_1.csv", "data_2.csv"]
    path = f"/datasets/{dataset}/resources/files"
    assert [api.get(f"{path}/{uid}/download/").text for uid in uids] == ["one", "two", "three"]


def test_a_file_of_the_same_name_can_overwrite_the_first(api: httpx.Client, dataset: str, switch: Switch) -> None:
    switch(same_file_name="overwrite")

    assert [upload(api, dataset, content) for content in ("one", "two")] == ["data.csv"] * 2
    assert api.get(f"/datasets/{dataset}/resources/files/data.csv/download/").text == "two"


def test_an_upload_without_a_file_is_refused(api: httpx.Client, dataset: str) -> None:
    assert list(error_detail(api.post(f"/datasets/{dataset}/resources/files/", files={"other": b"x"}))) == ["file"]


def test_a_file_name_cannot_leave_its_folder(api: httpx.Client, dataset: str) -> None:
    assert upload(api, dataset, "x", name="../../../etc/passwd") == "passwd"


def test_a_resource_of_an_uploaded_file(api: httpx.Client, dataset: str) -> None:
    uid = add_csv(api, dataset)

    resource = body_of(api.get(f"/datasets/{dataset}/resources/{uid}/"))

    assert resource["datasource"] == {"type": "uploaded_file", "file": {"uid": "data.csv"}}
    assert resource["display_name"] == "data.csv"
    assert resource["extraction_infos"] == {"label": "CSV File", "type": "csvfile"}
    assert resource["origin"] == {"label": "Uploaded file", "type": "uploaded_file"}
    assert resource["params"]["separator"] == ","
    assert resource["params"]["headers_first_row"] is True
    assert "url" not in resource


def test_file_of_another_dataset_is_refused(api: httpx.Client, dataset: str) -> None:
    uid = upload(api, dataset, "a\n1\n")
    other = new_dataset(api, "other")
    datasource = {"type": "uploaded_file", "file": {"uid": uid}}

    refused = post(api, other, {"type": "csvfile", "title": "A", "datasource": datasource})

    assert "file" in error_detail(refused)["datasource"]


def test_file_of_a_resource_can_be_returned_whole(api: httpx.Client, dataset: str, switch: Switch) -> None:
    uid = add_csv(api, dataset)
    switch(uploaded_file_told="whole")

    file = body_of(api.get(f"/datasets/{dataset}/resources/{uid}/"))["datasource"]["file"]

    assert file == body_of(api.get(f"/datasets/{dataset}/resources/files/data.csv/"))


def test_file_returned_whole_may_be_sent_back(api: httpx.Client, dataset: str) -> None:
    upload(api, dataset, "x")
    file = body_of(api.get(f"/datasets/{dataset}/resources/files/data.csv/"))
    body = {"type": "csvfile", "title": "A", "datasource": {"type": "uploaded_file", "file": file}}

    assert body_of(post(api, dataset, body), 201)["datasource"]["file"] == {"uid": "data.csv"}


def test_a_resource_of_a_server_names_its_connection(api: httpx.Client, dataset: str) -> None:
    connection = body_of(api.post("/datasource_connections/", json=SERVER), 201)

    resource = body_of(post(api, dataset, http_source({"uid": connection["uid"]})), 201)

    assert resource["datasource"] == {
        "type": "http",
        "relative_url": "/a.csv",
        "connection": {"uid": connection["uid"]},
    }
    assert resource["display_name"] == "https://example.org/a.csv"
    assert body_of(api.get(f"/datasource_connections/{connection['uid']}/"))["dataset_count"] == 1


def test_an_inline_connection_becomes_one_that_is_not_reusable(api: httpx.Client, dataset: str) -> None:
    resource = body_of(post(api, dataset, http_source({**SERVER, "auth": LOGIN})), 201)
    connection = resource["datasource"]["connection"]

    assert list(connection) == ["uid"]
    whole = body_of(api.get(f"/datasource_connections/{connection['uid']}/"))
    assert (whole["is_reusable"], whole["auth"]["password"]) == (False, None)
    path = f"/datasets/{dataset}/resources/"
    expanded = body_of(api.get(path, params={"expand": "datasource.connection"}))["results"][0]
    assert expanded["datasource"]["connection"] == whole


def test_unused_inline_connection_is_kept_or_deleted(api: httpx.Client, dataset: str, switch: Switch) -> None:
    for expected, status in (("kept", 200), ("deleted", 404)):
        switch(unused_inline_connection=expected)
        resource = body_of(post(api, dataset, http_source(SERVER)), 201)
        assert api.delete(f"/datasets/{dataset}/resources/{resource['uid']}/").status_code == 204
        connection = resource["datasource"]["connection"]["uid"]
        assert api.get(f"/datasource_connections/{connection}/").status_code == status


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"title": "A"}, {"type": ["This field is required"]}),
        ({"type": "csvfile"}, {"title": ["This field is required"]}),
        (http_source({"uid": "co_000000"}), {"datasource": {"connection": {"uid"}}}),
        (http_source({}), {"datasource": {"connection": {"uid": ["This field is required"]}}}),
        (http_source({"type": "http"}), {"datasource": {"connection": {"url": ["This field is required"]}}}),
        (
            {"type": "csvfile", "title": "A", "datasource": {"type": "uploaded_file", "file": {"uid": "no.csv"}}},
            {"datasource": {"file": {"uid": ['File "no.csv" does not exist.']}}},
        ),
        (
            {"type": "csvfile", "title": "A", "datasource": {"type": "uploaded_file"}},
            {"datasource": {"file": ["This field is required"]}},
        ),
        ({"type": "csvfile", "title": "A", "datasource": {}}, {"datasource": {"type": ["This field is required"]}}),
    ],
)
def test_an_incomplete_resource_is_refused_by_path(api: httpx.Client, dataset: str, body: Body, detail: Body) -> None:
    refusal = error_detail(post(api, dataset, body))

    if body.get("datasource", {}).get("connection") == {"uid": "co_000000"}:
        refusal["datasource"]["connection"] = set(refusal["datasource"]["connection"])
    assert refusal == detail


def test_a_put_replaces_a_resource_where_it_stands(api: httpx.Client, dataset: str) -> None:
    first, second = add_csv(api, dataset), add_csv(api, dataset)
    body = {"type": "jsonfile", "title": "New", "datasource": {"type": "uploaded_file", "file": {"uid": "data.csv"}}}

    changed = body_of(api.put(f"/datasets/{dataset}/resources/{first}", json=body))

    assert (changed["uid"], changed["type"], changed["title"]) == (first, "jsonfile", "New")
    assert "separator" not in changed["params"]
    listed = body_of(api.get(f"/datasets/{dataset}/resources/"))["results"]
    assert [one["uid"] for one in listed] == [first, second]


def test_a_realtime_resource_has_an_address_to_push_to(api: httpx.Client, dataset: str) -> None:
    resource = body_of(post(api, dataset, {"type": "realtime", "title": "Sensor"}), 201)

    assert "datasource" not in resource
    assert f"/api/push/1.0/air/{resource['uid']}/push/?pushkey=" in resource["url"]
    again = body_of(
        api.put(f"/datasets/{dataset}/resources/{resource['uid']}/", json={"type": "realtime", "title": "Other"})
    )
    assert again["url"] == resource["url"]


def test_federated_resource_has_the_form_of_the_service(api: httpx.Client, dataset: str) -> None:
    datasource = {
        "type": "federated",
        "domain": {"domain_id": "public"},
        "dataset": {"dataset_id": "counties"},
        "impersonate_permissions": True,
        "parameters": {"refine.year": 2022},
    }

    resource = body_of(post(api, dataset, {"type": "federated", "title": "Ignored", "datasource": datasource}), 201)

    assert (resource["title"], resource["params"]) == (resource["uid"], {})
    assert (resource["display_name"], resource["extraction_infos"]) == ("Federated dataset", None)
    assert resource["datasource"] == {
        "type": "federated",
        "domain": {"domain_id": "public"},
        "dataset": {"dataset_id": "counties"},
        "permissions_user": {"username": "admin"},
        "parameters": {"refine.year": 2022},
    }


def test_datasource_of_an_undescribed_type_is_kept(api: httpx.Client, dataset: str) -> None:
    datasource = {"type": "ods_form", "form_uid": "fo_1", "status_to_extract": ["valid"]}

    resource = body_of(post(api, dataset, {"type": "form", "title": "Form", "datasource": datasource}), 201)

    assert resource["datasource"] == datasource


def test_resources_are_paged_in_the_order_of_their_creation(api: httpx.Client, dataset: str) -> None:
    uids = [add_csv(api, dataset) for _ in range(3)]

    page = body_of(api.get(f"/datasets/{dataset}/resources/", params={"limit": 2, "offset": 1}))

    assert (page["total_count"], [one["uid"] for one in page["results"]]) == (3, uids[1:])


def test_deleted_resource_is_not_found(api: httpx.Client, dataset: str) -> None:
    uid = add_csv(api, dataset)
    path = f"/datasets/{dataset}/resources/{uid}/"

    assert api.delete(path).status_code == 204
    assert api.delete(path).status_code == 404
    assert api.get(path).status_code == 404
    assert api.put(path, json={"type": "csvfile", "title": "A"}).status_code == 404
