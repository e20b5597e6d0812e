"""A pytest plugin that proves the entries of the table of operations: a marked test calls what the table says.

Each name in the table (a resource type or its property, a function, a command) needs a test with the mark `reaches`,
which names it, and the operations if they are not all that the table has for it:

    @pytest.mark.reaches("feedback archive")
    def test_feedback_is_archived(portal: Portal) -> None: ...

    @pytest.mark.reaches("get_group", "GET /groups/{group_uid}/")
    def test_group_is_found_by_its_uid(portal: Portal) -> None: ...

A test may have several of these marks; their words are written out, because `claims` reads them from the text. The log
of the fixture `portal` is cleared before the test, or that of the fixture that `portal="seeded"` names, which returns a
`Portal` as well. After the test, the log must have a success of each of these operations, and after each that changes
something a GET of the test's own or of the provider, which reads the effect. A test that does not call them fails, and
so does `tests/test_operations.py` for an entry of the table that no test names.
"""

from __future__ import annotations

import ast
import functools
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi_opendatasoft.operations import operations

TESTS = Path(__file__).parent
MARK = "reaches"
LOGGED_WITHIN = 5.0
"""Seconds within which a call is in the log: a portal notes it down when its response has been sent whole."""


@functools.cache
def entries() -> dict[str, set[str]]:
    """The operations of every name in the table."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in operations():
        for name in (*row.resources, *row.functions, *row.commands):
            found[name].add(row.name)
    return dict(found)


def claims() -> defaultdict[str, set[str]]:
    """The operations of every name for which there is a test, read from the text of the tests."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted(TESTS.rglob("test_*.py")):
        text = path.read_text()
        if f"mark.{MARK}(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == MARK:
                name, *rows = (str(ast.literal_eval(word)) for word in node.args)
                found[name] |= set(rows) or entries().get(name, set())
    return found


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The pattern of each operation, those with the fewest identifiers first: `/users/export/` is no user."""
    names = sorted((row.name for row in operations()), key=lambda name: name.count("{"))
    return {name: re.compile(re.sub(r"\{\w+\}", "[^/]+", name)) for name in names}


def operation_of(method: str, path: str) -> str:
    """The operation of a call; empty for one that the API does not have."""
    call = f"{method} {path.rstrip('/')}/"
    return next((name for name, pattern in _patterns().items() if pattern.fullmatch(call)), "")


def unproven(expected: set[str], log: list[dict[str, Any]]) -> list[str]:
    """The operations that a log of requests has no success of, or no GET after it that reads the effect."""
    reads = {row.name for row in operations() if row.is_read}
    called: dict[str, int] = {}
    for number, call in enumerate(log):
        if call["status"] is not None and call["status"] < 400:
            called.setdefault(operation_of(call["method"], call["path"]), number)
    last_read = max((number for number, call in enumerate(log) if call["method"] == "GET"), default=-1)
    return [
        f"{name}: " + ("not called" if name not in called else "its effect was not read by a later call")
        for name in sorted(expected)
        if name not in called or (name not in reads and called[name] > last_read)
    ]


@pytest.fixture(autouse=True)
def _reaches(request: pytest.FixtureRequest) -> Iterator[None]:
    """Check the log of the portal after a test with the mark."""
    marks = list(request.node.iter_markers(MARK))
    if not marks:
        yield
        return
    fixture = next((mark.kwargs["portal"] for mark in marks if "portal" in mark.kwargs), "portal")
    portal = request.getfixturevalue(fixture)
    portal.forget()
    yield
    expected = {row for mark in marks for row in mark.args[1:] or entries()[mark.args[0]]}
    deadline = time.monotonic() + LOGGED_WITHIN
    while missing := unproven(expected, portal.log()):
        assert time.monotonic() < deadline, missing
        time.sleep(0.05)
