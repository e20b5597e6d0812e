"""The table of the operations: complete, and naming what exists."""

from __future__ import annotations

import pulumi_opendatasoft  # noqa: F401  # declares the resource types
import pytest
from pulumi_opendatasoft.operations import Operation, operations
from pulumi_opendatasoft.program.resource import REGISTRY, Resource
from pulumi_opendatasoft.resources.connection import Connection

from .conformance.official import official_description
from .operations import claims, entries


def test_table_has_each_official_operation_once() -> None:
    official = [
        f"{method.upper()} {path}" for path, methods in official_description()["paths"].items() for method in methods
    ]

    assert len(official) == 181
    assert sorted(operation.name for operation in operations()) == sorted(official)


def test_every_operation_is_reached() -> None:
    assert [o.name for o in operations() if not (o.resources or o.functions or o.commands)] == []


def test_table_names_resource_types_and_their_properties() -> None:
    def exists(operation: Operation, entry: str) -> bool:
        kind, _, name = entry.partition(".")
        types: list[type[Resource]] = (
            [cls for cls in REGISTRY.values() if issubclass(cls, Connection)] if kind == "Connection" else []
        )
        return all(
            operation.path.startswith(cls.lifecycle().handler.collection)
            and (not name or name in cls.declaration().shape)
            for cls in types or [REGISTRY[kind]]
        )

    assert [(o.name, entry) for o in operations() for entry in o.resources if not exists(o, entry)] == []


def test_marks_name_entries_and_operations_of_the_table() -> None:
    claimed = claims()

    assert claimed.keys() - entries().keys() == set()
    assert {row for rows in claimed.values() for row in rows} - {row.name for row in operations()} == set()


@pytest.mark.parametrize("column", ["resources", "functions", "commands"])
def test_every_entry_of_the_table_has_a_test(column: str) -> None:
    claimed = claims()

    missing = [
        f"{name}: {operation.name}"
        for operation in operations()
        for name in getattr(operation, column)
        if operation.name not in claimed[name]
    ]
    assert missing == [], "mark the test that calls it, as tests/operations.py describes"
