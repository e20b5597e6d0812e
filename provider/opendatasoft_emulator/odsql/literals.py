"""The literal values of a query."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from ..processing import as_datetime, as_number
from .errors import Malformed, NotSupported
from .table import Column
from .tokens import Cursor

_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class Value:
    """One literal as it is written in the query."""

    kind: Literal["string", "number", "date", "boolean"]
    text: str

    def for_column(self, column: Column) -> Any:
        """The value in the type of a field; times are in UTC without a zone. Raises Malformed if it has none."""
        try:
            return self._as(column.type)
        except (ValueError, KeyError, OverflowError):
            raise Malformed(
                f"The field {column.name} of type {column.type} cannot be compared with {self.text}"
            ) from None

    def _as(self, kind: str) -> Any:
        if kind in ("text", "file"):
            return self.text
        if kind in ("int", "double") and self.kind in ("number", "string"):
            return as_number(self.text)
        if kind in ("date", "datetime") and self.kind in ("date", "string"):
            return as_datetime(self.text).astimezone(UTC).replace(tzinfo=None)
        if kind == "boolean" and self.kind in ("boolean", "string"):
            return _BOOLEANS[self.text.lower()]
        raise ValueError("no such comparison")


def value(cursor: Cursor) -> Value:
    """Parse the next value: a text, a number, `date'2020-01-01'`, `now()`, `true` or `false`."""
    if cursor.next.kind == "string":
        return Value("string", cursor.advance().text)
    if cursor.next.kind == "number" or cursor.next.is_text("+", "-"):
        return _number(cursor)
    if cursor.next.is_text("date") and cursor.after_next.kind == "string":
        cursor.advance()
        return Value("date", cursor.advance().text)
    if cursor.next.is_text(*_BOOLEANS):
        return Value("boolean", cursor.advance().text.lower())
    if cursor.next.is_text("now") and cursor.after_next.is_text("("):
        return _now(cursor)
    if cursor.next.kind in ("name", "field"):
        raise NotSupported(f"The comparison with the field {cursor.next.text}")
    raise cursor.unexpected()


def _number(cursor: Cursor) -> Value:
    sign = cursor.advance().text if cursor.next.kind == "sign" else ""
    return Value("number", sign + cursor.expect_kind("number").text)


def _now(cursor: Cursor) -> Value:
    cursor.advance()
    cursor.expect("(")
    if not cursor.accept(")"):
        raise NotSupported("The function now() with parameters")
    return Value("date", datetime.now(UTC).isoformat())
