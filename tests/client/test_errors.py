"""The error that stands for each response, and its message."""

from __future__ import annotations

import pytest
from pulumi_opendatasoft.errors import (
    Busy,
    Conflict,
    KeyRefused,
    NotAPortal,
    NotFound,
    NotPermitted,
    PortalError,
    PortalFailed,
    Refused,
    Throttled,
)

from .conftest import KEY, Connect, Serve
from .scripted import Disconnect, Response, in_turn, refusal

TRACE = "4f0c2d1e-7a52-4c1b-9a55-0f7a5d1b8a11"


def refused(serve: Serve, connect: Connect, response: Response) -> tuple[PortalError, str]:
    """The error that a PUT of a group ends in, and its text with HOST for the host."""
    portal = serve(in_turn(response))
    with pytest.raises(PortalError) as caught:
        connect(portal, retries=0).put("/groups/editors/", {"title": "hunter2"})
    assert (caught.value.portal, caught.value.method, caught.value.path) == (portal.host, "PUT", "/groups/editors/")
    return caught.value, str(caught.value).replace(portal.host, "HOST")


@pytest.mark.parametrize(
    ("response", "kind", "expected"),
    [
        (
            refusal(400, "validation_error", "Invalid input", detail={"title": ["This field is required"]}),
            Refused,
            "the portal refused title: This field is required (validation_error, PUT /groups/editors/ at HOST)",
        ),
        (
            refusal(
                400,
                "validation_error",
                "Invalid input",
                trace_id=TRACE,
                detail={"metadata": {"default": {"language": ['"xx" is not one of its languages']}}},
            ),
            Refused,
            'the portal refused metadata.default.language: "xx" is not one of its languages '
            f"(validation_error, trace {TRACE}, PUT /groups/editors/ at HOST)",
        ),
        (
            refusal(400, "bad_request", "Bad request: the server did not understand the request parameters."),
            Refused,
            "the portal refused this: Bad request: the server did not understand the request parameters. "
            "(bad_request, PUT /groups/editors/ at HOST)",
        ),
        (
            refusal(400, "validation_error", "Invalid input", detail={"non_field_errors": ["too many"]}),
            Refused,
            "the portal refused this: too many (validation_error, PUT /groups/editors/ at HOST)",
        ),
        (
            refusal(404, "not_found", "Not found."),
            NotFound,
            "the portal has nothing there: Not found. (not_found, PUT /groups/editors/ at HOST)",
        ),
        (
            refusal(401, "authentication_failed", "Invalid API key."),
            KeyRefused,
            "the portal does not accept the API key: Invalid API key. (authentication_failed, PUT /groups/editors/ "
            "at HOST). Check that the key is whole, not revoked, and was made on this portal.",
        ),
        (
            Response(None, 401),
            KeyRefused,
            "the portal does not accept the API key: Unauthorized (401, PUT /groups/editors/ at HOST). "
            "Check that the key is whole, not revoked, and was made on this portal.",
        ),
        (
            Response(b"go away", 403),
            NotPermitted,
            'the API key may not do this: "go away" (403, PUT /groups/editors/ at HOST). '
            "Give the permission to the key and to its owner, or use another key.",
        ),
        (
            Response({"detail": "You do not have permission."}, 403),
            NotPermitted,
            "the API key may not do this: You do not have permission. (403, PUT /groups/editors/ at HOST). "
            "Give the permission to the key and to its owner, or use another key.",
        ),
        (
            refusal(400, "invalid_dataset_status", "Invalid precondition, dataset status is 'queued'"),
            Busy,
            "the portal cannot do this now: Invalid precondition, dataset status is 'queued' "
            "(invalid_dataset_status, PUT /groups/editors/ at HOST). Wait until it has finished.",
        ),
        (refusal(400, "invalid_harvester_status"), Busy, None),
        (
            refusal(429, "throttled", "Slower."),
            Throttled,
            "the portal accepts no more requests: Slower. (throttled, PUT /groups/editors/ at HOST). Run again later.",
        ),
        (refusal(409, "conflict"), Conflict, "the portal refused this: No. (conflict, PUT /groups/editors/ at HOST)"),
        (
            refusal(500, "internal_error", "A server error occurred.", trace_id=TRACE),
            PortalFailed,
            f"the portal failed: A server error occurred. (500 internal_error, trace {TRACE}, PUT /groups/editors/ "
            "at HOST). Try again later. Its support can look the trace up.",
        ),
        (
            Response(b"<html><h1>502 Bad Gateway</h1></html>", 502),
            PortalFailed,
            'the portal failed: "502 Bad Gateway" (502, PUT /groups/editors/ at HOST). Try again later.',
        ),
        (Response(None, 599), PortalFailed, None),
        (
            refusal(422, "validation_error", detail=[]),
            Refused,
            "the portal refused this: No. (validation_error, PUT /groups/editors/ at HOST)",
        ),
        (
            Response({"error_code": "strange"}, 418),
            Refused,
            "the portal refused this: I'm a Teapot (strange, PUT /groups/editors/ at HOST)",
        ),
        (
            Response({"error_code": "strange"}, 499),
            Refused,
            "the portal refused this: it gave no reason (strange, PUT /groups/editors/ at HOST)",
        ),
        (
            Response(b"<h1>Forbidden</h1>", 403),
            NotAPortal,
            'HOST does not answer as an Opendatasoft portal: it sent 403 and "Forbidden" (PUT /groups/editors/). '
            "Check the domain.",
        ),
        (
            Response(None, 404),
            NotAPortal,
            "HOST does not answer as an Opendatasoft portal: it sent 404 and nothing to read (PUT /groups/editors/). "
            "Check the domain.",
        ),
        (Response(["a", "list"], 400), NotAPortal, None),
    ],
)
def test_message_of_a_refusal_is_one_complete_line(
    serve: Serve, connect: Connect, response: Response, kind: type[PortalError], expected: str | None
) -> None:
    error, message = refused(serve, connect, response)
    assert type(error) is kind
    assert expected is None or message == expected
    assert "\n" not in message
    assert "hunter2" not in message


