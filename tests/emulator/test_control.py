"""Tests of the control calls, and of the faults that they set."""

import threading
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..engine.stacks import eventually
from .calls import body_of, new_dataset, new_group
from .conftest import Connect, SetFault, Switch


def titles(api: httpx.Client) -> list[str]:
    return [group["title"] for group in body_of(api.get("/groups/"))["results"]]


def test_request_log_contains_no_key(
    emulator: Emulator, api: httpx.Client, connect: Connect, control: httpx.Client
) -> None:
    new_group(api, "Editors")
    connect("").get("/groups/editors", params={"apikey": emulator.key, "expand": "x"})
    connect("").get("/nothing/")

    logged = control.get("/requests").json()

    assert [(one["method"], one["path"], one["query"], one["status"]) for one in logged] == [
        ("POST", "/groups/", "", 201),
        ("GET", "/groups/editors/", "expand=x", 200),
        ("GET", "/nothing/", "", 404),
    ]
    assert all(one["ms"] >= 0 for one in logged)
    assert abs(logged[-1]["started"] - time.time()) < 3600
    assert emulator.key not in control.get("/requests").text


@pytest.mark.parametrize("fault", ["", "status:503", "no_body", "status:204"])
def test_request_is_logged_before_its_response_ends(tmp_path: Path, fault: str) -> None:
    logged: list[list[int | None]] = []

    def watch(app: ASGIApp) -> ASGIApp:
        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            async def sent(message: Message) -> None:
                if scope["path"].startswith("/api/"):
                    logged.append([one.status for one in emulator.portal.request_log.latest()])
                await send(message)

            await app(scope, receive, sent)

        return watched

    with (
        Emulator(tmp_path, around=watch) as emulator,
        httpx.Client(base_url=emulator.url, headers={"authorization": f"apikey {emulator.key}"}, timeout=30) as client,
    ):
        if fault:
            client.post("/_emulator/faults", json=[{"method": "GET", "path": ".*", "fault": fault}]).raise_for_status()
        response = client.get("/api/automation/v1.0/groups/")

    # The head alone is received at once: of a response without a body it is the whole.
    assert logged == [[] if response.content else [response.status_code], [response.status_code]]


def test_request_log_can_be_cleared(api: httpx.Client, control: httpx.Client) -> None:
    api.get("/groups/")

    assert control.delete("/requests").status_code == 204
    assert control.get("/requests").json() == []


def test_only_named_settings_change(control: httpx.Client, switch: Switch) -> None:
    switch(latency_ms=1, duplicate_dataset_id="accept")
    switch(latency_ms=2)

    settings = control.get("/settings").json()

    assert (settings["latency_ms"], settings["duplicate_dataset_id"]) == (2, "accept")
    assert settings["second_rule"] == "refuse"


@pytest.mark.parametrize("wrong", [{"colour": "red"}, {"latency_ms": -1}, {"second_rule": "perhaps"}])
def test_an_unknown_setting_is_refused_by_name(control: httpx.Client, wrong: dict[str, Any]) -> None:
    before = control.get("/settings").json()

    response = control.post("/settings", json=wrong)

    assert response.status_code == 422
    assert list(response.json()["detail"]) == list(wrong)
    assert control.get("/settings").json() == before


def test_latency_delays_the_automation_api_alone(api: httpx.Client, control: httpx.Client, switch: Switch) -> None:
    switch(latency_ms=1000)
    api.get("/groups/")

    assert control.get("/requests").json()[0]["ms"] >= 1000
    assert control.get("/settings").elapsed.total_seconds() < 1


def test_a_reset_leaves_an_empty_portal_with_the_same_key(
    emulator: Emulator, api: httpx.Client, control: httpx.Client, fault: SetFault, switch: Switch
) -> None:
    new_group(api, "Editors")
    uid = new_dataset(api)
    switch(second_rule="replace")
    fault("reset")

    assert control.post("/reset").status_code == 204

    assert titles(api) == []
    assert api.get(f"/datasets/{uid}/").status_code == 404
    assert [user["username"] for user in body_of(api.get("/users/"))["results"]] == ["admin"]
    assert control.get("/settings").json()["second_rule"] == "refuse"
    assert control.get("/faults").json() == []
    assert len(control.get("/requests").json()) == 3


def test_reset_stops_a_running_publish(api: httpx.Client, control: httpx.Client, switch: Switch) -> None:
    uid = new_dataset(api)
    switch(processing_ms=60_000)
    body_of(api.post(f"/datasets/{uid}/publish/"))

    control.post("/reset").raise_for_status()

    assert body_of(api.get("/datasets/"))["total_count"] == 0


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_status_fault_responds_and_executes_nothing(api: httpx.Client, fault: SetFault, status: int) -> None:
    fault(f"status:{status}", method="POST", path="^/groups/$", nth=1)

    assert {"error_code", "message"} <= set(body_of(api.post("/groups/", json={"title": "Editors"}), status))
    assert titles(api) == []
    new_group(api, "Editors")


def test_fault_500_has_the_body_of_an_internal_error(api: httpx.Client, fault: SetFault) -> None:
    fault("status:500", nth=1)

    body = body_of(api.get("/groups/"), 500)

    assert (body["error_code"], body["message"]) == ("internal_error", "A server error occurred.")
    assert str(uuid.UUID(body["trace_id"])) == body["trace_id"]


