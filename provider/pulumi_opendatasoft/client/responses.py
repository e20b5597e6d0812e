"""The meaning of a portal's HTTP response: a value, or the error that it stands for.

Three shapes of error bodies are read: the Automation API's own (`error_code`, `message`, `detail`, `trace_id`), the
older one that clients still know (`error_key`, `raw_message`, `raw_params`), and that of the quotas (`errorcode`,
`error`, `reset_time`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ..errors import (
    Busy,
    Call,
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
from .portal_values import TooDeep, json_value
from .redaction import redact_deep
from .retries import requested_wait

LONGEST_EXCERPT = 80
"""Characters of a response that is not the API's that an error quotes."""

LONGEST_MESSAGE = 400
"""Characters of a portal's message, or of one problem in its `detail`, that an error quotes."""

LONGEST_TEXT = 20_000
"""Characters of a response in which what is quoted is looked for."""

LONGEST_LABEL = 100
"""Characters of a code or a trace id that an error quotes."""

BUSY_CODES = frozenset(
    {
        "invalid_dataset_status",
        "invalid_harvester_status",
        "InvalidDatasetStatusPreconditionException",  # the older shape's word for the first
    }
)

_CODE_NAMES = ("error_code", "error_key", "errorcode")
_BY_STATUS: Mapping[int, type[Refused]] = {
    401: KeyRefused,
    403: NotPermitted,
    404: NotFound,
    409: Conflict,
    429: Throttled,
}

Redact = Callable[[str], str]
"""Removes secrets from a text."""


class Response(NamedTuple):
    """One HTTP response; the names of `headers` are lower-case."""

    status: int
    headers: Mapping[str, str]
    content: bytes | bytearray


def read(response: Response, call: Call, redact: Redact) -> Any:
    """Return the JSON value of a success, None if it is empty; raise NotAPortal or a Refused for all else.

    No text of the portal's becomes part of an error before `redact` has removed the secrets from it.
    """
    if 200 <= response.status < 300:
        return _value(response, call, redact)
    if 300 <= response.status < 400:
        raise NotAPortal(call, redact(_redirect(response, call)), status=response.status)
    raise _refusal(response, call, redact)


def object_of(value: Any, call: Call) -> dict[str, Any]:
    """Return the value of a response that must be an object; raise NotAPortal, which may pass, for any other."""
    if isinstance(value, dict):
        return value
    sent = "nothing" if value is None else "something else"
    raise NotAPortal(call, f"it sent {sent} where an object belongs", status=200, broken=True, remedy="Try again.")


def _value(response: Response, call: Call, redact: Redact) -> Any:
    if not response.content or response.content.isspace():
        return None
    try:
        return json_value(response.content)
    except TooDeep as error:
        raise NotAPortal(call, f"it sent {error}", status=response.status, beyond_limit=True) from None
    except ValueError as error:
        is_json = "json" in response.headers.get("content-type", "")
        sent = f"{response.status} and {_excerpt(response, redact)}"
        if is_json:
            reason = f"it sent broken JSON, {sent}"
            raise NotAPortal(call, reason, status=response.status, broken=True, remedy="Try again.") from error
        raise NotAPortal(call, f"it sent {sent}", status=response.status) from error


def _redirect(response: Response, call: Call) -> str:
    """Describe a redirect by its target's host only: path and query may contain a session or a token."""
    try:
        target = urlsplit(response.headers.get("location", "")).netloc.rpartition("@")[2]
    except ValueError:  # brackets without an IPv6 address in them
        return f"it points to what is no address ({response.status})"
    where = "another page of its own" if target in ("", call.portal) else _shortened(target, LONGEST_EXCERPT)
    return f"it points to {where} ({response.status})"


def _refusal(response: Response, call: Call, redact: Redact) -> PortalError:
    body = _object(response.content)
    from_api = any(name in body for name in _CODE_NAMES)
    if not from_api and not _is_from_portal(response, body):
        sent = _excerpt(response, redact)
        return NotAPortal(call, f"it sent {response.status} and {sent}", status=response.status)
    code = _text(body, *_CODE_NAMES)
    message = _text(body, "message", "raw_message", "error") or _default_message(response, body, redact)
    wait = requested_wait(response.headers, body) if response.status in (429, 503) else None
    return _error_class(response.status, code)(
        call,
        status=response.status,
        code=_shortened(redact(code), LONGEST_LABEL),
        message=_shortened(redact(message), LONGEST_MESSAGE),
        detail=redact_deep(body.get("detail"), lambda text: _shortened(redact(text), LONGEST_MESSAGE)),
        trace_id=_shortened(redact(_text(body, "trace_id")), LONGEST_LABEL) or None,
        retry_after=wait.seconds if wait else None,
        until=wait.until if wait else None,
        from_api=from_api,
    )


def _is_from_portal(response: Response, body: Mapping[str, Any]) -> bool:
    """Whether a refusal without a code of the API is taken for the portal's.

    A 404 is not: any web server sends one for a path that it does not know, and that must not read as "the object is
    gone". Nor is a 401 or 403 that is a web page: it comes from a proxy before the portal, or from another site.
    """
    if response.status == 404:
        return False
    if response.status == 429 or response.status >= 500 or "detail" in body:
        return True
    return response.status in (401, 403) and not response.content.lstrip().startswith(b"<")


def _error_class(status: int, code: str) -> type[Refused]:
    if status >= 500:
        return PortalFailed
    if code in BUSY_CODES:
        return Busy
    return _BY_STATUS.get(status, Refused)


def _object(content: bytes | bytearray) -> dict[str, Any]:
    try:
        body = json_value(content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _text(body: Mapping[str, Any], *names: str) -> str:
    """Return the first of these members that has a value, as text."""
    for name in names:
        if body.get(name) not in (None, ""):
            return str(body[name])
    return ""


def _default_message(response: Response, body: Mapping[str, Any], redact: Redact) -> str:
    """Return the message of an error whose body has none."""
    if body.get("detail"):
        return ""
    if response.content and not response.content.isspace() and not body:
        return _excerpt(response, redact)
    try:
        return HTTPStatus(response.status).phrase
    except ValueError:
        return ""


def _excerpt(response: Response, redact: Redact) -> str:
    """Return the beginning of a response that is not the API's, without markup."""
    text = redact(response.content[:LONGEST_TEXT].decode("utf-8", "replace"))  # a secret may look like markup
    text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]*>", " ", text)
    excerpt = _shortened(redact(text), LONGEST_EXCERPT)
    return f'"{excerpt}"' if excerpt else "nothing to read"


def _shortened(text: str, most: int) -> str:
    """Return a text of the portal's in one line, without characters that a terminal would obey."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text[:LONGEST_TEXT]).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
