"""A POST that may have arrived is never blindly sent again."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.errors import (
    NotAPortal,
    NotPermitted,
    PortalError,
    PortalFailed,
    Refused,
    Throttled,
    Uncertain,
    Unreachable,
)

from .conftest import Connect, Serve
from .scripted import Disconnect, NoResponse, Reply, Request, Response, in_turn, refusal, refusing_port

JSON = {"Content-Type": "application/json"}

DOUBTFUL: list[Reply] = [
    Disconnect(),
    Disconnect(Response({"uid": "editors"}, 201), 30),
    refusal(500, "internal_error"),
    Response(b"<h1>Bad Gateway</h1>", 502),
    Response(b"<h1>Service Unavailable</h1>", 503),
    Response(b"", 503),
    refusal(504, "timeout"),
    Response(b'{"uid": "edi', 201, JSON),
    Response(b"<h1>Thank you</h1>", 200),
    Response(b"not gzip", 201, {"Content-Encoding": "gzip"}),
    Response(b"", 524),
]
"""After any of these it is unknown whether the POST was carried out."""

NOT_ARRIVED: list[Reply] = [
    refusal(429, "throttled"),
    Response(b"<h1>Too Many Requests</h1>", 429),
    refusal(503, "unavailable"),
]
"""After any of these the POST was not carried out, and may be sent again."""


class Shelf:
    """A portal with groups: the `replies` to its POSTs, and whether a POST that fails is carried out (`arrives`)."""

    def __init__(self, *replies: Reply, arrives: bool = True) -> None:
        self.replies = in_turn(*replies, Response({"uid": "editors"}, 201))
        self.arrives = arrives
        self.lock = threading.Lock()
        self.groups: list[Any] = []

    def __call__(self, request: Request) -> Reply:
        if request.method == "GET":
            return Response(self.groups)
        reply = self.replies(request)
        is_success = isinstance(reply, Response) and reply.body == {"uid": "editors"}
        with self.lock:
            if is_success or self.arrives:
                self.groups.append({"uid": "editors", "title": request.json["title"]})
        return reply


def look_for_editors(client: Client) -> Any:
    return next(iter(client.all("/groups/")), None)


@pytest.mark.parametrize("reply", DOUBTFUL)
def test_post_that_arrived_is_found_and_not_sent_again(serve: Serve, connect: Connect, reply: Reply) -> None:
    shelf = Shelf(reply)
    portal = serve(shelf)
    client = connect(portal)
    found = client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert found == {"uid": "editors", "title": "Editors"}
    assert portal.calls() == ["POST /groups/", "GET /groups/"]


@pytest.mark.parametrize("reply", DOUBTFUL)
def test_post_that_is_not_found_is_sent_again_after_two_looks(serve: Serve, connect: Connect, reply: Reply) -> None:
    shelf = Shelf(reply, arrives=False)
    portal = serve(shelf)
    client = connect(portal)
    made = client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert made == {"uid": "editors"}
    assert len(shelf.groups) == 1
    assert portal.calls() == ["POST /groups/", "GET /groups/", "GET /groups/", "POST /groups/"]


@pytest.mark.parametrize("reply", DOUBTFUL)
def test_post_in_doubt_without_a_look_is_uncertain(serve: Serve, connect: Connect, reply: Reply) -> None:
    portal = serve(Shelf(reply))
    with pytest.raises(Uncertain) as error:
        connect(portal).post("/groups/", {"title": "Editors"})
    assert portal.calls() == ["POST /groups/"]
    assert str(error.value).startswith(f"{portal.host} may or may not have done POST /groups/: ")
    assert str(error.value).endswith("Look in the portal's back office whether it is there, then run again.")
    assert error.value.may_have_arrived


@pytest.mark.parametrize("reply", DOUBTFUL[:7])
def test_repeatable_post_is_sent_again_without_a_look(serve: Serve, connect: Connect, reply: Reply) -> None:
    portal = serve(Shelf(reply))
    assert connect(portal).post("/groups/", {"title": "Editors"}, repeatable=True) == {"uid": "editors"}
    assert portal.calls() == ["POST /groups/"] * 2


@pytest.mark.parametrize("reply", DOUBTFUL, ids=str)
def test_put_in_doubt_that_is_not_repeatable_is_uncertain(serve: Serve, connect: Connect, reply: Reply) -> None:
    portal = serve(in_turn(reply, Response({"uid": "co_x"})))
    with pytest.raises(Uncertain, match=r"may or may not have done PUT /datasource_connections/co_x/"):
        connect(portal).put("/datasource_connections/co_x/", {"auth": {"code": "used once"}}, repeatable=False)
    assert len(portal.requests) == 1


@pytest.mark.parametrize("reply", NOT_ARRIVED)
def test_post_that_did_not_arrive_is_sent_again(serve: Serve, connect: Connect, reply: Reply) -> None:
    shelf = Shelf(reply, reply, arrives=False)
    portal = serve(shelf)
    assert connect(portal).post("/groups/", {"title": "Editors"}) == {"uid": "editors"}
    assert len(shelf.groups) == 1
    assert portal.calls() == ["POST /groups/"] * 3


def test_post_without_a_connection_is_sent_again() -> None:
    with (
        refusing_port() as port,
        Client(f"127.0.0.1:{port}", "key", retries=2, backoff=0.01) as client,
        pytest.raises(Unreachable) as error,
    ):
        client.post("/groups/", {"title": "Editors"})
    assert error.value.tries == 3


def test_timeout_leaves_doubt(serve: Serve, connect: Connect) -> None:
    portal = serve(Shelf(NoResponse()))
    client = connect(portal, timeout=2.0)
    found = client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert found == {"uid": "editors", "title": "Editors"}
    assert portal.calls().count("POST /groups/") == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501, 505])
def test_refused_post_is_not_looked_up(serve: Serve, connect: Connect, status: int) -> None:
    portal = serve(in_turn(refusal(status, "no")))
    with pytest.raises(Refused) as error:
        connect(portal).post("/groups/", {"title": "Editors"}, look=lambda: pytest.fail("it looked"))
    assert error.value.status == status
    assert len(portal.calls()) == 1


@pytest.mark.parametrize("reply", [Response(b"<h1>No such page</h1>", 404), Response(b"", 302, {"Location": "/login"})])
def test_error_page_or_redirect_leaves_no_doubt(serve: Serve, connect: Connect, reply: Reply) -> None:
    portal = serve(in_turn(reply))
    with pytest.raises(NotAPortal):
        connect(portal).post("/groups/", {"title": "Editors"}, look=lambda: pytest.fail("it looked"))
    assert len(portal.calls()) == 1


def test_look_that_raises_not_found_has_found_nothing(serve: Serve, connect: Connect) -> None:
    def script(request: Request) -> Reply:
        return refusal(404, "not_found") if request.method == "GET" else posts(request)

    posts = in_turn(Disconnect(), Response({"uid": "editors"}, 201))
    client = connect(serve(script))
    made = client.post("/groups/", {"title": "Editors"}, look=lambda: client.get("/groups/editors/"))
    assert made == {"uid": "editors"}


def test_look_that_fails_makes_the_post_uncertain(serve: Serve, connect: Connect) -> None:
    def script(request: Request) -> Reply:
        return refusal(403, "permission_denied", "No.") if request.method == "GET" else refusal(500, "x", "It broke.")

    portal = serve(script)
    client = connect(portal)
    with pytest.raises(Uncertain) as error:
        client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert portal.calls() == ["POST /groups/", "GET /groups/"]
    assert isinstance(error.value.__cause__, NotPermitted)
    assert "it answered 500 (It broke.), and looking for it failed (the API key may not do this" in str(error.value)
    assert "\n" not in str(error.value)


def test_post_that_is_never_found_raises_its_own_failure(serve: Serve, connect: Connect) -> None:
    shelf = Shelf(*[refusal(500, "internal_error")] * 9, arrives=False)
    portal = serve(shelf)
    client = connect(portal, retries=2)
    with pytest.raises(PortalFailed) as error:
        client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert error.value.tries == 3
    assert portal.calls() == ["POST /groups/", "GET /groups/", "GET /groups/"] * 3


def test_last_try_that_arrived_is_found(serve: Serve, connect: Connect) -> None:
    portal = serve(Shelf(Disconnect()))
    client = connect(portal, retries=0)
    found = client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert found == {"uid": "editors", "title": "Editors"}
    assert portal.calls() == ["POST /groups/", "GET /groups/"]


def test_post_found_after_the_looks_by_the_next_refusal(serve: Serve, connect: Connect) -> None:
    groups: list[Any] = []
    posts = 0

    def script(request: Request) -> Reply:
        nonlocal posts
        if request.method == "GET":
            return Response(list(groups))
        posts += 1
        if posts == 1:
            return Disconnect()
        groups.append({"uid": "editors"})  # the first one, at last
        return refusal(400, "validation_error", detail={"title": ["taken"]})

    client = connect(serve(script))
    assert client.post("/groups/", {}, look=lambda: look_for_editors(client)) == {"uid": "editors"}
    assert posts == 2


def test_refusal_after_a_doubt_is_raised_if_nothing_is_found(serve: Serve, connect: Connect) -> None:
    shelf = Shelf(Disconnect(), refusal(400, "validation_error", detail={"title": ["too long"]}), arrives=False)
    client = connect(serve(shelf))
    with pytest.raises(Refused, match="title: too long"):
        client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))


def test_quota_used_up_meanwhile_ends_the_tries(serve: Serve, connect: Connect) -> None:
    quota = Response({"errorcode": 10002, "error": "Too many requests"}, 429, {"Retry-After": "3600"})
    shelf = Shelf(Disconnect(), quota, arrives=False)
    portal = serve(shelf)
    client = connect(portal)
    with pytest.raises(Throttled):
        client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert portal.calls().count("POST /groups/") == 2


def test_error_of_the_look_itself_is_raised_as_it_is(serve: Serve, connect: Connect) -> None:
    def look() -> Any:
        raise ZeroDivisionError

    portal = serve(Shelf(Disconnect()))
    with pytest.raises(ZeroDivisionError):
        connect(portal).post("/groups/", {"title": "Editors"}, look=look)
    assert portal.calls() == ["POST /groups/"]


def test_lost_posts_of_many_threads_create_each_object_once(serve: Serve, connect: Connect) -> None:
    made: dict[str, int] = {}
    lock = threading.Lock()
    turn = 0

    def script(request: Request) -> Reply:
        nonlocal turn
        if request.method == "GET":
            title = request.path.split("/")[2]
            return Response({"title": title}) if title in made else refusal(404, "not_found")
        with lock:
            turn += 1
            number = turn % 4
            if number < 2:  # two of four are carried out, two are not; three of four fail
                made[request.json["title"]] = made.get(request.json["title"], 0) + 1
        replies: list[Reply] = [Response({}, 201), Disconnect(), refusal(500, "x"), refusal(429, "x")]
        return replies[number]

    client = connect(serve(script), concurrency=8, retries=14, backoff=0.001)
    failures: list[PortalError] = []

    def work(thread: int) -> None:
        for number in range(4):
            title = f"g{thread}-{number}"
            try:
                client.post("/groups/", {"title": title}, look=partial(client.get, f"/groups/{title}/"))
            except PortalError as error:
                failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(made.values()) == [1] * 64


USELESS: list[Reply] = [
    Response(b"", 204),
    Response({}, 201),
    Response([], 200),
    Response("editors", 200),
    Response(b"[" * 100_000, 201, JSON),
    Response({"uid": "editors"}, 201, {"Date": "Mon, 01 Jan 0001 00:00:00 +2359"}),
]
"""Successes without the object, or of which the reading fails."""


def has_uid(response: Any) -> bool:
    return isinstance(response, dict) and "uid" in response


@pytest.mark.parametrize("reply", USELESS, ids=range(len(USELESS)))
def test_useless_success_is_settled_by_a_look(serve: Serve, connect: Connect, reply: Reply) -> None:
    shelf = Shelf(reply)
    portal = serve(shelf)
    client = connect(portal)
    found = client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client), is_usable=has_uid)
    assert found["uid"] == "editors"
    assert portal.calls().count("POST /groups/") == 1
    assert len(shelf.groups) == 1


def test_useless_success_without_a_look_is_uncertain(serve: Serve, connect: Connect) -> None:
    portal = serve(Shelf(Response({}, 201)))
    with pytest.raises(Uncertain, match="its success does not contain what was created"):
        connect(portal).post("/groups/", {"title": "Editors"}, is_usable=has_uid)
    assert portal.calls() == ["POST /groups/"]


def test_own_fault_that_left_nothing_is_raised(serve: Serve, connect: Connect) -> None:
    portal = serve(Shelf())
    with pytest.raises(TypeError):
        connect(portal).post("/groups/", {"title": object()}, look=lambda: None)
    assert portal.calls().count("POST /groups/") == 0
