"""Every error that this package raises on purpose, under one base; programs reach them as `pulumi_opendatasoft.errors`.

    OpendatasoftError    the base
      ConfigurationError a key of the configuration that is missing or wrong
      ArgumentError      a domain, API key or path with which no call can be made; a ValueError too
      ResourceError      an operation on a resource that cannot be done
      PortalError        one call of the portal that failed; .portal .method .path
        Unreachable      no response: name, connection, certificate, timeout
        NotAPortal       a response that is not the Automation API's
        Refused          the API refused; .status .code .message .detail .trace_id
          NotFound       404: there is no such object
          KeyRefused     401: the key is not accepted
          NotPermitted   403: the key may not do this
          Busy           400 invalid_dataset_status, invalid_harvester_status: not in this state
          Conflict       409: an existing object is in the way
          Throttled      429: too many requests, or a used-up quota
          PortalFailed   5xx: the portal's own fault
        Uncertain        a POST that may or may not have been carried out
        BadFile          a file that cannot be sent: missing, unreadable, or changed meanwhile

A PortalError's message is one line that can stand alone and names the call. It never contains a request's body, a key
or a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

MOST_PROBLEMS = 8
"""So many problems of one refusal are printed; the rest are counted."""

NEVER_DONE = frozenset({501, 505})
"""Statuses with which a server says that it does not support the request: nothing was done."""


class OpendatasoftError(Exception):
    """The base of every error that this package raises."""

    place = ""
    """The part of the program that the failed step was to write, such as `fields[7] (f7)`; empty for a whole object."""


class ConfigurationError(OpendatasoftError):
    """Something is missing or wrong in the configuration; the message says which key and how to set it."""


class ArgumentError(OpendatasoftError, ValueError):
    """A domain, API key or path with which no call can be made. The message never contains a key or a password."""


class ResourceError(OpendatasoftError):
    """An operation that cannot be done; one or two lines name the object, the property and the remedy.

    `outputs` are computed properties that the failure itself reveals: how a publication ended.
    """

    def __init__(self, message: str, outputs: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.outputs: dict[str, Any] = outputs or {}


class Call(NamedTuple):
    """One call of the API, as errors name it."""

    portal: str
    """The host, with its port if it has one."""

    method: str
    path: str
    """The path below the API's root, without a query."""


class PortalError(OpendatasoftError):
    """One call of the portal failed. Only the kinds below are raised."""

    tries = 1
    """How often the call was sent before it was given up."""

    def __init__(self, call: Call, reason: str = "") -> None:
        super().__init__(reason)
        self.call = call
        self.reason = reason

    @property
    def portal(self) -> str:
        """The host that was called."""
        return self.call.portal

    @property
    def method(self) -> str:
        """The HTTP method of the call."""
        return self.call.method

    @property
    def path(self) -> str:
        """The path of the call below the API's root."""
        return self.call.path

    @property
    def may_have_arrived(self) -> bool:
        """Whether the portal may have carried the request out although no success was received."""
        return False

    @property
    def _request(self) -> str:
        return f"{self.method} {self.path}"

    def _notes(self, *notes: str) -> str:
        tried = f"tried {self.tries} times" if self.tries > 1 else ""
        return ", ".join(note for note in (*notes, tried) if note)


class Unreachable(PortalError):
    """No response was received from the portal."""

    def __init__(
        self, call: Call, reason: str, *, remedy: str = "", may_have_arrived: bool = False, lasting: bool = False
    ) -> None:
        super().__init__(call, reason)
        self.remedy = remedy
        self.lasting = lasting
        """Whether trying again is pointless: a bad certificate stays bad, an unknown name unknown."""
        self._may_have_arrived = may_have_arrived

    @property
    def may_have_arrived(self) -> bool:
        """False if no connection was made; True if one was, and broke or timed out."""
        return self._may_have_arrived

    def __str__(self) -> str:
        return f"{self.portal} cannot be reached: {self.reason} ({self._notes(self._request)}). {self.remedy}".rstrip()


class NotAPortal(PortalError):
    """The response is not one of the Automation API."""

    def __init__(
        self,
        call: Call,
        reason: str,
        *,
        status: int,
        broken: bool = False,
        beyond_limit: bool = False,
        remedy: str = "Check the domain.",
    ) -> None:
        super().__init__(call, reason)
        self.remedy = "Check the domain; docs/guide/limits.md has the limits." if beyond_limit else remedy
        self.beyond_limit = beyond_limit
        """Whether a response is larger, or a list longer, than this client reads."""
        self.status = status
        self.broken = broken
        """Whether a response was cut short or replaced on its way, rather than sent by another site."""

    @property
    def may_have_arrived(self) -> bool:
        """True for a success that cannot be read; after an error page or a redirect nothing was done."""
        return 200 <= self.status < 300

    def __str__(self) -> str:
        call = self._notes(self._request)
        return f"{self.portal} does not answer as an Opendatasoft portal: {self.reason} ({call}). {self.remedy}"


