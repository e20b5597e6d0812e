"""The parser of `select` clauses, and the columns that they select."""

from dataclasses import dataclass

from .errors import NotSupported
from .table import Column, Table
from .tokens import Cursor

_ARITHMETIC = ("+", "-", "*", "/")


@dataclass(frozen=True)
class Item:
    """One part of a clause: a field with an optional alias, or the fields of a pattern, which may end with `*`."""

    pattern: str
    alias: str | None = None
    is_pattern: bool = False
    excluded: bool = False

    def columns(self, table: Table) -> list[Column]:
        """The columns of the part. Raises Malformed for an unknown one."""
        if not self.is_pattern:
            return [table.column(self.pattern)]
        if self.pattern.endswith("*"):
            return [column for column in table.columns if column.name.startswith(self.pattern[:-1])]
        return [column for column in table.columns if column.name == self.pattern]


_ALL = Item("*", is_pattern=True)


def parse_select(clause: str) -> list[Item]:
    """Parse the parts of a clause. Raises QueryError."""
    cursor = Cursor(clause)
    items = [_item(cursor)]
    while cursor.accept(","):
        items.append(_item(cursor))
    cursor.expect_kind("end")
    return [_ALL, *items] if all(item.excluded for item in items) else items


def selected_columns(items: list[Item], table: Table) -> list[tuple[str, Column]]:
    """The selected columns with their names in the response, each name once. Raises Malformed."""
    found: dict[str, Column] = {}
    for item in items:
        for column in item.columns(table):
            if item.excluded:
                found = {name: other for name, other in found.items() if other != column}
            else:
                found[item.alias or column.name] = column
    return list(found.items())


def _item(cursor: Cursor) -> Item:
    if cursor.accept("*"):
        return _ALL
    if cursor.next.is_text("include", "exclude") and cursor.after_next.is_text("("):
        excluded = cursor.advance().is_text("exclude")
        return Item(_pattern(cursor), is_pattern=True, excluded=excluded)
    if cursor.next.kind in ("number", "string"):
        raise NotSupported("A constant")
    name = cursor.field()
    if cursor.next.is_text("("):
        raise NotSupported(f"The function {name.lower()}()")
    if cursor.next.is_text(*_ARITHMETIC):
        raise NotSupported("Arithmetic")
    return Item(name, cursor.field() if cursor.accept("as") else None)


def _pattern(cursor: Cursor) -> str:
    cursor.expect("(")
    name = "" if cursor.next.is_text("*") else cursor.field()
    wild = "*" if cursor.accept("*") else ""
    cursor.expect(")")
    return name + wild
