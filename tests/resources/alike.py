"""Which rows of a resource type go through the same code, and the inputs of a program that has many of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from .rows import Row, slots
from .subject import Subject


def alone(subject: Subject, rows: Sequence[Row]) -> list[Row]:
    """The rows that change alone in `make test`: of members of one object that are declared alike, the first one.

    The code distinguishes them by nothing but their names. Of rows that differ in anything else, such as the calls of
    the change back, all.
    """
    found: dict[object, Row] = {}
    for row, likeness in _likenesses(subject, rows):
        found.setdefault(likeness or row.path, row)
    return list(found.values())


def together(subject: Subject, rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The other rows, by their sample: they change at once, and alone with `make trust`."""
    ones = alone(subject, rows)
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row not in ones:
            found.setdefault(row.sample, []).append(row)
    return found


def marked(subject: Subject, rows: Sequence[Row]) -> Iterator[tuple[Row, tuple[pytest.MarkDecorator, ...]]]:
    """Each row with its mark: that of `make trust` for those that change at once as well."""
    ones = alone(subject, rows)
    for row in rows:
        yield row, () if row in ones else (pytest.mark.trust,)


def _likenesses(subject: Subject, rows: Sequence[Row]) -> Iterator[tuple[Row, object]]:
    declared = dict(slots(subject.kind.declaration().shape))
    for row in rows:
        slot = declared[row.path]
        is_plain = row.step == "update" and len(row.actual) == 1
        has_own = row.back is not None or row.moved or row.refused
        parent = row.path.rpartition(".")[0]
        yield (
            row,
            (row.sample, parent, repr(slot.kind), repr(slot.behaviour), row.shows)
            if is_plain and not has_own
            else None,
        )


def merged(base: Any, others: Sequence[Any]) -> Any:
    """Inputs with all the differences that any of the others has from the base."""
    changed = [other for other in others if other != base]
    if len(changed) > 1 and all(isinstance(one, dict) for one in (base, *changed)):
        names = {name: None for one in (base, *changed) for name in one}
        return {name: merged(base.get(name), [one.get(name) for one in changed]) for name in names}
    if len(changed) > 1 and all(isinstance(one, list) and len(one) == len(base) for one in changed):
        return [merged(item, [one[number] for one in changed]) for number, item in enumerate(base)]
    assert len(changed) <= 1, "two rows change one value"
    return changed[0] if changed else base
