"""The checks of calls against the official description, by calls that violate it."""

from __future__ import annotations

from typing import Any

import pytest

from .validation import official_validation

GROUP = {"uid": "editors", "title": "Editors", "permissions": []}
CONNECTION = {"type": "http", "url": "https://a.example"}


def of_request(method: str, path: str, body: Any) -> list[tuple[str, str]]:
    """Place and kind of each violation of a request."""
    operation = official_validation().operation(method, path)
    assert operation is not None
    return [(found.place, found.kind) for found in official_validation().of_request(operation, body)]


def of_response(method: str, path: str, status: int, body: Any) -> list[tuple[str, str]]:
    """Place and kind of each violation of a response."""
    operation = official_validation().operation(method, path)
    assert operation is not None
    return [(found.place, found.kind) for found in official_validation().of_response(operation, status, body)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"title": "Editors"}, []),
        ({}, [("title", "optional")]),
        ({"title": None}, [("title", "nullable")]),
        ({"title": 1}, [("title", "type")]),
        ({"title": "Editors", "colour": "red"}, [("colour", "additional")]),
        ({"title": "Editors", "uid": "editors"}, [("uid", "additional")]),
        ({"title": "Editors", "permissions": ["fly"]}, [("permissions[]", "values")]),
    ],
    ids=["valid", "without title", "null", "number", "unknown", "read-only", "unknown value"],
)
def test_request_violates_the_description(body: Any, found: list[tuple[str, str]]) -> None:
    assert of_request("POST", "/groups/", body) == found


def test_place_in_a_union_names_its_alternative() -> None:
    path = "/datasource_connections/"

    assert of_request("POST", path, CONNECTION) == []
    assert of_request("POST", path, {"type": "http"}) == [("[http].url", "optional")]
    assert of_request("POST", path, {**CONNECTION, "drive": "a"}) == [("[http].drive", "additional")]


def test_response_violates_the_description() -> None:
    page = {"total_count": "1", "next": None, "previous": None, "results": [GROUP]}

    assert of_response("GET", "/groups", 200, page) == []
    wrong = {**page, "results": [{**GROUP, "title": 1, "colour": "red"}]}
    assert of_response("GET", "/groups", 200, wrong) == [
        ("results[].colour", "additional"),
        ("results[].title", "type"),
    ]


def test_undeclared_status_and_body_of_a_refusal_are_checked() -> None:
    assert of_response("DELETE", "/groups/editors/", 202, None) == [("202", "additional")]
    assert of_response("GET", "/groups/editors/", 404, {"message": "Not found."}) == [("error_code", "optional")]


def test_operation_with_fewer_parameters_comes_first() -> None:
    operation = official_validation().operation("POST", "/datasets/da_1/resources/files/")

    assert operation is not None
    assert operation.name == "POST /datasets/{dataset_uid}/resources/files/"
    assert official_validation().operation("GET", "/nothing/") is None
