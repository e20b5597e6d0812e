"""Calls that a library makes from the official description: no response is a 5xx, and every one is valid.

The calls are the same in each run: of each operation the simplest one and another. `make trust` makes more of them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .differences import LIST, Difference, known_differences
from .furnished import furnish
from .generated import calls_of, calls_of_known_differences, operations
from .validation import official_validation


@pytest.mark.parametrize("count", [2, pytest.param(20, marks=pytest.mark.trust)])
def test_every_response_to_a_generated_call_is_valid(tmp_path: Path, count: int) -> None:
    failed: list[str] = []
    violations: dict[Difference, str] = {}
    statuses: Counter[int] = Counter()
    with (
        Emulator(tmp_path) as emulator,
        httpx.Client(base_url=f"{emulator.url}/_emulator", timeout=30) as control,
        httpx.Client(
            base_url=f"{emulator.url}/api/automation/v1.0",
            headers={"authorization": f"apikey {emulator.key}"},
            timeout=60,
        ) as api,
    ):
        ids = furnish(api, control)

        def call(name: str, path: str, arguments: dict[str, Any]) -> None:
            method = name.partition(" ")[0]
            response = api.request(method, path, **arguments)
            statuses[response.status_code] += 1
            seen = f"{method} {path} {arguments}: {response.status_code} {response.text}"[:400]
            if response.status_code >= 500:
                failed.append(seen)
                return
            operation = official_validation().operation(method, path)
            if operation is None or operation.name != name:
                return  # a made-up identifier that is the last word of another path
            is_json = response.headers.get("content-type", "").startswith("application/json")
            body = response.json() if is_json and response.content else None
            for violation in official_validation().of_response(operation, response.status_code, body):
                violations.setdefault(violation, seen)

        calls_of_known_differences(ids, call, lambda kind: connections(api)[kind])
        for operation in operations():
            calls_of(operation, ids, count, call)

    print(f"{statuses.total()} calls: {dict(sorted(statuses.items()))}")
    known = known_differences()
    unknown = [f"{violation}  # {seen}" for violation, seen in sorted(violations.items()) if violation not in known]
    idle = sorted({line for line in known if line.is_seen_in_calls} - violations.keys())
    assert not failed, "\n".join(failed)
    assert not unknown, f"mend them, or add to {LIST.name}, below a reason:\n" + "\n".join(unknown)
    assert not idle, f"take out of {LIST.name}:\n" + "\n".join(map(str, idle))


def connections(api: httpx.Client) -> dict[str, str]:
    """The uid of a connection of each kind."""
    found = api.get("/datasource_connections/", params={"limit": 100}).raise_for_status().json()["results"]
    return {connection["type"]: connection["uid"] for connection in found}
