"""The methods of the client, and the requests that they send."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.errors import Call, NotAPortal, NotFound, Refused, Unreachable

from .conftest import KEY, Connect, Serve
from .scripted import Disconnect, Reply, Request, Response, in_turn, refusal


def test_get_returns_the_object(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response({"uid": "editors"})))
    assert connect(portal).get("/groups/editors/") == {"uid": "editors"}
    assert portal.calls() == ["GET /groups/editors/"]


def test_key_is_sent_in_the_header_only(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response({})))
    client = connect(portal)
    client.post("/groups/", {"title": "Editors"})
    request = portal.requests[0]
    assert request.headers["authorization"] == f"apikey {KEY}"
    assert KEY not in request.target
    assert KEY.encode() not in request.body
    assert KEY not in repr(client)
    assert repr(client) == f"Client('{portal.host}')"


def test_every_request_accepts_json(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response({})))
    client = connect(portal)
    client.get("/groups/")
    client.post("/groups/", {"title": "Editors"})
    client.delete("/groups/editors/")
    assert [request.headers["accept"] for request in portal.requests] == ["application/json"] * 3


def test_query_omits_none_and_repeats_lists(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response({})))
    connect(portal).get(
        "/users/", search="a&b", sort=None, is_active=True, **{"permissions[]": ["edit_domain", "create_page"]}
    )
    assert portal.requests[0].query == {
        "search": ["a&b"],
        "is_active": ["true"],
        "permissions[]": ["edit_domain", "create_page"],
    }


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/users/jane+x@mycity.org/", "/users/jane+x@mycity.org/"),
        ("/users/what?is#this/", "/users/what%3Fis%23this/"),
        ("/metadata/templates/été chaud/", "/metadata/templates/%C3%A9t%C3%A9%20chaud/"),
        ("/pages/a%2Fb/", "/pages/a%2Fb/"),
        ("/groups/editors", "/groups/editors"),
    ],
)
def test_path_is_percent_encoded(serve: Serve, connect: Connect, path: str, target: str) -> None:
    portal = serve(in_turn(Response({})))
    connect(portal).get(path)
    assert portal.requests[0].target == target


@pytest.mark.parametrize("path", ["/groups//", "//", "/", "", "groups/", "/groups/../users/", "/groups/./"])
def test_path_with_an_empty_step_is_never_sent(serve: Serve, connect: Connect, path: str) -> None:
    portal = serve(in_turn(Response({})))
    with pytest.raises(ValueError, match="is not a path of the API"):
        connect(portal).delete(path)
    assert portal.calls() == []


def test_body_is_sent_as_json_and_none_as_no_body(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response({}, 201)))
    client = connect(portal)
    client.post("/groups/", {"title": "Éditeurs"})
    client.put("/datasets/da_x/", {})
    client.post("/datasets/da_x/publish/")
    assert [request.body for request in portal.requests] == ['{"title":"Éditeurs"}'.encode(), b"{}", b""]
    assert portal.requests[0].headers["content-type"] == "application/json"
    assert "content-type" not in portal.requests[2].headers


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_succeeds_and_an_empty_body_is_none(serve: Serve, connect: Connect, status: int) -> None:
    assert connect(serve(in_turn(Response(b"", status)))).put("/groups/editors/", {}) is None


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"text"', b"5"])
def test_read_without_an_object_is_an_error_and_no_absence(serve: Serve, connect: Connect, body: bytes) -> None:
    portal = serve(in_turn(Response(body), Response({"uid": "editors"})))
    assert connect(portal).get("/groups/editors/") == {"uid": "editors"}
    portal = serve(in_turn(Response(body)))
    with pytest.raises(NotAPortal, match=r"it sent (nothing|something else) where an object belongs"):
        connect(portal, retries=1).get("/groups/editors/")
    assert len(portal.calls()) == 2


def test_put_returns_the_object(serve: Serve, connect: Connect) -> None:
    portal = serve(lambda request: Response({"uid": "editors", **request.json}))
    assert connect(portal).put("/groups/editors/", {"title": "E"}) == {"uid": "editors", "title": "E"}


def test_delete_returns_whether_the_object_existed(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response(b"", 204), refusal(404, "not_found", "Not found.")))
    client = connect(portal)
    assert client.delete("/groups/editors/", force=True) is True
    assert client.delete("/groups/editors/") is False
    assert portal.requests[0].query == {"force": ["true"]}


def test_delete_whose_response_was_lost_has_deleted(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Disconnect(), refusal(404, "not_found", "Not found.")))
    assert connect(portal).delete("/groups/editors/") is True


def test_404_web_page_does_not_mean_that_an_object_is_gone(serve: Serve, connect: Connect) -> None:
    client = connect(serve(in_turn(Response(b"<html><title>404</title>Not Found</html>", 404))))
    for call in (client.get, client.delete):
        with pytest.raises(NotAPortal):
            call("/groups/editors/")


@pytest.mark.parametrize("body", [{"message": "no such route"}, {"detail": "no such route"}, "no such route"])
def test_404_json_without_a_code_does_not_mean_gone(serve: Serve, connect: Connect, body: Any) -> None:
    client = connect(serve(in_turn(Response(body, 404))))
    for call in (client.get, client.delete):
        with pytest.raises(NotAPortal, match="no such route"):
            call("/groups/editors/")


def test_redirect_is_not_followed(serve: Serve, connect: Connect) -> None:
    elsewhere = serve(in_turn(Response({})))
    portal = serve(in_turn(Response(b"", 302, {"Location": f"{elsewhere.url}/login?token=abc"})))
    with pytest.raises(NotAPortal) as error:
        connect(portal).post("/groups/", {})
    assert elsewhere.calls() == []
    assert len(portal.calls()) == 1
    assert f"it points to {elsewhere.host} (302)" in str(error.value)
    assert "token" not in str(error.value)


@pytest.mark.parametrize("location", ["/login", ""])
def test_redirect_within_the_host_is_described_as_such(serve: Serve, connect: Connect, location: str) -> None:
    portal = serve(in_turn(Response(b"", 301, {"Location": location})))
    with pytest.raises(NotAPortal, match="another page of its own"):
        connect(portal).get("/groups/")


def test_broken_json_is_requested_again(serve: Serve, connect: Connect) -> None:
    json_type = {"Content-Type": "application/json"}
    portal = serve(in_turn(Response(b'{"uid": "ed', 200, json_type), Response({"uid": "editors"})))
    assert connect(portal).get("/groups/editors/") == {"uid": "editors"}
    portal = serve(in_turn(Response(b'{"uid": "ed', 200, json_type)))
    with pytest.raises(NotAPortal, match="it sent broken JSON") as error:
        connect(portal, retries=1).get("/groups/editors/")
    assert str(error.value).endswith("tried 2 times). Try again.")


def test_response_that_cannot_be_decompressed_is_retried(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response(b"not gzip", 200, {"Content-Encoding": "gzip"}), Response({})))
    assert connect(portal).get("/groups/editors/") == {}
    assert len(portal.calls()) == 2


def test_web_page_is_not_requested_again(serve: Serve, connect: Connect) -> None:
    page = b"<html><style>b{}</style><h1>Welcome to  nginx!</h1><script>var a</script></html>"
    portal = serve(in_turn(Response(page)))
    with pytest.raises(NotAPortal) as error:
        connect(portal).get("/groups/")
    assert str(error.value) == (
        f"{portal.host} does not answer as an Opendatasoft portal: "
        'it sent 200 and "Welcome to nginx!" (GET /groups/). Check the domain.'
    )
    assert (error.value.status, error.value.call) == (200, Call(portal.host, "GET", "/groups/"))
    assert len(portal.calls()) == 1


def test_web_page_after_a_response_of_the_api_is_retried(serve: Serve, connect: Connect) -> None:
    portal = serve(
        in_turn(Response({"uid": "editors"}), Response(b"<html>Gateway</html>"), Response({"uid": "readers"}))
    )
    client = connect(portal)
    client.get("/groups/editors/")
    assert client.get("/groups/readers/") == {"uid": "readers"}
    assert len(portal.calls()) == 3


def test_guard_runs_before_each_request_and_ends_the_call(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response({})))
    calls_before: list[int] = []

    def guard() -> None:
        calls_before.append(len(portal.calls()))
        if len(portal.calls()) == 2:
            raise InterruptedError("the engine has ended")

    client = connect(portal, guard=guard)
    client.get("/groups/")
    client.get("/groups/")
    with pytest.raises(InterruptedError, match="the engine has ended"):
        client.put("/groups/editors/", {})
    assert calls_before[:2] == [0, 1]
    assert len(portal.calls()) == 2


def test_guard_ends_the_wait_for_another_try(serve: Serve, connect: Connect) -> None:
    has_ended = threading.Event()

    def script(_: Request) -> Reply:
        has_ended.set()
        return refusal(503, "unavailable")

    def guard() -> None:
        if has_ended.is_set():
            raise InterruptedError

    portal = serve(script)
    began = time.monotonic()
    with pytest.raises(InterruptedError):
        connect(portal, guard=guard, backoff=60.0).get("/groups/")
    assert len(portal.calls()) == 1
    assert time.monotonic() - began < 30, "the wait, and not the call after it"


def test_log_contains_method_path_status_and_time_only(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    portal = serve(in_turn(Response({}), Disconnect()))
    client = connect(portal, retries=0)
    with caplog.at_level(logging.DEBUG, "pulumi_opendatasoft"):
        client.put("/groups/editors/", {"title": "hunter2"})
        with pytest.raises(Unreachable):
            client.get("/groups/", search="jane")
    logged = [record.getMessage() for record in caplog.records if record.name == "pulumi_opendatasoft"]
    assert [line.rsplit(" ", 2)[0] for line in logged] == ["PUT /groups/editors/ 200", "GET /groups/ Unreachable"]
    assert all(line.endswith(" ms") for line in logged)
    assert KEY not in caplog.text
    assert "hunter2" not in caplog.text


def test_now_follows_the_clock_of_the_portal(serve: Serve, connect: Connect) -> None:
    portal = serve(
        in_turn(
            Response({}, headers={"Date": "Thu, 05 Feb 2026 15:09:51 GMT"}),
            Response({}, headers={"Date": "no date"}),
            Response({}),
        )
    )
    client = connect(portal)
    assert abs((client.now() - datetime.now(UTC)).total_seconds()) < 60
    for _ in range(3):
        client.get("/groups/")
        assert client.now().strftime("%Y-%m-%dT%H") == "2026-02-05T15"


def test_late_date_does_not_set_the_clock_back(serve: Serve, connect: Connect) -> None:
    now = datetime.now(UTC)
    dates = [format_datetime(now + timedelta(seconds=ahead), usegmt=True) for ahead in (100, 99, 50)]
    client = connect(serve(in_turn(*(Response({}, headers={"Date": date}) for date in dates))))

    def ahead() -> float:
        client.get("/groups/")
        return (client.now() - datetime.now(UTC)).total_seconds()

    first = ahead()
    assert abs(ahead() - first) < 0.5
    assert ahead() < first - 40, "a clock that was set is followed"


@pytest.mark.parametrize("key", ["", "  ", "two words", "line\nbreak", "clé"])
def test_key_unfit_for_a_header_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(ValueError, match=r"the API key for mycity|no API key for mycity") as refused:
        Client("mycity", key)
    assert not key.strip() or key not in str(refused.value)


def test_white_space_around_a_key_is_removed(serve: Serve) -> None:
    portal = serve(in_turn(Response({})))
    with Client(portal.url, f" {KEY}\n") as client:
        client.get("/groups/")
    assert portal.requests[0].headers["authorization"] == f"apikey {KEY}"


def test_invalid_domain_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a domain"):
        Client("my city", KEY)


def test_concurrency_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one request"):
        Client("mycity", KEY, concurrency=0)


def test_portal_on_this_machine_bypasses_the_proxy(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert connect(serve(in_turn(Response({})))).get("/groups/") == {}


def test_portal_elsewhere_is_reached_through_the_proxy(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(in_turn(Response({"uid": "editors"})))
    monkeypatch.setenv("http_proxy", proxy.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Client("http://portal.invalid", KEY) as client:
        assert client.get("/groups/editors/") == {"uid": "editors"}
    assert proxy.requests[0].headers["host"] == "portal.invalid"


def test_32_threads_share_one_client_and_its_connections(serve: Serve, connect: Connect) -> None:
    portal = serve(lambda request: Response({"path": request.path}))
    client = connect(portal, concurrency=4)
    wrong: list[str] = []

    def work(thread: int) -> None:
        for number in range(5):
            path = f"/groups/{thread}-{number}/"
            if client.get(path) != {"path": path}:
                wrong.append(path)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(portal.calls()) == 160
    assert portal.connections <= 8


def test_failed_call_frees_its_slot(serve: Serve, connect: Connect) -> None:
    portal = serve(
        in_turn(refusal(404, "not_found"), Disconnect(), refusal(400, "bad_request"), Response({"done": True}))
    )
    client = connect(portal, concurrency=1, retries=0)
    for kind in (NotFound, Unreachable, Refused):
        with pytest.raises(kind):
            client.get("/groups/x/")
    assert client.get("/groups/x/") == {"done": True}
