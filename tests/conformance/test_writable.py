"""Every writable property of the official description has a declared property that writes it, or a reason why not.

The table of all of them is written to `.state/conformance.md`, a folder that is never committed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pulumi_opendatasoft as ods
import pytest

from ..resources import test_dataset_handler, test_lifecycles
from ..resources.connections import HTTP, SHARED_ROWS
from ..resources.rows import Row, leaves
from ..samples import samples
from .official import official_description
from .schemas import Bodies
from .writers import COLLECTIONS, PROOFS, UNWRITTEN, WRITERS

ROOT = Path(__file__).parents[2]
CHANGED = "test_property_changes_alone_and_back"

ROWS: dict[tuple[str, str], Row] = {
    (kind, row.path): row for kind, one in samples().items() for row in one.subject.rows
}


@dataclass(frozen=True)
class Line:
    """One official property: the declared property that writes it and the test of that, or the reason why none does."""

    operation: str
    property: str
    written_by: str
    changed_by: str
    remark: str


@pytest.fixture(scope="module")
def official() -> list[tuple[str, str]]:
    """Operation and path of every writable property."""
    return list(Bodies(official_description()).writable(*COLLECTIONS))


def declared(kind: str) -> set[str]:
    """Every property of a class that a program can set; the names in a mapping count as a property too."""
    paths = set(leaves(getattr(ods, kind).declaration().shape))
    return paths | {f"{path.partition('[]')[0]} (the name)" for path in paths if "[]" in path}


def writers(operation: str, path: str) -> list[tuple[str, str]]:
    """The declared properties that write an official one."""
    return [found for rule in WRITERS if (found := rule.writer(operation, path))]


def reasons(operation: str, path: str) -> list[str]:
    """The reasons why no declared property writes an official one."""
    return [rule.reason for rule in UNWRITTEN if rule.covers(operation, path)]


def proof(kind: str, path: str) -> tuple[str, str]:
    """The test that changes a declared property and reads it back, and what it reads then; empty without one."""
    test = PROOFS.get((kind, path))
    if test is not None:
        return f"{test.__module__.rpartition('.')[2]}::{test.__name__}", "named"
    row = ROWS.get((kind, path))
    if row is None or not (row.actual or row.refused):
        return "", ""
    seen = f"the portal knows only one value: {row.refused}" if row.refused else ", ".join(row.actual)
    if kind == "Dataset":
        return f"test_dataset_handler::{CHANGED}[{row}]", seen
    # The rows that all connections share are walked for one of them.
    return f"test_lifecycles::{CHANGED}[{HTTP if row in SHARED_ROWS else kind}-{row}]", seen


def lines(official: list[tuple[str, str]]) -> list[Line]:
    """The table."""
    table = []
    for operation, path in official:
        for kind, written in writers(operation, path):
            table.append(Line(operation, path, f"{kind}.{written}", *proof(kind, written)))
        for reason in reasons(operation, path):
            table.append(Line(operation, path, "", "", reason))
    return table


def test_every_writable_property_has_one_writer_or_reason(official: list[tuple[str, str]]) -> None:
    entries = {place: [*writers(*place), *reasons(*place)] for place in official}

    assert {place: found for place, found in entries.items() if len(found) != 1} == {}


def test_every_body_is_of_an_endpoint_in_the_table() -> None:
    endpoints = Bodies(official_description()).writable("/")

    assert {operation for operation, _ in endpoints if not operation.partition(" ")[2].startswith(COLLECTIONS)} == set()


def test_every_writer_is_declared(official: list[tuple[str, str]]) -> None:
    named = {found for place in official for found in writers(*place)}

    assert {(kind, path) for kind, path in named if path not in declared(kind)} == set()


def test_every_writer_is_changed_and_read_back(official: list[tuple[str, str]]) -> None:
    empty = {line.written_by for line in lines(official) if line.written_by and not line.changed_by}

    assert empty == set()


def test_every_test_in_the_table_exists(official: list[tuple[str, str]]) -> None:
    named = {line.changed_by for line in lines(official) if CHANGED in line.changed_by}
    existing = {
        *(f"test_dataset_handler::{CHANGED}[{row}]" for row in test_dataset_handler.ROWS),
        *(f"test_lifecycles::{CHANGED}[{case.id}]" for case in test_lifecycles.ROWS),
    }

    assert len(named) > 300
    assert named - existing == set()


def test_every_rule_of_the_table_is_needed(official: list[tuple[str, str]]) -> None:
    idle = [rule for rule in WRITERS if not any(rule.writer(*place) for place in official)]
    idle_reasons = [rule for rule in UNWRITTEN if not any(rule.covers(*place) for place in official)]
    named = {found for place in official for found in writers(*place)}

    assert (idle, idle_reasons, PROOFS.keys() - named) == ([], [], set())


def test_the_table_is_written_down(official: list[tuple[str, str]]) -> None:
    table = lines(official)
    head = "| operation | property | written by | changed by | seen, or why not |\n|---|---|---|---|---|\n"
    place = ROOT / ".state" / "conformance.md"
    place.parent.mkdir(exist_ok=True)
    place.write_text(
        head
        + "".join(f"| {x.operation} | {x.property} | {x.written_by} | {x.changed_by} | {x.remark} |\n" for x in table)
    )
    kinds = Counter(line.written_by.partition(".")[0] or "not written" for line in table)
    reasons = kinds.pop("not written", 0)
    print(
        f"{len(table)} writable properties in {place.name}: {kinds.total()} written by a declared one, "
        f"{reasons} with a reason why not; by type: " + ", ".join(f"{n} {c}" for n, c in kinds.items())
    )

    assert len(table) == len(official)
