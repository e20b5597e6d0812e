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
from .scripted import Asked, Breaks, Hangs, Reply, Says, free_port, in_turn, refusal

JSON = {"Content-Type": "application/json"}

DOUBTFUL: list[Reply] = [
    Breaks(),
    Breaks(Says({"uid": "editors"}, 201), 30),
    refusal(500, "internal_error"),
    Says(b"<h1>Bad Gateway</h1>", 502),
    Says(b"<h1>Service Unavailable</h1>", 503),
    Says(b"", 503),
    refusal(504, "timeout"),
    Says(b'{"uid": "edi', 201, JSON),
    Says(b"<h1>Thank you</h1>", 200),
    Says(b"not gzip", 201, {"Content-Encoding": "gzip"}),
    Says(b"", 524),
]
"""After any of these nobody knows whether the POST was carried out."""

NOT_ARRIVED: list[Reply] = [
    refusal(429, "throttled"),
    Says(b"<h1>Too Many Requests</h1>", 429),
    refusal(503, "unavailable"),
]
"""After any of these the POST was not carried out, and may be sent again."""


class Shelf:
    """A portal with groups in it: `replies` say how each POST is answered, `arrives` whether it is carried out."""

    def __init__(self, *replies: Reply, arrives: bool = True) -> None:
        self.replies = in_turn(*replies, Says({"uid": "editors"}, 201))
        self.arrives = arrives
        self.lock = threading.Lock()
        self.groups: list[Any] = []

    def __call__(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            return Says(self.groups)
        reply = self.replies(asked)
        is_success = isinstance(reply, Says) and reply.body == {"uid": "editors"}
        with self.lock:
            if is_success or self.arrives:
                self.groups.append({"uid": "editors", "title": asked.json["title"]})
        return reply


def look_for_editors(client: Client) -> Any:
    return next(iter(client.all("/groups/")), None)


@pytest.mark.parametrize("reply", DOUBTFUL)
def test_a_post_that_arrived_is_found_and_not_sent_again(serve: Serve, connect: Connect, reply: Reply) -> None:
    shelf = Shelf(reply)
    portal = serve(shelf)
    client = connect(portal)
    found = client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert found == {"uid": "editors", "title": "Editors"}
    assert portal.calls() == ["POST /groups/", "GET /groups/"]


@pytest.mark.parametrize("reply", DOUBTFUL)
def test_a_post_that_did_not_arrive_is_sent_again_after_two_looks(serve: Serve, connect: Connect, reply: Reply) -> None:
    shelf = Shelf(reply, arrives=False)
    portal = serve(shelf)
    client = connect(portal)
    made = client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert made == {"uid": "editors"}
    assert len(shelf.groups) == 1
    assert portal.calls() == ["POST /groups/", "GET /groups/", "GET /groups/", "POST /groups/"]


@pytest.mark.parametrize("reply", DOUBTFUL)
def test_a_post_in_doubt_without_a_look_is_uncertain_and_says_what_to_do(
    serve: Serve, connect: Connect, reply: Reply
) -> None:
    portal = serve(Shelf(reply))
    with pytest.raises(Uncertain) as error:
        connect(portal).post("/groups/", {"title": "Editors"})
    assert portal.calls() == ["POST /groups/"]
    assert str(error.value).startswith(f"{portal.host} may or may not have done POST /groups/: ")
    assert str(error.value).endswith("Look in the portal's back office whether it is there, then run again.")
    assert error.value.may_have_arrived


@pytest.mark.parametrize("reply", DOUBTFUL[:7])
def test_a_repeatable_post_is_just_sent_again(serve: Serve, connect: Connect, reply: Reply) -> None:
    portal = serve(Shelf(reply))
    assert connect(portal).post("/groups/", {"title": "Editors"}, repeatable=True) == {"uid": "editors"}
    assert portal.calls() == ["POST /groups/"] * 2


@pytest.mark.parametrize("reply", DOUBTFUL, ids=str)
def test_a_put_that_holds_what_is_used_up_by_one_use_is_uncertain(serve: Serve, connect: Connect, reply: Reply) -> None:
    portal = serve(in_turn(reply, Says({"uid": "co_x"})))
    with pytest.raises(Uncertain, match=r"may or may not have done PUT /datasource_connections/co_x/"):
        connect(portal).put("/datasource_connections/co_x/", {"auth": {"code": "used once"}}, repeatable=False)
    assert len(portal.asked) == 1


@pytest.mark.parametrize("reply", NOT_ARRIVED)
def test_a_post_that_was_turned_away_is_sent_again_without_a_look(serve: Serve, connect: Connect, reply: Reply) -> None:
    shelf = Shelf(reply, reply, arrives=False)
    portal = serve(shelf)
    assert connect(portal).post("/groups/", {"title": "Editors"}) == {"uid": "editors"}
    assert len(shelf.groups) == 1
    assert portal.calls() == ["POST /groups/"] * 3


def test_a_post_that_never_got_a_connection_is_sent_again_without_a_look() -> None:
    client = Client(f"127.0.0.1:{free_port()}", "key", retries=2, backoff=0.01)
    with client, pytest.raises(Unreachable) as error:
        client.post("/groups/", {"title": "Editors"})
    assert error.value.tries == 3


def test_a_silent_portal_leaves_doubt(serve: Serve, connect: Connect) -> None:
    portal = serve(Shelf(Hangs()))
    client = connect(portal, timeout=0.2)
    found = client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert found == {"uid": "editors", "title": "Editors"}
    assert portal.calls().count("POST /groups/") == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501, 505])
