"""The retry policy: which failures are tried again, how often, and after how long."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pulumi_opendatasoft.client.retries import LONGEST_RETRY_AFTER, Retries, requested_wait
from pulumi_opendatasoft.errors import PortalError, PortalFailed, Refused, Throttled

from .conftest import Connect, Serve
from .scripted import Disconnect, Reply, Response, in_turn, refusal
from .simulated_clock import SimulatedClock

DATE = "Thu, 05 Feb 2026 12:00:00 GMT"
NOW = datetime(2026, 2, 5, 12, tzinfo=UTC)
IN_A_MINUTE = NOW.timestamp() + 60


@pytest.mark.parametrize("method", ["get", "put", "delete"])
@pytest.mark.parametrize(
    "reply",
    [
        Disconnect(),
        refusal(500, "internal_error"),
        Response(b"<h1>Bad Gateway</h1>", 502),
        Response(b"", 503),
        refusal(504, "timeout"),
        refusal(429, "throttled"),
    ],
)
def test_passing_failure_is_tried_again(serve: Serve, connect: Connect, method: str, reply: Reply) -> None:
    portal = serve(in_turn(reply, reply, Response({})))
    getattr(connect(portal), method)("/groups/editors/")
    assert portal.calls() == [f"{method.upper()} /groups/editors/"] * 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 418, 422])
@pytest.mark.parametrize("method", ["get", "put", "post"])
def test_4xx_other_than_429_is_never_tried_again(serve: Serve, connect: Connect, method: str, status: int) -> None:
    portal = serve(in_turn(refusal(status, "no")))
    with pytest.raises(Refused) as error:
        getattr(connect(portal), method)("/groups/editors/")
    assert (error.value.status, error.value.tries, len(portal.calls())) == (status, 1, 1)


def test_501_is_not_tried_again(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(refusal(501, "not_implemented")))
    with pytest.raises(PortalFailed):
        connect(portal).get("/groups/")
    assert len(portal.calls()) == 1


def test_last_failure_is_raised_after_the_last_try(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(refusal(500, "a"), refusal(502, "b"), refusal(503, "c"), Response({})))
    with pytest.raises(PortalFailed, match=r"503 c, GET /groups/ at .*, tried 3 times") as error:
        connect(portal, retries=2).get("/groups/")
    assert error.value.tries == 3


def test_nothing_is_tried_again_without_retries(serve: Serve, connect: Connect) -> None:
    for reply in (refusal(500, "a"), refusal(429, "throttled"), Disconnect()):
        portal = serve(in_turn(reply))
        with pytest.raises(PortalError):
            connect(portal, retries=0).get("/groups/")
        assert len(portal.calls()) == 1


def test_429_is_retried_more_often_than_a_failure(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(*[refusal(429, "throttled", headers={})] * 5, Response({"uid": "editors"})))
    assert connect(portal, retries=2, backoff=0.001).get("/groups/editors/") == {"uid": "editors"}
    portal = serve(in_turn(refusal(429, "throttled")))
    with pytest.raises(Throttled) as error:
        connect(portal, retries=2, backoff=0.001).get("/groups/editors/")
    assert error.value.tries == 7


def test_waits_grow_up_to_a_limit_with_jitter(serve: Serve, connect: Connect) -> None:
    waits: list[float] = []
    portal = serve(in_turn(refusal(500, "internal_error")))
    client = connect(portal, retries=0)
    with pytest.raises(PortalFailed):
        Retries(9, 0.5, waits.append).run(lambda: client.get("/groups/"))
    for number, wait in enumerate(waits):
        least = min(30.0, 0.5 * 2**number)
        assert least <= wait <= least + 0.5
    assert len({wait % 0.5 for wait in waits}) > 1
    assert len(waits) == 9


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "17"},
        {"Retry-After": "Thu, 05 Feb 2026 12:00:17 GMT"},
        {"X-RateLimit-Reset": str(int(NOW.timestamp()) + 17), "X-RateLimit-Remaining": "0"},
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_requested_wait_is_kept(
    serve: Serve, connect: Connect, headers: dict[str, str], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    portal = serve(
        in_turn(
            Response({"error_code": "throttled", "message": "Slower."}, status, {"Date": DATE, **headers}),
            Response({"a": 1}),
        )
    )
    first = connect(portal, retries=0)
    second = connect(portal, retries=0)  # the first is held back by its limiter, see the next test
    clients = iter((first, second))
    assert Retries(1, 0.5, waits.append).run(lambda: next(clients).get("/groups/")) == {"a": 1}
    assert 17.0 <= waits[0] <= 17.5


def test_client_waits_as_long_as_requested(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response({"error_code": "throttled"}, 429, {"Retry-After": "40"}), Response({})))
    clock = SimulatedClock()
    connect(portal, clock=clock).get("/groups/")
    assert sum(clock.sleeps) >= 40


@pytest.mark.parametrize("status", [429, 503])
def test_requested_wait_that_is_too_long_is_an_error(serve: Serve, connect: Connect, status: int) -> None:
    portal = serve(
        in_turn(Response({"error_code": "throttled"}, status, {"Retry-After": str(LONGEST_RETRY_AFTER + 1)}))
    )
    with pytest.raises(Refused) as error:
        connect(portal).get("/groups/")
    assert error.value.retry_after == LONGEST_RETRY_AFTER + 1
    assert len(portal.calls()) == 1


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, {}, None),
        ({}, None, None),
        ({"retry-after": "12"}, {}, 12.0),
        ({"retry-after": "Thu, 05 Feb 2026 12:01:00 GMT"}, {}, 60.0),
        ({"retry-after": "Thu, 05 Feb 2026 11:00:00 GMT"}, {}, 0.0),
        ({"retry-after": "soon"}, {}, None),
        ({"retry-after": "-3"}, {}, None),
        ({"retry-after": "nan"}, {}, None),
        ({}, {"reset_time": "2026-02-06T00:00:00Z"}, 12 * 3600.0),
        ({}, {"reset_time": "2026-02-06T00:00:00"}, 12 * 3600.0),
        ({}, {"reset_time": None}, None),
        ({"retry-after": "3"}, {"reset_time": "2026-02-06T00:00:00Z"}, 3.0),
        ({"x-ratelimit-reset": str(IN_A_MINUTE)}, {}, 60.0),
        ({"x-ratelimit-reset": "90"}, {}, 90.0),
        ({"x-ratelimit-reset": "2026-02-05T12:00:30Z"}, {}, 30.0),
        ({"x-ratelimit-reset": "90", "x-ratelimit-remaining": "0"}, {}, 90.0),
        ({"x-ratelimit-reset": "90", "x-ratelimit-remaining": "8123"}, {}, None),
        ({"x-ratelimit-reset": "later"}, {}, None),
    ],
)
def test_requested_wait_is_read_from_headers_and_body(
    headers: dict[str, str], body: Any, seconds: float | None
) -> None:
    wait = requested_wait({"date": DATE, **headers}, body)
    assert (wait.seconds if wait else None) == seconds
    assert wait is None or (wait.until - NOW).total_seconds() in (seconds, -3600.0)


def test_requested_wait_without_a_date_uses_the_local_clock() -> None:
    wait = requested_wait({"retry-after": "12"}, {})
    assert wait
    assert wait.seconds == 12.0
    assert 0 < (wait.until - datetime.now(UTC)).total_seconds() <= 12.0
