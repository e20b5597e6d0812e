"""Faults that tests set: which calls of the Automation API fail, and how."""

import re
import threading
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _known_fault(fault: str) -> str:
    named = ("reset", "reset_after_commit", "timeout", "timeout_after_commit", "garbage", "no_body", "slow")
    if fault not in named and not re.fullmatch(r"status:[2-5]\d\d", fault):
        raise ValueError(f"must be status:NNN or one of {', '.join(named)}")
    return fault


def _regular_expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return text


class Fault(BaseModel):
    """One fault: for the `nth` matching call (1 is the next one), or for every one `from` that call on.

    `path` is searched in the path below the API's root, which begins and ends with a slash ("/groups/editors/").
    Without a `method`, or with "*", every method matches. With neither `nth` nor `from`, or with `"nth": null`, every
    matching call fails. Faults:

    - `status:NNN`: a response with this status; the call is not executed;
    - `reset`: the connection is reset before the call is executed; `reset_after_commit`: afterwards;
    - `timeout`: the call is not executed and gets no response; `timeout_after_commit`: it is executed and gets none;
    - `garbage`: the call is not executed; the response is a 200 with a page of HTML;
    - `no_body`: the call is executed; the response has its status, and no body;
    - `slow`: the call is executed; the body of the response comes one byte at a time, four in a second.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    method: str | None = None
    path: Annotated[str, AfterValidator(_regular_expression)] = ""
    nth: int | None = Field(None, ge=1)
    since: int | None = Field(None, ge=1, alias="from")
    fault: Annotated[str, AfterValidator(_known_fault)]

    @model_validator(mode="after")
    def _one_count(self) -> "Fault":
        if self.nth is not None and self.since is not None:
            raise ValueError("give nth or from, not both")
        return self

    def matches(self, method: str, path: str) -> bool:
        """Whether this call counts for the fault."""
        requested = (self.method or "*").upper()
        return requested in ("*", method) and re.search(self.path, path) is not None

    def applies_to(self, count: int) -> bool:
        """Whether the fault applies to the `count`-th matching call."""
        if self.nth is not None:
            return count == self.nth
        return count >= (self.since or 1)


class Faults:
    """The faults that are set, each with the number of calls that have matched it so far."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: list[tuple[Fault, list[int]]] = []

    def add(self, faults: list[Fault]) -> None:
        """Add faults, each with a count of 0."""
        with self._lock:
            self._set.extend((fault, [0]) for fault in faults)

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._set.clear()

    def as_documents(self) -> list[dict[str, Any]]:
        """The faults that are set, with `count`, the number of calls that have matched each."""
        with self._lock:
            return [{**fault.model_dump(by_alias=True), "count": counter[0]} for fault, counter in self._set]

    def fault_for(self, method: str, path: str) -> str | None:
        """The fault of this call, if any. Every matching fault counts the call; the first that applies is returned."""
        found: str | None = None
        with self._lock:
            for fault, counter in self._set:
                if not fault.matches(method, path):
                    continue
                counter[0] += 1
                if found is None and fault.applies_to(counter[0]):
                    found = fault.fault
        return found
