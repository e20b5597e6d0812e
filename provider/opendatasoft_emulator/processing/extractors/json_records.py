"""The conversion of JSON objects to records, for the extractors whose records are objects."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from ..columns import Columns, Names, Record
from ..files import UnreadableFile, json_encoding, open_text
from ..values import as_text


def document(path: Path) -> Any:
    """The value of a JSON file. Raises UnreadableFile, with the line, when it is not JSON."""
    with open_json(path) as file:
        return parsed(file.read())


@contextmanager
def open_json(path: Path) -> Iterator[TextIO]:
    """Open a text of JSON. Raises UnreadableFile when it is not UTF-8."""
    try:
        with open_text(path, json_encoding(path)) as file:
            yield file
    except UnicodeDecodeError:
        raise UnreadableFile("the file is not UTF-8") from None


def parsed(text: str, line: int = 1, what: str = "it") -> Any:
    """The value of a text of JSON that begins in a line. Raises UnreadableFile."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"line {line + error.lineno - 1} is not JSON ({error.msg})") from None
    except (ValueError, RecursionError):
        raise UnreadableFile(f"{what} holds a number that is too long, or is nested too deeply") from None


class Objects:
    """The records of one source's objects. Each key becomes a column when it first appears."""

    def __init__(self, columns: Columns, *, joins_texts: bool, taken: Iterable[str] = ()) -> None:
        """Convert the objects of one source.

        Args:
            columns: The columns of the dataset, to which the keys are added.
            joins_texts: Whether a list of texts becomes one text with `;`, and its column multivalued.
            taken: Names of columns that no key may get.
        """
        self._columns = columns
        self._names = Names(taken)
        self._name_of: dict[str, str] = {}
        self._joins_texts = joins_texts

    def add(self, keys: Iterable[str]) -> None:
        """Add the columns of these keys, in this order, before the first record."""
        for key in keys:
            self._name(key)

    def record(self, members: dict[str, Any]) -> Record:
        """The record of one object. Nested objects and lists become JSON text."""
        return {self._name(key): self._value(key, value) for key, value in members.items()}

    def _name(self, key: str) -> str:
        if key not in self._name_of:
            name = self._names.new(key)
            self._name_of[key] = name
            self._columns.add(name, key.strip() or name)
        return self._name_of[key]

    def _value(self, key: str, value: Any) -> Any:
        if value == []:
            return None if self._joins_texts else "[]"
        if isinstance(value, list) and self._joins_texts and all(isinstance(text, str) for text in value):
            self._columns.add(self._name(key), key).annotations.setdefault("multivalued", [";"])
            return ";".join(value)
        if isinstance(value, dict | list):
            return as_text(value)
        return value
