"""Tests of the preview of a resource."""

import httpx
import pytest

from .calls import Body, body_of, new_dataset, upload


@pytest.fixture
def dataset(api: httpx.Client) -> str:
    return new_dataset(api)


def draft(api: httpx.Client, dataset: str, content: str, name: str) -> Body:
    """Upload a file; return a datasource for it."""
    return {"type": "uploaded_file", "file": {"uid": upload(api, dataset, content, name)}}


@pytest.mark.parametrize(
    ("name", "type"), [("a.csv", "csvfile"), ("a.JSON", "jsonfile"), ("a.ndjson", "jsonlines"), ("a.xlsx", "xlsfile")]
)
def test_an_extractor_is_guessed_by_the_name_of_a_file(api: httpx.Client, dataset: str, name: str, type: str) -> None:
    datasource = draft(api, dataset, "x", name)

    guessed = api.post(f"/datasets/{dataset}/resources/guess_extractors/", json={"datasource": datasource}).json()

    assert [one["type"] for one in guessed] == [type]


def test_every_extractor_is_offered_for_an_unknown_name(api: httpx.Client, dataset: str) -> None:
    datasource = draft(api, dataset, "x", "data")

    guessed = api.post(f"/datasets/{dataset}/resources/guess_extractors/", json={"datasource": datasource}).json()

    assert guessed == api.get("/extractors/").json()


@pytest.mark.parametrize(
    ("content", "params"),
    [
        ("a;b;c\n1;2,5;3\n", {"separator": ";", "encoding": "utf-8"}),
        ("a,b\n1,2\n", {"separator": ",", "encoding": "utf-8"}),
        ("a\tb\n", {"separator": "\t", "encoding": "utf-8"}),
    ],
)
def test_the_separator_of_a_file_is_guessed(api: httpx.Client, dataset: str, content: str, params: Body) -> None:
    body = {"type": "csvfile", "datasource": draft(api, dataset, content, "a.csv")}

    guessed = body_of(api.post(f"/datasets/{dataset}/resources/guess_extractor_params/", json=body))

    assert guessed["extractor"] == "csvfile"
    assert guessed["params"] == {**guessed["params"], **params, "headers_first_row": True}


def test_a_draft_is_previewed_and_nothing_is_kept(api: httpx.Client, dataset: str) -> None:
    lines = "".join(f"City {number},{number}\n" for number in range(50))
    datasource = draft(api, dataset, f"The city,size\n{lines}", "a.csv")
    body = {"type": "csvfile", "params": {"separator": ","}, "datasource": datasource}

    preview = body_of(api.post(f"/datasets/{dataset}/resources/preview/", json=body))

    assert [(field["name"], field["label"], field["type"]) for field in preview["fields"]] == [
        ("the_city", "The city", "text"),
        ("size", "size", "int"),
    ]
    assert len(preview["records"]) == 20
    assert preview["records"][3] == {"the_city": "City 3", "size": 3}
    assert body_of(api.get(f"/datasets/{dataset}/resources/"))["total_count"] == 0


def test_existing_resource_is_previewed_like_a_draft(api: httpx.Client, dataset: str) -> None:
    body = {"type": "csvfile", "title": "A", "datasource": draft(api, dataset, "a;b\n1;2\n", "a.csv")}
    resource = body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)
    path = f"/datasets/{dataset}/resources/{resource['uid']}"

    assert [one["type"] for one in api.get(f"{path}/guess_extractors/").json()] == ["csvfile"]
    assert body_of(api.get(f"{path}/guess_extractors_params/"))["params"]["separator"] == ";"
    assert body_of(api.get(f"{path}/preview/"))["records"] == [{"a": 1, "b": 2}]


def test_an_inline_connection_of_a_draft_is_not_kept(api: httpx.Client, dataset: str) -> None:
    connection = {"type": "http", "url": "http://127.0.0.1:9"}
    datasource = {"type": "http", "connection": connection, "relative_url": "a.csv"}
    body = {"type": "csvfile", "datasource": datasource}

    response = body_of(api.post(f"/datasets/{dataset}/resources/preview/", json=body), 400)

    assert "127.0.0.1:9" in response["detail"]["datasource"][0]
    assert body_of(api.get("/datasource_connections/"))["total_count"] == 0