def test_a_refused_post_is_an_answer_and_not_looked_for(serve: Serve, connect: Connect, status: int) -> None:
    portal = serve(in_turn(refusal(status, "no")))
    with pytest.raises(Refused) as error:
        connect(portal).post("/groups/", {"title": "Editors"}, look=lambda: pytest.fail("it looked"))
    assert error.value.status == status
    assert len(portal.calls()) == 1


@pytest.mark.parametrize("reply", [Says(b"<h1>No such page</h1>", 404), Says(b"", 302, {"Location": "/login"})])
def test_an_error_page_or_a_redirect_did_nothing(serve: Serve, connect: Connect, reply: Reply) -> None:
    portal = serve(in_turn(reply))
    with pytest.raises(NotAPortal):
        connect(portal).post("/groups/", {"title": "Editors"}, look=lambda: pytest.fail("it looked"))
    assert len(portal.calls()) == 1


def test_a_look_that_ends_in_not_found_has_found_nothing(serve: Serve, connect: Connect) -> None:
    def script(asked: Asked) -> Reply:
        return refusal(404, "not_found") if asked.method == "GET" else posts(asked)

    posts = in_turn(Breaks(), Says({"uid": "editors"}, 201))
    client = connect(serve(script))
    made = client.post("/groups/", {"title": "Editors"}, look=lambda: client.get("/groups/editors/"))
    assert made == {"uid": "editors"}


def test_a_look_that_fails_makes_the_post_uncertain(serve: Serve, connect: Connect) -> None:
    def script(asked: Asked) -> Reply:
        return refusal(403, "permission_denied", "No.") if asked.method == "GET" else refusal(500, "x", "It broke.")

    portal = serve(script)
    client = connect(portal)
    with pytest.raises(Uncertain) as error:
        client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert portal.calls() == ["POST /groups/", "GET /groups/"]
    assert isinstance(error.value.__cause__, NotPermitted)
    assert "it answered 500 (It broke.), and looking for it failed (the API key may not do this" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_post_that_is_never_there_ends_in_its_own_failure(serve: Serve, connect: Connect) -> None:
    shelf = Shelf(*[refusal(500, "internal_error")] * 9, arrives=False)
    portal = serve(shelf)
    client = connect(portal, retries=2)
    with pytest.raises(PortalFailed) as error:
        client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert error.value.tries == 3
    assert portal.calls() == ["POST /groups/", "GET /groups/", "GET /groups/"] * 3


def test_a_last_try_that_arrived_is_found(serve: Serve, connect: Connect) -> None:
    portal = serve(Shelf(Breaks()))
    client = connect(portal, retries=0)
    found = client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert found == {"uid": "editors", "title": "Editors"}
    assert portal.calls() == ["POST /groups/", "GET /groups/"]


def test_a_post_that_arrives_too_late_for_the_looks_is_known_by_the_refusal_of_the_next(
    serve: Serve, connect: Connect
) -> None:
    groups: list[Any] = []
    posts = 0

    def script(asked: Asked) -> Reply:
        nonlocal posts
        if asked.method == "GET":
            return Says(list(groups))
        posts += 1
        if posts == 1:
            return Breaks()
        groups.append({"uid": "editors"})  # the first one, at last
        return refusal(400, "validation_error", detail={"title": ["taken"]})

    client = connect(serve(script))
    assert client.post("/groups/", {}, look=lambda: look_for_editors(client)) == {"uid": "editors"}
    assert posts == 2


def test_a_refusal_after_a_doubt_stands_where_nothing_is_found(serve: Serve, connect: Connect) -> None:
    shelf = Shelf(Breaks(), refusal(400, "validation_error", detail={"title": ["too long"]}), arrives=False)
    client = connect(serve(shelf))
    with pytest.raises(Refused, match="title: too long"):
        client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))


def test_a_quota_that_is_used_up_meanwhile_ends_the_tries(serve: Serve, connect: Connect) -> None:
    quota = Says({"errorcode": 10002, "error": "Too many requests"}, 429, {"Retry-After": "3600"})
    shelf = Shelf(Breaks(), quota, arrives=False)
    portal = serve(shelf)
    client = connect(portal)
    with pytest.raises(Throttled):
        client.post("/groups/", {"title": "Editors"}, look=lambda: look_for_editors(client))
    assert portal.calls().count("POST /groups/") == 2


def test_what_is_not_the_portals_is_raised_as_it_is(serve: Serve, connect: Connect) -> None:
    def look() -> Any:
        raise ZeroDivisionError

    portal = serve(Shelf(Breaks()))
    with pytest.raises(ZeroDivisionError):
        connect(portal).post("/groups/", {"title": "Editors"}, look=look)
    assert portal.calls() == ["POST /groups/"]


def test_many_threads_whose_posts_are_lost_make_each_object_once(serve: Serve, connect: Connect) -> None:
    made: dict[str, int] = {}
    lock = threading.Lock()
    turn = 0

    def script(asked: Asked) -> Reply:
        nonlocal turn
        if asked.method == "GET":
            title = asked.path.split("/")[2]
            return Says({"title": title}) if title in made else refusal(404, "not_found")
        with lock:
            turn += 1
            number = turn % 4
            if number < 2:  # two of four are carried out, two are not; three of four are answered badly
                made[asked.json["title"]] = made.get(asked.json["title"], 0) + 1
        replies: list[Reply] = [Says({}, 201), Breaks(), refusal(500, "x"), refusal(429, "x")]
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