class Refused(PortalError):
    """The API refused the call.

    Attributes: `status` (HTTP), `code` (the API's error_code, "" if there is none), `message`, `detail` (as the
    portal sent it, secrets redacted and long texts shortened), `trace_id` (for the portal's support), `retry_after`
    (seconds) and `until`, where the response says how long to wait, and `from_api`: whether the body is the API's own
    and not that of a proxy before it.
    """

    def __init__(
        self,
        call: Call,
        *,
        status: int,
        code: str = "",
        message: str = "",
        detail: Any = None,
        trace_id: str | None = None,
        retry_after: float | None = None,
        until: datetime | None = None,
        from_api: bool = True,
    ) -> None:
        super().__init__(call, message)
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail
        self.trace_id = trace_id
        self.retry_after = retry_after
        self.until = until
        self.from_api = from_api

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """`detail` as pairs of a property's path and what is wrong with it; the path is "" for the whole."""
        return tuple(flattened(self.detail))

    @property
    def _explanation(self) -> str:
        problems = [f"{path}: {text}" if path else text for path, text in self.problems]
        if len(problems) > MOST_PROBLEMS:
            problems[MOST_PROBLEMS:] = [f"and {len(problems) - MOST_PROBLEMS} more"]
        return "; ".join(problems) or self.message or "it gave no reason"

    @property
    def _label(self) -> str:
        return self.code or str(self.status)

    @property
    def _origin(self) -> str:
        trace = f"trace {self.trace_id}" if self.trace_id else ""
        return self._notes(self._label, trace, f"{self._request} at {self.portal}")

    def __str__(self) -> str:
        named = any(path for path, _ in self.problems)
        refused = self._explanation if named else f"this: {self._explanation}"
        return f"the portal refused {refused} ({self._origin})"


class NotFound(Refused):
    """404 with a body of the API: there is no such object."""

    def __str__(self) -> str:
        return f"the portal has nothing there: {self._explanation} ({self._origin})"


class KeyRefused(Refused):
    """401: the portal does not accept the key."""

    def __str__(self) -> str:
        return (
            f"the portal does not accept the API key: {self._explanation} ({self._origin}). "
            "Check that the key is whole, not revoked, and was made on this portal."
        )


class NotPermitted(Refused):
    """403: the key, or the user who owns it, may not do this."""

    def __str__(self) -> str:
        return (
            f"the API key may not do this: {self._explanation} ({self._origin}). "
            "Give the permission to the key and to its owner, or use another key."
        )


class Busy(Refused):
    """400: the dataset's or harvester's present status, mostly processing, does not allow this."""

    def __str__(self) -> str:
        return f"the portal cannot do this now: {self._explanation} ({self._origin}). Wait until it has finished."


class Conflict(Refused):
    """409: an existing object is in the way."""


class Throttled(Refused):
    """429: too many requests at once, or a quota that is used up until a time."""

    def __str__(self) -> str:
        until, remedy = (f" until {_moment(self.until)}", "then") if self.until else ("", "later")
        return f"the portal accepts no more requests{until}: {self._explanation} ({self._origin}). Run again {remedy}."


class PortalFailed(Refused):
    """5xx: the portal failed by itself."""

    @property
    def may_have_arrived(self) -> bool:
        """False where the status says that nothing was done; else the failure may have come after the work.

        A 503 with a body of the API is a refusal before any work (overload, maintenance). A 503 of a proxy before it
        does not tell whether the API carried the request out.
        """
        return self.status not in NEVER_DONE and not (self.status == 503 and self.from_api)

    @property
    def _label(self) -> str:
        return f"{self.status} {self.code}".rstrip()

    def __str__(self) -> str:
        trace = " Its support can look the trace up." if self.trace_id else ""
        return f"the portal failed: {self._explanation} ({self._origin}). Try again later.{trace}"


class Uncertain(PortalError):
    """A POST that may or may not have been carried out, where the provider cannot find out which."""

    @property
    def may_have_arrived(self) -> bool:
        """Always True."""
        return True

    def __str__(self) -> str:
        return (
            f"{self.portal} may or may not have done {self._request}: {self.reason}. "
            "Look in the portal's back office whether it is there, then run again."
        )


class BadFile(PortalError):
    """A file that cannot be sent as the program read it; `.file` is its path. The portal has none of it."""

    def __init__(self, call: Call, reason: str, *, file: Path) -> None:
        super().__init__(call, reason)
        self.file = file

    def __str__(self) -> str:
        return f"{self.file}: {self.reason} (for {self._request} at {self.portal})"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def flattened(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield nested problems one by one: `{"a": {"b": ["no"]}}` is `a.b: no`; lists are numbered from 0."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            # "non_field_errors" is how services of this kind name problems of the whole object.
            step = "" if name == "non_field_errors" else str(name)
            if step.isdigit() and path:
                yield from flattened(inner, f"{path}[{step}]")
            else:
                yield from flattened(inner, ".".join(part for part in (path, step) if part))
    elif isinstance(detail, list) and any(isinstance(inner, (dict, list)) for inner in detail):
        for number, inner in enumerate(detail):
            yield from flattened(inner, f"{path}[{number}]")
    elif isinstance(detail, list):
        if detail:
            yield path, ", ".join(str(inner) for inner in detail)
    elif detail is not None and detail != "":
        yield path, str(detail)
