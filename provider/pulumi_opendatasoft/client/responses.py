"""What an answer of the portal says: a value, or the error that it stands for.

Three shapes of error bodies are read: the Automation API's own (`error_code`, `message`, `detail`,
`trace_id`), the older one that clients still know (`error_key`, `raw_message`, `raw_params`), and that of the
quotas (`errorcode`, `error`, `reset_time`).
"""

from __future__ import annotations

import json
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
from .redaction import masked_deep
from .retries import told

MOST_WORDS = 80
"""Characters of a foreign answer that an error repeats."""

MOST_MESSAGE = 400
"""Characters of a portal's message that an error repeats."""

BUSY_CODES = frozenset(
    {
        "invalid_dataset_status",
        "invalid_harvester_status",
        "InvalidDatasetStatusPreconditionException",  # the older shape's word for the first
    }
)

_API_WORDS = ("error_code", "error_key", "errorcode")
_BY_STATUS: Mapping[int, type[Refused]] = {
    401: KeyRefused,
    403: NotPermitted,
    404: NotFound,
    409: Conflict,
    429: Throttled,
}


class Answer(NamedTuple):
    """One HTTP answer; the names of `headers` are lower-case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def read(answer: Answer, call: Call, masked: Callable[[str], str]) -> Any:
    """The JSON value of a success, None if it is empty; raises NotAPortal or a Refused.

    `masked` takes what is secret out of a text: no word of the portal reaches an error without it.
    """
    if 200 <= answer.status < 300:
        return _value(answer, call, masked)
    if 300 <= answer.status < 400:
        raise NotAPortal(call, masked(_pointer(answer, call)), status=answer.status)
    raise _refusal(answer, call, masked)


def _value(answer: Answer, call: Call, masked: Callable[[str], str]) -> Any:
    if not answer.content.strip():
        return None
    try:
        return json.loads(answer.content)
    except ValueError as error:
        is_json = "json" in answer.headers.get("content-type", "")
        said = f"{answer.status} and {_words(answer, masked)}"
        if is_json:
            reason = f"it sent broken JSON, {said}"
            raise NotAPortal(call, reason, status=answer.status, broken=True, remedy="Try again.") from error
        raise NotAPortal(call, f"it sent {said}", status=answer.status) from error


def _pointer(answer: Answer, call: Call) -> str:
    """Where a redirect points, by host only: its path and query may hold a session or a token."""
    target = urlsplit(answer.headers.get("location", "")).netloc.rpartition("@")[2]
    where = "another page of its own" if target in ("", call.portal) else target
    return f"it points to {where} ({answer.status})"


def _refusal(answer: Answer, call: Call, masked: Callable[[str], str]) -> PortalError:
    body = _object(answer.content)
    from_api = any(word in body for word in _API_WORDS)
    if not from_api and not _is_believed(answer, body):
        said = _words(answer, masked)
        return NotAPortal(call, f"it sent {answer.status} and {said}", status=answer.status)
    code = _text(body, "error_code", "error_key", "errorcode")
    message = _text(body, "message", "raw_message", "error") or _unspoken(answer, body, masked)
    wait = told(answer.headers, body)
    return _kind(answer.status, code)(
        call,
        status=answer.status,
        code=masked(code),
        message=_shortened(masked(message), MOST_MESSAGE),
        detail=masked_deep(body.get("detail"), masked),
        trace_id=_text(body, "trace_id") or None,
        retry_after=wait.seconds if wait and answer.status in (429, 503) else None,
        until=wait.until if wait and answer.status in (429, 503) else None,
        from_api=from_api,
    )


def _is_believed(answer: Answer, body: Mapping[str, Any]) -> bool:
    """Whether a refusal is taken for the portal's although it bears no code of the API.

    A 404 is not: any web server answers so to a path that it never heard of, and that must not read as "the
    object is gone". Nor is a 401 or 403 that is a web page: that is a wall before the portal, or another site.
    """
    if answer.status == 404:
        return False
    if answer.status == 429 or answer.status >= 500 or "detail" in body:
        return True
    return answer.status in (401, 403) and not answer.content.lstrip().startswith(b"<")


def _kind(status: int, code: str) -> type[Refused]:
    if status >= 500:
        return PortalFailed
    if code in BUSY_CODES:
        return Busy
    return _BY_STATUS.get(status, Refused)


def _object(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _text(body: Mapping[str, Any], *names: str) -> str:
    """The first of these members that is there, as text."""
    for name in names:
        if body.get(name) not in (None, ""):
            return str(body[name])
    return ""


def _unspoken(answer: Answer, body: Mapping[str, Any], masked: Callable[[str], str]) -> str:
    """What stands for a message where the body has none."""
    if body.get("detail"):
        return ""
    if answer.content.strip() and not body:
        return _words(answer, masked)
    try:
        return HTTPStatus(answer.status).phrase
    except ValueError:
        return ""


def _words(answer: Answer, masked: Callable[[str], str]) -> str:
    """The first words of a foreign answer, without markup."""
    text = masked(answer.content[:20_000].decode("utf-8", "replace"))  # markup may be what a secret looks like
    text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]*>", " ", text)
    words = _shortened(masked(text), MOST_WORDS)
    return f'"{words}"' if words else "nothing to read"


def _shortened(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
