"""Lists: every page is read, and a list that does not match its total is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_opendatasoft.errors import NotAPortal

from .conftest import Connect, Serve
from .scripted import Reply, Request, Response, in_turn


class Long:
    """A list of `length` entries, at most `most` per page, whose `total_count` is `total`."""

    def __init__(self, length: int, *, most: int = 1000, total: Any = None, without: tuple[str, ...] = ()) -> None:
        self.rows = [{"uid": f"da_{number}"} for number in range(length)]
        self.most = most
        self.total = total
        self.without = without

    def __call__(self, request: Request) -> Reply:
        offset, limit = int(request.query["offset"][0]), int(request.query["limit"][0])
        end = offset + min(limit, self.most)
        page = {
            "total_count": len(self.rows) if self.total is None else self.total,
            "next": "https://portal/next" if end < len(self.rows) else None,
            "previous": None,
            "results": self.rows[offset:end],
        }
        return Response({name: value for name, value in page.items() if name not in self.without})


@pytest.mark.parametrize(("length", "calls"), [(0, 1), (1, 1), (999, 1), (1000, 1), (1001, 2), (2500, 3)])
def test_every_page_of_a_list_is_read(serve: Serve, connect: Connect, length: int, calls: int) -> None:
    long = Long(length)
    portal = serve(long)
    assert connect(portal).all("/datasets/", dataset_id="air") == long.rows
    assert [request.query["limit"] for request in portal.requests] == [["1000"]] * calls
    assert [request.query["offset"] for request in portal.requests] == [[str(999 * page)] for page in range(calls)]
    assert all(request.query["dataset_id"] == ["air"] for request in portal.requests)


def test_pages_smaller_than_requested_are_read_to_the_end(serve: Serve, connect: Connect) -> None:
    long = Long(45, most=20)
    portal = serve(long)
    assert connect(portal).all("/datasets/da_x/fields/") == long.rows
    assert [request.query["offset"] for request in portal.requests] == [["0"], ["19"], ["38"]]


def test_total_in_a_string_is_read(serve: Serve, connect: Connect) -> None:
    long = Long(30, most=20, total="30")
    assert connect(serve(long)).all("/datasets/") == long.rows


@pytest.mark.parametrize("total", ["many", [], {}])
@pytest.mark.parametrize("length", [0, 20, 45])
def test_list_without_a_total_is_read_by_its_next_links(
    serve: Serve, connect: Connect, total: Any, length: int
) -> None:
    long = Long(length, most=20, total=total)
    assert connect(serve(long)).all("/datasets/") == long.rows
    long = Long(length, most=20, without=("total_count",))
    assert connect(serve(long)).all("/datasets/") == long.rows


def test_bare_array_is_the_whole_list(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response([{"type": "csvfile"}, {"type": "jsonfile"}])))
    assert connect(portal).all("/extractors/") == [{"type": "csvfile"}, {"type": "jsonfile"}]
    assert len(portal.calls()) == 1


@pytest.mark.parametrize(("length", "total"), [(3, 5), (5, 3), (0, 1)])
def test_list_that_never_matches_its_total_is_an_error(serve: Serve, connect: Connect, length: int, total: int) -> None:
    portal = serve(Long(length, total=total))
    with pytest.raises(NotAPortal) as error:
        connect(portal).all("/datasets/")
    assert f"its list changed, each of 3 times it was read: it should have {total} entries and had {length}" in str(
        error.value
    )
    assert str(error.value).endswith("If others are at work on the portal, run again later.")


def test_same_page_for_ever_is_not_read_for_ever(serve: Serve, connect: Connect) -> None:
    same = Response({"total_count": 50, "next": "x", "results": [{"uid": f"da_{number}"} for number in range(20)]})
    portal = serve(in_turn(same))
    with pytest.raises(NotAPortal, match="should have 50 entries and had 20"):
        connect(portal).all("/datasets/")
    assert len(portal.calls()) == 6


def test_list_that_changes_while_it_is_read_is_read_again(serve: Serve, connect: Connect) -> None:
    long = Long(45, most=20)

    def script(request: Request) -> Reply:
        if len(portal.calls()) == 2:
            del long.rows[0]  # what was the 21st is now the 20th, on the page that was read already
        return long(request)

    portal = serve(script)
    assert connect(portal).all("/datasets/") == long.rows
    assert len(long.rows) == 44


def test_list_that_changes_with_the_same_total_is_read_again(serve: Serve, connect: Connect) -> None:
    long = Long(45, most=20)

    def script(request: Request) -> Reply:
        if len(portal.calls()) == 2:
            del long.rows[0]
            long.rows.append({"uid": "da_new"})
        return long(request)

    portal = serve(script)
    assert connect(portal).all("/datasets/") == long.rows
    assert (len(long.rows), long.rows[-1]) == (45, {"uid": "da_new"})


def test_page_has_its_rows_and_the_total(serve: Serve, connect: Connect) -> None:
    page = connect(serve(Long(2500))).page("/datasets/", offset=2000)
    assert (len(page.rows), page.total, page.rows[0]) == (500, 2500, {"uid": "da_2000"})


@pytest.mark.parametrize("body", [None, {"uid": "da_x"}, "text", {"results": {}}, ["a"], {"results": [1]}])
def test_other_body_is_not_taken_for_an_empty_list(serve: Serve, connect: Connect, body: Any) -> None:
    with pytest.raises(NotAPortal, match="a list"):
        connect(serve(in_turn(Response(body)))).all("/datasets/")
