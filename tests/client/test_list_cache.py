"""Reads that share a listing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from pulumi_opendatasoft.client.list_cache import ListCache
from pulumi_opendatasoft.errors import NotAPortal, PortalFailed

from .conftest import Connect, Serve
from .scripted import Asked, Reply, Says, refusal
from .simulated_clock import SimulatedClock


class Datasets:
    """A portal of datasets; `before_list` is called before each page is given out."""

    def __init__(self, count: int, before_list: Callable[[], None] = lambda: None) -> None:
        self.rows: dict[str, dict[str, Any]] = {f"da_{n}": {"uid": f"da_{n}", "state": "old"} for n in range(count)}
        self.hidden: set[str] = set()
        self.before_list = before_list
        self.list_fails: Reply | None = None

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/datasets/":
            self.before_list()
            shown = [row for uid, row in self.rows.items() if uid not in self.hidden]
            offset = int(asked.query["offset"][0])
            page = [dict(row) for row in shown[offset : offset + 1000]]
            return self.list_fails or Says({"total_count": len(shown), "next": None, "results": page})
        row = self.rows.get(asked.path.split("/")[2])
        return Says(dict(row)) if row else refusal(404, "not_found", "Not found.")


LIST = "GET /datasets/"


def test_the_first_read_is_single_and_then_one_list_answers_them_all(serve: Serve, connect: Connect) -> None:
    portal = serve(Datasets(500))
    listing = ListCache(connect(portal, clock=SimulatedClock()), "/datasets/")
    assert all(listing.get(f"da_{number}") == {"uid": f"da_{number}", "state": "old"} for number in range(500))
    assert portal.calls() == ["GET /datasets/da_0/", LIST]


def test_a_list_of_three_pages_is_read_after_three_single_reads(serve: Serve, connect: Connect) -> None:
    portal = serve(Datasets(2500))
    listing = ListCache(connect(portal, clock=SimulatedClock()), "/datasets/")
    for number in range(2500):
        assert listing.get(f"da_{number}")
    singles = [f"GET /datasets/da_{number}/" for number in range(3)]
    # The first page is what tells how many there are.
    assert portal.calls() == [singles[0], LIST, singles[1], singles[2], LIST, LIST, LIST]


def test_a_list_that_grew_beyond_a_page_is_read_whole_if_it_is_worth_it_by_now(serve: Serve, connect: Connect) -> None:
    datasets = Datasets(1500)
    datasets.hidden = {f"da_{number}" for number in range(1000, 1500)}
    portal = serve(datasets)
    clock = SimulatedClock()
    listing = ListCache(connect(portal, clock=clock), "/datasets/", max_age=5.0)
    listing.get("da_0")
    clock.seconds += 2
    listing.get("da_1")
    datasets.hidden.clear()
    clock.seconds += 5.5
    assert listing.get("da_2")
    assert listing.get("da_1499")
    assert portal.calls().count(LIST) == 2
    assert listing.get("da_3")
    assert portal.calls()[-2:] == [LIST, LIST]


@pytest.mark.parametrize(("total", "pages"), [({"total_count": 50}, 3), ({}, 2)])
def test_a_portal_that_gives_small_pages_has_more_of_them(
    serve: Serve, connect: Connect, total: dict[str, int], pages: int
) -> None:
    rows = [{"uid": f"gr_{number}"} for number in range(50)]

    def script(asked: Asked) -> Reply:
        if asked.path != "/groups/":
            return Says({"uid": asked.path.split("/")[2]})
        offset = int(asked.query["offset"][0])
        return Says({"results": rows[offset : offset + 20], "next": "more" if offset < 30 else None, **total})

    portal = serve(script)
    listing = ListCache(connect(portal, clock=SimulatedClock()), "/groups/")
    for number in range(50):
        assert listing.get(f"gr_{number}") == {"uid": f"gr_{number}"}
    assert portal.calls().count("GET /groups/") == 4
    assert len(portal.calls()) == 4 + pages


def test_a_list_is_not_read_for_reads_that_lie_far_apart(serve: Serve, connect: Connect) -> None:
    portal = serve(Datasets(10))
    clock = SimulatedClock()
    listing = ListCache(connect(portal, clock=clock), "/datasets/", max_age=5.0)
    for number in range(4):
        listing.get(f"da_{number}")
        clock.seconds += 6.0
    assert portal.calls() == [f"GET /datasets/da_{number}/" for number in range(4)]


def test_an_answer_is_never_older_than_the_age_allowed(serve: Serve, connect: Connect) -> None:
    datasets = Datasets(10)
    portal = serve(datasets)
    clock = SimulatedClock()
    listing = ListCache(connect(portal, clock=clock), "/datasets/", max_age=5.0)
    listing.get("da_0")
    listing.get("da_1")
    datasets.rows["da_2"]["state"] = "new"
    clock.seconds += 5.0
    assert listing.get("da_2") == {"uid": "da_2", "state": "old"}
    clock.seconds += 0.1
    assert listing.get("da_2") == {"uid": "da_2", "state": "new"}


def test_the_age_counts_from_before_the_list_was_asked_for(serve: Serve, connect: Connect) -> None:
    clock = SimulatedClock()

    def slow() -> None:
        clock.seconds += 4.0

    portal = serve(Datasets(10, slow))
    listing = ListCache(connect(portal, clock=clock), "/datasets/", max_age=5.0)
    listing.get("da_0")
    listing.get("da_1")
    clock.seconds += 2.0
    listing.get("da_2")
    assert portal.calls() == ["GET /datasets/da_0/", LIST, "GET /datasets/da_2/"]


def test_absence_from_the_list_is_confirmed_by_a_read_of_the_object(serve: Serve, connect: Connect) -> None:
    datasets = Datasets(10)
    datasets.hidden = {"da_3"}
    portal = serve(datasets)
    listing = ListCache(connect(portal, clock=SimulatedClock()), "/datasets/")
    listing.get("da_0")
    listing.get("da_1")
    assert listing.get("da_3") == {"uid": "da_3", "state": "old"}
    assert listing.get("da_99") is None
    assert portal.calls()[2:] == ["GET /datasets/da_3/", "GET /datasets/da_99/"]


def test_only_a_404_of_the_api_means_gone(serve: Serve, connect: Connect) -> None:
    def script(asked: Asked) -> Reply:
        if asked.path == "/datasets/da_html/":
            return Says(b"<h1>Not Found</h1>", 404)
        return refusal(500, "internal_error")

    listing = ListCache(connect(serve(script), retries=0), "/datasets/")
    with pytest.raises(NotAPortal):
        listing.get("da_html")
    with pytest.raises(PortalFailed):
        listing.get("da_broken")


def test_what_an_answer_is_made_into_does_not_change_the_next_one(serve: Serve, connect: Connect) -> None:
    listing = ListCache(connect(serve(Datasets(3)), clock=SimulatedClock()), "/datasets/")
    listing.get("da_0")
    row = listing.get("da_1")
    assert row
    row["state"] = "spoiled"
    assert listing.get("da_1") == {"uid": "da_1", "state": "old"}


def test_after_a_write_nothing_older_is_told(serve: Serve, connect: Connect) -> None:
    datasets = Datasets(10)
    portal = serve(datasets)
    listing = ListCache(connect(portal, clock=SimulatedClock()), "/datasets/")
    listing.get("da_0")
    listing.get("da_1")
    datasets.rows["da_2"]["state"] = "new"
    listing.invalidate()
    assert listing.get("da_2") == {"uid": "da_2", "state": "new"}


def test_a_list_that_was_under_way_during_a_write_is_not_used(serve: Serve, connect: Connect) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        under_way.set()
        go_on.wait(10)

    datasets = Datasets(10, hold)
    portal = serve(datasets)
    listing = ListCache(connect(portal, clock=SimulatedClock()), "/datasets/")
    listing.get("da_0")
    answers: list[Any] = []
    reader = threading.Thread(target=lambda: answers.append(listing.get("da_1")))
    reader.start()
    under_way.wait(10)
    listing.invalidate()
    go_on.set()
    reader.join(10)
    assert answers == [{"uid": "da_1", "state": "old"}]
    assert portal.calls() == ["GET /datasets/da_0/", LIST, "GET /datasets/da_1/"]
    listing.get("da_2")
    assert portal.calls()[3:] == [LIST]


def test_32_threads_read_one_list(serve: Serve, connect: Connect) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        under_way.set()
        go_on.wait(10)

    portal = serve(Datasets(320, hold))
    listing = ListCache(connect(portal), "/datasets/", max_age=60.0)
    listing.get("da_0")
    answers: dict[str, Any] = {}

    def work(thread: int) -> None:
        for number in range(thread, 320, 32):
            answers[f"da_{number}"] = listing.get(f"da_{number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    under_way.wait(10)
    go_on.set()
    for thread in threads:
        thread.join()
    assert answers == {f"da_{n}": {"uid": f"da_{n}", "state": "old"} for n in range(320)}
    assert portal.calls() == ["GET /datasets/da_0/", LIST]


@pytest.mark.parametrize("reply", [refusal(403, "permission_denied"), refusal(500, "internal_error")])
def test_a_list_that_cannot_be_read_leaves_the_single_reads(serve: Serve, connect: Connect, reply: Reply) -> None:
    datasets = Datasets(10)
    datasets.list_fails = reply
    portal = serve(datasets)
    clock = SimulatedClock()
    listing = ListCache(connect(portal, retries=0, clock=clock), "/datasets/", max_age=5.0)
    assert all(listing.get(f"da_{number}") for number in range(6))
    assert portal.calls().count(LIST) == 1
    datasets.list_fails = None
    clock.seconds += 5.0
    listing.get("da_0")
    clock.seconds += 0.1
    listing.get("da_1")
    is_refused = isinstance(reply, Says) and reply.status == 403
    assert portal.calls().count(LIST) == (1 if is_refused else 2)


def test_a_guard_that_ends_the_list_leaves_nobody_waiting(serve: Serve, connect: Connect) -> None:
    gone = threading.Event()

    def guard() -> None:
        if gone.is_set():
            raise InterruptedError

    listing = ListCache(connect(serve(Datasets(10)), guard=guard, clock=SimulatedClock()), "/datasets/")
    listing.get("da_0")
    gone.set()
    with pytest.raises(InterruptedError):
        listing.get("da_1")
    gone.clear()
    assert listing.get("da_1")


def test_another_key_than_uid_may_name_the_objects(serve: Serve, connect: Connect) -> None:
    users = [{"username": "jane doe/x"}, {"username": "joe"}, {"email": "no-name@mycity.org"}, {"username": 3}]

    def script(asked: Asked) -> Reply:
        if asked.path == "/users/":
            return Says({"total_count": len(users), "next": None, "results": users})
        return Says({"single": asked.target})

    portal = serve(script)
    listing = ListCache(connect(portal, clock=SimulatedClock()), "/users/", key="username")
    assert listing.get("jane doe/x") == {"single": "/users/jane%20doe%2Fx/"}
    assert listing.get("joe") == {"username": "joe"}
    assert listing.get("jane doe/x") == {"username": "jane doe/x"}
