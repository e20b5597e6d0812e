"""Compare the emulator's own description with the official one: operation by operation, property by property.

What is compared: the names of parameters, statuses and properties, and whether each is required, read-only (absent from
requests), write-only (absent from responses) and nullable, and its enumerated values. Every difference is a line of
`differences.txt`, below its reason.
"""

from __future__ import annotations

from collections import Counter

import pytest
from opendatasoft_emulator.server.app import automation_api

from .differences import LIST, Difference, differences, known_differences
from .official import official_description
from .shapes import Description, Operation


@pytest.fixture(scope="module")
def official() -> dict[str, Operation]:
    """The operations of the official description."""
    return Description(official_description()).operations()


@pytest.fixture(scope="module")
def emulated() -> dict[str, Operation]:
    """The operations of the emulator's own description."""
    return Description(automation_api().openapi()).operations()


@pytest.fixture(scope="module")
def found(official: dict[str, Operation], emulated: dict[str, Operation]) -> set[Difference]:
    """The differences of the two."""
    return set(differences(official, emulated))


def test_every_official_operation_is_a_route(official: dict[str, Operation], emulated: dict[str, Operation]) -> None:
    print(f"{len(official.keys() & emulated.keys())} of {len(official)} operations are routes")

    assert len(official) == 181
    assert emulated.keys() == official.keys()


def test_every_difference_is_in_the_list(found: set[Difference]) -> None:
    missing = sorted(found - known_differences().keys())

    assert not missing, f"add to {LIST.name}, below a reason:\n" + "\n".join(map(str, missing))


def test_every_line_of_the_list_is_needed(found: set[Difference]) -> None:
    compared = {difference for difference in known_differences() if not difference.is_seen_in_calls}
    idle = sorted(compared - found)

    assert not idle, f"take out of {LIST.name}:\n" + "\n".join(map(str, idle))


def test_list_is_sorted_below_each_reason() -> None:
    lines = list(known_differences().items())
    reasons = list(dict.fromkeys(reason for _, reason in lines))
    counts = Counter(known_differences().values())
    print(f"{len(lines)} differences for {len(reasons)} reasons")
    for reason, count in counts.most_common():
        print(f"{count:5}  {reason}")

    assert lines == sorted(lines, key=lambda line: (reasons.index(line[1]), line[0]))
    assert all("*" not in difference.operation for difference in known_differences())
