"""Reads that share a cache."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from pulumi_opendatasoft.client.list_cache import ListCache
from pulumi_opendatasoft.errors import NotAPortal, PortalFailed

from .conftest import Connect, Serve
from .scripted import Reply, Request, Response, refusal
from .simulated_clock import SimulatedClock


class Datasets:
    """A portal of datasets; `before_list` is called before each page is sent."""

    def __init__(self, count: int, before_list: Callable[[], None] = lambda: None) -> None:
        self.rows: dict[str, dict[str, Any]] = {f"da_{n}": {"uid": f"da_{n}", "state": "old"} for n in range(count)}
        self.hidden: set[str] = set()
        self.before_list = before_list
        self.list_fails: Reply | None = None

    def __call__(self, request: Request) -> Reply:
        if request.path == "/datasets/":
            self.before_list()
            shown = [row for uid, row in self.rows.items() if uid not in self.hidden]
            offset = int(request.query["offset"][0])
            page = [dict(row) for row in shown[offset : offset + 1000]]
            return self.list_fails or Response({"total_count": len(shown), "next": None, "results": page})
        row = self.rows.get(request.path.split("/")[2])
        return Response(dict(row)) if row else refusal(404, "not_found", "Not found.")


LIST = "GET /datasets/"


def test_second_read_fetches_one_list_for_all_others(serve: Serve, connect: Connect) -> None:
    portal = serve(Datasets(500))
    cache = ListCache(connect(portal, clock=SimulatedClock()), "/datasets/")
    assert all(cache.get(f"da_{number}") == {"uid": f"da_{number}", "state": "old"} for number in range(500))
    assert portal.calls() == ["GET /datasets/da_0/", LIST]


def test_list_of_three_pages_is_read_after_three_single_reads(serve: Serve, connect: Connect) -> None:
    portal = serve(Datasets(2500))
    cache = ListCache(connect(portal, clock=SimulatedClock()), "/datasets/")
    for number in range(2500):
        assert cache.get(f"da_{number}")
    singles = [f"GET /datasets/da_{number}/" for number in range(3)]
    # The first page shows how many there are.
    assert portal.calls() == [singles[0], LIST, singles[1], singles[2], LIST, LIST, LIST]


def test_list_that_grew_beyond_a_page_is_read_when_worth_it(serve: Serve, connect: Connect) -> None:
    datasets = Datasets(1500)
    datasets.hidden = {f"da_{number}" for number in range(1000, 1500)}
    portal = serve(datasets)
    clock = SimulatedClock()
    cache = ListCache(connect(portal, clock=clock), "/datasets/", max_age=5.0)
    cache.get("da_0")
    clock.seconds += 2
    cache.get("da_1")
    datasets.hidden.clear()
    clock.seconds += 5.5
    assert cache.get("da_2")
    assert cache.get("da_1499")
    assert portal.calls().count(LIST) == 2
    assert cache.get("da_3")
    assert portal.calls()[-2:] == [LIST, LIST]


@pytest.mark.parametrize(("total", "pages"), [({"total_count": 50}, 3), ({}, 2)])
def test_small_pages_raise_the_number_of_single_reads(
    serve: Serve, connect: Connect, total: dict[str, int], pages: int
) -> None:
    rows = [{"uid": f"gr_{number}"} for number in range(50)]

    def script(request: Request) -> Reply:
        if request.path != "/groups/":
            return Response({"uid": request.path.split("/")[2]})
        offset = int(request.query["offset"][0])
        return Response({"results": rows[offset : offset + 20], "next": "more" if offset < 30 else None, **total})

    portal = serve(script)
    cache = ListCache(connect(portal, clock=SimulatedClock()), "/groups/")
    for number in range(50):
        assert cache.get(f"gr_{number}") == {"uid": f"gr_{number}"}
    assert portal.calls().count("GET /groups/") == 4
    assert len(portal.calls()) == 4 + pages


def test_list_is_not_read_for_reads_far_apart(serve: Serve, connect: Connect) -> None:
    portal = serve(Datasets(10))
    clock = SimulatedClock()
    cache = ListCache(connect(portal, clock=clock), "/datasets/", max_age=5.0)
    for number in range(4):
        cache.get(f"da_{number}")
        clock.seconds += 6.0
    assert portal.calls() == [f"GET /datasets/da_{number}/" for number in range(4)]


def test_row_is_never_older_than_max_age(serve: Serve, connect: Connect) -> None:
    datasets = Datasets(10)
    portal = serve(datasets)
    clock = SimulatedClock()
    cache = ListCache(connect(portal, clock=clock), "/datasets/", max_age=5.0)
    cache.get("da_0")
    cache.get("da_1")
    datasets.rows["da_2"]["state"] = "new"
    clock.seconds += 5.0
    assert cache.get("da_2") == {"uid": "da_2", "state": "old"}
    clock.seconds += 0.1
    assert cache.get("da_2") == {"uid": "da_2", "state": "new"}


def test_age_counts_from_before_the_list_was_requested(serve: Serve, connect: Connect) -> None:
    clock = SimulatedClock()

    def slow() -> None:
        clock.seconds += 4.0

    portal = serve(Datasets(10, slow))
    cache = ListCache(connect(portal, clock=clock), "/datasets/", max_age=5.0)
    cache.get("da_0")
    cache.get("da_1")
    clock.seconds += 2.0
    cache.get("da_2")
    assert portal.calls() == ["GET /datasets/da_0/", LIST, "GET /datasets/da_2/"]


def test_absence_from_the_list_is_confirmed_by_a_single_read(serve: Serve, connect: Connect) -> None:
    datasets = Datasets(10)
    datasets.hidden = {"da_3"}
    portal = serve(datasets)
    cache = ListCache(connect(portal, clock=SimulatedClock()), "/datasets/")
    cache.get("da_0")
    cache.get("da_1")
    assert cache.get("da_3") == {"uid": "da_3", "state": "old"}
    assert cache.get("da_99") is None
    assert portal.calls()[2:] == ["GET /datasets/da_3/", "GET /datasets/da_99/"]


def test_only_a_404_of_the_api_means_gone(serve: Serve, connect: Connect) -> None:
    def script(request: Request) -> Reply:
        if request.path == "/datasets/da_html/":
            return Response(b"<h1>Not Found</h1>", 404)
        return refusal(500, "internal_error")

    cache = ListCache(connect(serve(script), retries=0), "/datasets/")
    with pytest.raises(NotAPortal):
        cache.get("da_html")
    with pytest.raises(PortalFailed):
        cache.get("da_broken")


def test_change_to_a_row_does_not_reach_the_next_read(serve: Serve, connect: Connect) -> None:
    cache = ListCache(connect(serve(Datasets(3)), clock=SimulatedClock()), "/datasets/")
    cache.get("da_0")
    row = cache.get("da_1")
    assert row
    row["state"] = "spoiled"
    assert cache.get("da_1") == {"uid": "da_1", "state": "old"}


def test_read_after_invalidate_is_fresh(serve: Serve, connect: Connect) -> None:
    datasets = Datasets(10)
    portal = serve(datasets)
    cache = ListCache(connect(portal, clock=SimulatedClock()), "/datasets/")
    cache.get("da_0")
    cache.get("da_1")
    datasets.rows["da_2"]["state"] = "new"
    cache.invalidate()
    assert cache.get("da_2") == {"uid": "da_2", "state": "new"}


def test_list_being_read_during_invalidate_is_not_used(serve: Serve, connect: Connect) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        under_way.set()
        go_on.wait(60)

    datasets = Datasets(10, hold)
    portal = serve(datasets)
    cache = ListCache(connect(portal, clock=SimulatedClock()), "/datasets/")
    cache.get("da_0")
    rows: list[Any] = []
    reader = threading.Thread(target=lambda: rows.append(cache.get("da_1")))
    reader.start()
    under_way.wait(60)
    cache.invalidate()
    go_on.set()
    reader.join(60)
    assert rows == [{"uid": "da_1", "state": "old"}]
    assert portal.calls() == ["GET /datasets/da_0/", LIST, "GET /datasets/da_1/"]
    cache.get("da_2")
    assert portal.calls()[3:] == [LIST]


def test_32_threads_read_one_list(serve: Serve, connect: Connect) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        under_way.set()
        go_on.wait(60)

    portal = serve(Datasets(320, hold))
    cache = ListCache(connect(portal), "/datasets/", max_age=60.0)
    cache.get("da_0")
    rows: dict[str, Any] = {}

    def work(thread: int) -> None:
        for number in range(thread, 320, 32):
            rows[f"da_{number}"] = cache.get(f"da_{number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    under_way.wait(60)
    go_on.set()
    for thread in threads:
        thread.join()
    assert rows == {f"da_{n}": {"uid": f"da_{n}", "state": "old"} for n in range(320)}
    assert portal.calls() == ["GET /datasets/da_0/", LIST]


@pytest.mark.parametrize("reply", [refusal(403, "permission_denied"), refusal(500, "internal_error")])
def test_unreadable_list_leaves_the_single_reads(serve: Serve, connect: Connect, reply: Reply) -> None:
    datasets = Datasets(10)
    datasets.list_fails = reply
    portal = serve(datasets)
    clock = SimulatedClock()
    cache = ListCache(connect(portal, retries=0, clock=clock), "/datasets/", max_age=5.0)
    assert all(cache.get(f"da_{number}") for number in range(6))
    assert portal.calls().count(LIST) == 1
    datasets.list_fails = None
    clock.seconds += 5.0
    cache.get("da_0")
    clock.seconds += 0.1
    cache.get("da_1")
    is_refused = isinstance(reply, Response) and reply.status == 403
    assert portal.calls().count(LIST) == (1 if is_refused else 2)


def test_guard_that_ends_the_list_leaves_no_thread_waiting(serve: Serve, connect: Connect) -> None:
    has_ended = threading.Event()

    def guard() -> None:
        if has_ended.is_set():
            raise InterruptedError

    cache = ListCache(connect(serve(Datasets(10)), guard=guard, clock=SimulatedClock()), "/datasets/")
    cache.get("da_0")
    has_ended.set()
    with pytest.raises(InterruptedError):
        cache.get("da_1")
    has_ended.clear()
    assert cache.get("da_1")


def test_objects_may_have_another_key_than_uid(serve: Serve, connect: Connect) -> None:
    users = [{"username": "jane doe/x"}, {"username": "joe"}, {"email": "no-name@mycity.org"}, {"username": 3}]

    def script(request: Request) -> Reply:
        if request.path == "/users/":
            return Response({"total_count": len(users), "next": None, "results": users})
        return Response({"single": request.target})

    portal = serve(script)
    cache = ListCache(connect(portal, clock=SimulatedClock()), "/users/", key="username")
    assert cache.get("jane doe/x") == {"single": "/users/jane%20doe%2Fx/"}
    assert cache.get("joe") == {"username": "joe"}
    assert cache.get("jane doe/x") == {"username": "jane doe/x"}
