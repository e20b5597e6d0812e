"""Every call of httpx in the tests and tools names its timeout: httpx's own, 5 seconds, fails on a busy machine."""

import ast
from pathlib import Path

from .imports import ROOT

CALLS = {"get", "post", "put", "patch", "delete", "head", "request", "stream", "Client", "AsyncClient"}
FILES = sorted(str(path.relative_to(ROOT)) for folder in ("tests", "tools") for path in (ROOT / folder).rglob("*.py"))


def calls_without_a_timeout(text: str) -> list[int]:
    """Return the lines of a module's calls of httpx that have no `timeout`."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr in CALLS) == ("httpx", True)
        and not any(keyword.arg in ("timeout", None) for keyword in node.keywords)
    ]


def test_a_call_without_a_timeout_is_found() -> None:
    assert calls_without_a_timeout("import httpx\nhttpx.get('http://a')\nhttpx.Client(timeout=30)\n") == [2]


def test_every_call_of_httpx_names_its_timeout() -> None:
    found = {path: calls_without_a_timeout(Path(ROOT / path).read_text()) for path in FILES}
    assert {path: lines for path, lines in found.items() if lines} == {}
