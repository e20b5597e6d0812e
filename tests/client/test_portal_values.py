"""JSON, dates and numbers of a portal: read within limits, and no error is Python's own."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from pulumi_opendatasoft.client.portal_values import (
    LONGEST_INTEGER,
    MOST_DEPTH,
    MOST_VALUES,
    TooDeep,
    clock_time,
    count,
    date,
    json_value,
)
from pulumi_opendatasoft.client.retries import requested_wait
from pulumi_opendatasoft.errors import NotAPortal, PortalError, Throttled
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.intents import is_since
from pulumi_opendatasoft.resources.dataset.publication import _leave_the_second_of

from .conftest import KEY, Connect, Serve
from .scripted import Raw, Reply, Request, Response, in_turn

NOW = datetime(2026, 2, 5, 12, tzinfo=UTC)
JSON = {"Content-Type": "application/json"}

DATES = [
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59Z",
    "0001-01-01",
    "Thu, 05 Feb 2026 12:00:00 +9999",
    "Thu, 05 Feb 2026 12:00:00 +99999999999999999999",
    "Thu, 05 Feb 99999 12:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Thu, 05 Feb 2026 99:99:99 GMT",
    "Thu, 99 Foo 2026",
    ", , , ,",
    "2026-W60-9",
    "T" * 5000,
    "(" * 5000,
    "0",
    "-1",
    "1e308",
    "1e999",
    "nan",
    "99999999999",
    "99999999999999999999999",
    "١٢",
]
"""Dates and seconds that lie outside of the calendar, or are none."""


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize("depth", [MOST_DEPTH + 1, 1000, 100_000])
@pytest.mark.parametrize("opened", [b"[", b'{"a":'])
def test_deep_json_is_an_error_of_the_package(depth: int, opened: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # cut short before it is too deep, or too deep
        json_value(opened * depth)
    with pytest.raises(TooDeep, match="nested more than 100 deep"):
        json_value(nested(depth))


def test_json_within_the_depth_is_read() -> None:
    assert json_value(nested(MOST_DEPTH)) == json.loads(nested(MOST_DEPTH))
    wide: Any = [{"a": [[{}]] * 60} for _ in range(60)]
    assert json_value(json.dumps(wide).encode()) == wide


def test_json_of_too_many_values_is_an_error() -> None:
    with pytest.raises(TooDeep, match="more than 5,000,000 values"):
        json_value(b"[" + b"{}," * MOST_VALUES + b"{}]")


@pytest.mark.parametrize(
    "text", ["1e999", "-1e999", "NaN", "Infinity", "[1, -Infinity]", "9" * (LONGEST_INTEGER + 1), "9" * 5000]
)
def test_number_that_no_state_can_hold_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"not finite|too long"):
        json_value(text.encode())


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"\xed\xa0\x80", b'"\xed\xa0\x80"', b"[1,]", b"\x00", b"\xff\xfe\x00"]
)
def test_what_is_no_json_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # of several kinds
        json_value(content)


def test_half_a_surrogate_pair_is_replaced() -> None:
    value = json_value(rb'{"title": "a\ud800b", "\udc00": ["\ud83d\ude00", "plain"]}')
    assert value == {"title": "a\ufffdb", "\ufffd": ["😀", "plain"]}
    json.dumps(value, ensure_ascii=False).encode()


def test_json_of_every_usual_encoding_is_read() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert json_value('{"title": "Été"}'.encode(encoding)) == {"title": "Été"}


@pytest.mark.parametrize("text", DATES)
def test_date_outside_of_the_calendar_is_no_error(text: str) -> None:
    for moment in (date(text), clock_time(text, NOW)):
        assert moment is None or moment.isoformat()
    for now in ("Thu, 05 Feb 2026 12:00:00 GMT", text):
        for headers in ({"retry-after": text}, {"x-ratelimit-reset": text}):
            wait = requested_wait({"date": now, **headers}, {"reset_time": text})
            assert wait is None or (wait.seconds >= 0 and wait.until.astimezone(UTC).isoformat())


@pytest.mark.parametrize("text", DATES)
def test_moment_outside_of_the_calendar_is_not_waited_for(serve: Serve, connect: Connect, text: str) -> None:
    context = Context(connect(serve(in_turn(Response({})))), 'Dataset "air"')
    assert not _leave_the_second_of(context, text)
    assert is_since(text, NOW) in (True, False)


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3), ("30", 30), (None, None), ([], None), (float("inf"), None), (float("nan"), None), ("9" * 5000, None)],
)
def test_count_is_a_number_or_none(value: Any, number: int | None) -> None:
    assert count(value) == number


def test_deep_json_names_the_limit_and_is_not_retried(serve: Serve, connect: Connect) -> None:
    portal = serve(lambda request: Response({}) if "a" in request.path else Response(nested(100_000), headers=JSON))
    client = connect(portal)
    client.get("/a/")
    with pytest.raises(NotAPortal, match=r"it sent JSON that is nested more than 100 deep .*limits\.md") as error:
        client.post("/b/", {}, look=lambda: None)
    assert error.value.may_have_arrived
    assert client.post("/b/", {}, look=lambda: {"uid": "b"}) == {"uid": "b"}


def test_infinite_total_is_an_error_of_the_portal(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response(b'{"results": [], "total_count": 1e999}', headers=JSON)))
    with pytest.raises(NotAPortal, match="it sent broken JSON"):
        connect(portal, retries=0).all("/datasets/")


def test_retry_after_of_the_last_day_is_told(serve: Serve, connect: Connect) -> None:
    headers = {"Retry-After": "9999-12-31T23:59:59-23:59", "Date": "Fri, 31 Dec 9999 23:59:59 -2359"}
    portal = serve(in_turn(Response({"error_code": "throttled"}, 429, headers)))
    client = connect(portal, retries=0)
    with pytest.raises(Throttled) as error:
        client.get("/groups/")
    assert "the portal accepts no more requests" in str(error.value)
    assert client.now().year < 9000


# ---------------------------------------------------------------- at random

SCALARS: list[Any] = [None, True, -1, 10**40, 1.5, "", "x", "9" * 400, KEY, "9999-12-31T23:59:59-23:59", "\x1b[2J"]
NAMES = ["error_code", "message", "detail", "trace_id", "reset_time", "results", "total_count", "next", "uid", KEY]
HEADERS = [
    "Date",
    "Retry-After",
    "X-RateLimit-Reset",
    "X-RateLimit-Remaining",
    "Location",
    "Content-Type",
    "Set-Cookie",
]
TEXTS = [
    *DATES,
    "",
    "0",
    "http://[::1",
    "//",
    "application/json",
    "text/html; charset=nonsense",
    "a=b; Max-Age=1e9",
    KEY,
]
ENCODINGS = ["", "gzip", "deflate", "br", "gzip, gzip", "nonsense"]
STATUSES = [200, 201, 204, 206, 300, 302, 304, 400, 401, 403, 404, 409, 429, 451, 500, 503, 599, 600, 999]


def some_json(dice: random.Random, depth: int = 0) -> Any:
    kind = dice.random()
    if depth > 4 or kind < 0.3:
        return dice.choice(SCALARS)
    if kind < 0.5:
        return [some_json(dice, depth + 1) for _ in range(dice.randrange(4))]
    return {dice.choice(NAMES): some_json(dice, depth + 1) for _ in range(dice.randrange(5))}


def some_reply(dice: random.Random) -> Reply:
    body = json.dumps(some_json(dice)).encode()
    if dice.random() < 0.3:
        cut = dice.randrange(len(body) + 1)
        body = (
            body[:cut] + dice.choice([b"", b"\xff", b"\x00", b"[" * 3000, b"1e999", b"<h1>", b"\\ud800"]) + body[cut:]
        )
    if dice.random() < 0.1:
        return Raw([bytes(dice.randrange(256) for _ in range(dice.randrange(200)))])
    headers = {dice.choice(HEADERS): dice.choice(TEXTS).encode().decode("latin-1") for _ in range(dice.randrange(4))}
    if dice.random() < 0.2:
        headers["Content-Encoding"] = dice.choice(ENCODINGS)
    return Response(body, dice.choice(STATUSES), headers)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_a_portal_sends_is_a_portal_error(serve: Serve, connect: Connect, seed: int) -> None:
    dice = random.Random(seed)

    def script(_: Request) -> Reply:
        return some_reply(dice)

    client = connect(serve(script), retries=0, timeout=2.0)
    calls: list[Any] = [
        lambda: client.get("/groups/editors/"),
        lambda: client.page("/groups/"),
        lambda: client.all("/groups/"),
        lambda: client.post("/groups/", {}, look=lambda: None),
        lambda: client.put("/groups/editors/", {}),
        lambda: client.delete("/groups/editors/"),
    ]
    for _ in range(100):
        told = ""
        try:
            dice.choice(calls)()
        except PortalError as error:
            told = str(error)
        assert KEY not in told
        assert told.isprintable()
        assert client.now().isoformat()