def test_older_shape_of_errors_is_read(serve: Serve, connect: Connect) -> None:
    error, message = refused(
        serve,
        connect,
        Response(
            {
                "status_code": 400,
                "error_key": "InvalidDatasetStatusPreconditionException",
                "raw_message": "Invalid precondition, dataset status is 'queued' but must be one of 'idle'",
                "raw_params": {},
            },
            400,
        ),
    )
    assert isinstance(error, Busy)
    assert error.code == "InvalidDatasetStatusPreconditionException"
    assert "dataset status is 'queued' but must be one of 'idle'" in message


def test_used_up_quota_names_the_time_of_its_reset(serve: Serve, connect: Connect) -> None:
    error, message = refused(
        serve,
        connect,
        Response(
            {
                "errorcode": 10002,
                "reset_time": "2021-01-26T00:00:00Z",
                "limit_time_unit": "day",
                "call_limit": 10000,
                "error": "Too many requests on the domain. Please contact the domain administrator.",
            },
            429,
            {"Date": "Mon, 25 Jan 2021 18:00:00 GMT"},
        ),
    )
    assert isinstance(error, Throttled)
    assert error.retry_after == 6 * 3600
    assert message == (
        "the portal accepts no more requests until 2021-01-26T00:00:00Z: Too many requests on the domain. "
        "Please contact the domain administrator. (10002, PUT /groups/editors/ at HOST). Run again then."
    )


def test_problems_are_pairs_of_path_and_reason(serve: Serve, connect: Connect) -> None:
    detail = {
        "datasource": {"connection": {"url": ["Not a URL", "too long"]}},
        "fields": [{}, {"to_name": ["This field is required"]}],
        "title": "taken",
        "empty": [],
    }
    error, _ = refused(serve, connect, refusal(400, "validation_error", detail=detail))
    assert isinstance(error, Refused)
    assert error.detail == detail
    assert error.problems == (
        ("datasource.connection.url", "Not a URL, too long"),
        ("fields[1].to_name", "This field is required"),
        ("title", "taken"),
    )


