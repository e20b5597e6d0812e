"""Tests of processors on a portal: joins, shapes that are nowhere, and what is noted in the status."""

import json

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, add_csv, body_of, error_detail, new_dataset, public, publish, records, upload
from .conftest import Switch


def add_processor(api: httpx.Client, dataset: str, /, **processor: object) -> Body:
    return body_of(api.post(f"/datasets/{dataset}/processors/", json={"label": "", **processor}), 201)


JOIN: Body = {
    "type": "join_dataset",
    "dataset": {"dataset_id": "sizes"},
    "local_key": "city",
    "remote_key": "town",
    "output_fields": ["area"],
}


@pytest.fixture
def sizes(api: httpx.Client) -> str:
    """A dataset `sizes` that can be joined to `air`."""
    uid = new_dataset(api, "sizes")
    add_csv(api, uid, "town,area\nBasel,24\nBern,52\n")
    return uid


@pytest.mark.parametrize("more", [{}, {"domain": {"domain_id": "this-city"}, "impersonate_permissions": True}])
def test_a_dataset_is_joined_as_it_is_published(
    emulator: Emulator, api: httpx.Client, dataset: str, sizes: str, more: Body
) -> None:
    publish(api, sizes)
    add_processor(api, dataset, **JOIN, **more)

    assert publish(api, dataset)["message"] is None
    assert [(record["city"], record["area"]) for record in records(emulator)] == [("Basel", 24), ("Bern", 52)]


def test_join_of_an_unpublished_dataset_is_an_error(api: httpx.Client, dataset: str, sizes: str) -> None:
    add_processor(api, dataset, **JOIN)

    status = publish(api, dataset)

    assert status["status"] == "error"
    assert status["message"].endswith("is misconfigured: dataset sizes is not published")
    assert publish(api, sizes)["status"] == "idle"
    assert publish(api, dataset)["status"] == "idle"


@pytest.mark.parametrize("domain", [None, {"domain_id": "mycity"}, {"domain_id": None}, "mycity"])
def test_join_with_an_unknown_dataset_is_refused_for_any_domain(
    api: httpx.Client, dataset: str, domain: object
) -> None:
    join = {"label": "", **JOIN, "dataset": {"dataset_id": "nowhere"}, "domain": domain}
    detail = error_detail(api.post(f"/datasets/{dataset}/processors/", json=join))
    assert detail == {"dataset": {"dataset_id": ['Dataset "nowhere" does not exist.']}}


def test_join_with_another_portal_is_kept_and_noted(api: httpx.Client, dataset: str, switch: Switch) -> None:
    switch(federated_domains={"canton": "http://127.0.0.1:9"})
    add_processor(api, dataset, **JOIN, domain={"domain_id": "canton"})
    rename = {"type": "rename", "label": "", "from_name": "area", "to_name": "km2", "field_label": "Area"}
    body_of(api.post(f"/datasets/{dataset}/fields/", json=rename), 201)

    status = publish(api, dataset)

    assert (status["status"], status["records_errors"]) == ("idle", [])
    assert "dataset sizes is on another portal" in status["message"]
    assert "the field area would be made by processor" in status["message"]


def test_geometry_that_is_nowhere_leaves_the_rest_readable(emulator: Emulator, api: httpx.Client) -> None:
    uid = new_dataset(api)
    point = '{"type": "Point", "coordinates": [%s]}'
    features = ", ".join(
        f'{{"type": "Feature", "properties": {{"n": {n}}}, "geometry": {point % coordinates}}}'
        for n, coordinates in enumerate(("7.5, 47.5", "NaN, NaN"))
    )
    content = f'{{"type": "FeatureCollection", "features": [{features}]}}'
    datasource = {"type": "uploaded_file", "file": {"uid": upload(api, uid, content, "a.geojson")}}
    body = {"type": "geojsonfile", "title": "Places", "datasource": datasource}
    body_of(api.post(f"/datasets/{uid}/resources/", json=body), 201)

    status = publish(api, uid)

    assert status["status"] == "idle"
    assert [error["field_uid"] for error in status["records_errors"]] == ["geo_shape"]
    found = records(emulator)
    assert [record["geo_point_2d"] for record in found] == [{"lon": 7.5, "lat": 47.5}, None]
    assert [record["geo_shape"] and record["geo_shape"]["geometry"] for record in found] == [
        {"type": "Point", "coordinates": [7.5, 47.5]},
        None,
    ]
    assert json.loads(public(emulator, "/air/exports/json").text)[1]["geo_shape"] is None


def test_what_a_processor_leaves_undone_is_in_the_status(api: httpx.Client, dataset: str) -> None:
    split = {"field": "city", "separator": "e", "index": 1, "output_field": "part", "trim": True}
    uid = add_processor(api, dataset, type="split", **split)["uid"]

    assert publish(api, dataset)["message"] == (
        f'Processor {uid} (split, number 1) is carried out without its parameter "trim".'
    )