def test_429_fault_has_the_body_of_the_platform_quota(api: httpx.Client, fault: SetFault, switch: Switch) -> None:
    fault("status:429")

    response = api.get("/groups/")
    assert (response.status_code, response.json()["errorcode"]) == (429, 10002)
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= set(response.headers)
    assert "retry-after" not in response.headers
    switch(throttled_body="error_code")
    assert "error_code" in api.get("/groups/").json()


def test_reset_fault_executes_nothing(api: httpx.Client, control: httpx.Client, fault: SetFault) -> None:
    fault("reset", method="POST", nth=1)

    with pytest.raises(httpx.NetworkError):
        api.post("/groups/", json={"title": "Editors"})

    assert titles(api) == []
    assert control.get("/requests").json()[0]["status"] is None


def test_reset_after_commit_executes_the_call(api: httpx.Client, fault: SetFault) -> None:
    fault("reset_after_commit", method="POST", nth=1)

    with pytest.raises(httpx.NetworkError):
        api.post("/groups/", json={"title": "Editors"})

    assert titles(api) == ["Editors"]


@pytest.mark.parametrize(("kind", "done"), [("timeout", []), ("timeout_after_commit", ["Editors"])])
def test_timeout_fault_sends_no_response(api: httpx.Client, fault: SetFault, kind: str, done: list[str]) -> None:
    fault(kind, method="POST", nth=1)

    with pytest.raises(httpx.ReadTimeout):
        api.post("/groups/", json={"title": "Editors"}, timeout=2)

    assert titles(api) == done


def test_garbage_fault_is_a_page_of_html(api: httpx.Client, fault: SetFault) -> None:
    fault("garbage", nth=1)

    response = api.get("/groups/")

    assert (response.status_code, response.headers["content-type"][:9]) == (200, "text/html")
    assert titles(api) == []


def test_no_body_fault_executes_the_call_and_sends_a_status(api: httpx.Client, fault: SetFault) -> None:
    fault("no_body", method="POST", nth=1)

    response = api.post("/groups/", json={"title": "Editors"})

    assert (response.status_code, response.content) == (201, b"")
    assert titles(api) == ["Editors"]


def test_slow_fault_executes_the_call_and_drips_the_body(api: httpx.Client, fault: SetFault) -> None:
    fault("slow", method="POST", nth=1)

    with api.stream("POST", "/groups/", json={"title": "Editors"}, timeout=30) as response:
        start = next(response.iter_raw())

    assert (response.status_code, len(start)) == (201, 1)
    assert titles(api) == ["Editors"]


def test_the_nth_call_is_counted_from_when_the_fault_was_set(api: httpx.Client, fault: SetFault) -> None:
    api.get("/groups/")
    fault("status:500", method="GET", path="/groups/", nth=2)

    statuses = [api.get(path).status_code for path in ("/users/", "/groups/", "/groups/", "/groups/")]

    assert statuses == [200, 200, 500, 200]


def test_every_call_from_the_kth_on_can_fail(api: httpx.Client, fault: SetFault) -> None:
    fault("status:500", **{"from": 3})

    assert [api.get("/groups/").status_code for _ in range(5)] == [200, 200, 500, 500, 500]


def test_first_of_two_faults_applies_and_both_count_the_call(
    api: httpx.Client, control: httpx.Client, fault: SetFault
) -> None:
    fault("status:500", method="GET", nth=1)
    fault("status:503", method="GET", path="/groups/", nth=None)

    assert [api.get("/groups/").status_code for _ in range(2)] == [500, 503]
    assert [found["count"] for found in control.get("/faults").json()] == [2, 2]


def test_without_a_number_every_matching_call_fails(api: httpx.Client, control: httpx.Client, fault: SetFault) -> None:
    fault("status:503", path="^/groups/", nth=None)

    assert [api.get(path).status_code for path in ("/groups/", "/groups/x", "/users/")] == [503, 503, 200]
    assert control.get("/faults").json()[0]["count"] == 2
    assert control.delete("/faults").status_code == 204
    assert api.get("/groups/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"fault": "explode"},
        {"fault": "status:900"},
        {"fault": "reset", "path": "("},
        {"fault": "reset", "nth": 0},
        {"fault": "reset", "nth": 1, "from": 2},
        {"fault": "reset", "place": "/x"},
    ],
)
def test_invalid_fault_is_refused(control: httpx.Client, wrong: dict[str, Any]) -> None:
    assert control.post("/faults", json=[wrong]).status_code == 422
    assert control.get("/faults").json() == []


def test_no_fault_touches_the_control_calls(control: httpx.Client, fault: SetFault) -> None:
    fault("reset")

    assert control.get("/settings").status_code == 200


def test_portal_stops_while_a_timeout_fault_hangs(tmp_path: Path) -> None:
    with Emulator(tmp_path) as portal, httpx.Client(base_url=portal.url, verify=False, timeout=30) as client:
        client.post("/_emulator/faults", json=[{"fault": "timeout"}]).raise_for_status()
        missing = threading.Event()

        def hang() -> None:
            with pytest.raises(httpx.NetworkError):
                httpx.get(f"{portal.url}/api/automation/v1.0/groups/", timeout=30, verify=False)
            missing.set()

        waiting = threading.Thread(target=hang)
        waiting.start()
        eventually(lambda: portal.portal.hanging_clients)
    waiting.join(60)

    assert missing.is_set()