def test_many_problems_are_counted_instead_of_printed(serve: Serve, connect: Connect) -> None:
    detail = {f"field_{number}": ["bad"] for number in range(40)}
    _, message = refused(serve, connect, refusal(400, "validation_error", detail=detail))
    assert "field_7: bad; and 32 more (" in message
    assert "field_8" not in message


def test_long_message_is_shortened(serve: Serve, connect: Connect) -> None:
    _, message = refused(serve, connect, refusal(400, "bad_request", "very " * 500))
    assert len(message) < 600
    assert "…" in message


def test_secret_that_the_portal_repeats_is_redacted(serve: Serve, connect: Connect) -> None:
    portal = serve(
        in_turn(
            refusal(
                400,
                "validation_error",
                f"key {KEY} sent hunter2",
                detail={"auth": {"password": ["'hunter2' is too short"], "hunter2": [3]}},
            )
        )
    )
    client = connect(portal)
    client.add_secrets("hunter2", "")
    with pytest.raises(Refused) as error:
        client.put("/datasource_connections/co_x/", {"auth": {"password": "hunter2"}})
    assert error.value.message == "key [secret] sent [secret]"
    assert error.value.problems == (("auth.password", "'[secret]' is too short"), ("auth.[secret]", "3"))
    assert "hunter2" not in f"{error.value} {error.value!r} {error.value.detail}"


@pytest.mark.parametrize(
    "text",
    [
        "see https://x.org/?a=1&apikey=abcdef0123&b=2",
        "Authorization: ApiKey abcdef0123",
        "cannot open ftp://jane:abcdef0123@files.mycity.org/a.csv",
        "/push/?pushkey=abcdef0123",
    ],
)
def test_keys_and_passwords_in_urls_are_redacted(serve: Serve, connect: Connect, text: str) -> None:
    _, message = refused(serve, connect, refusal(400, "bad_request", text))
    assert "abcdef0123" not in message
    assert "[secret]" in message
    _, message = refused(serve, connect, Response(text.encode()))
    assert "abcdef0123" not in message


def test_secret_is_redacted_as_urls_spell_it(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(refusal(400, "bad_request", "got ?p=p%40ss%2Fword")))
    client = connect(portal)
    client.add_secrets("p@ss/word")
    with pytest.raises(Refused, match=r"got \?p=\[secret\]"):
        client.get("/groups/")


@pytest.mark.parametrize(
    "body",
    [
        b'{"error_code": "bad_request", "message": "got q\\"uo<te>1',
        b"<p>got q&quot;uo&lt;te&gt;1</p>",
        b'<p>got q"uo<te>1</p>',
    ],
    ids=["broken JSON", "escaped HTML", "HTML"],
)
def test_secret_is_redacted_before_markup_is_removed(serve: Serve, connect: Connect, body: bytes) -> None:
    client = connect(serve(in_turn(Response(body, status=400))))
    client.add_secrets('q"uo<te>1')
    with pytest.raises(PortalError) as error:
        client.get("/groups/")
    assert "got [secret]" in str(error.value)


def test_short_values_are_not_redacted(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(refusal(400, "bad_request", "a bad request")))
    client = connect(portal)
    client.add_secrets("a", "bad")
    with pytest.raises(Refused, match="a bad request"):
        client.get("/groups/")


def test_message_contains_the_number_of_tries(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Disconnect()))
    with pytest.raises(PortalError) as error:
        connect(portal, retries=2).get("/groups/")
    assert str(error.value) == (
        f"{portal.host} cannot be reached: the connection broke before the answer came "
        "(GET /groups/, tried 3 times). Try again."
    )
