"""The temporary file of the processed records, which are typed when all of them are known."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from .columns import Record
from .values import TypeGuess


class Spool:
    """A file of records: written once, then read any number of times."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guesses: dict[str, TypeGuess] = {}
        self._file = path.open("w", encoding="utf-8")

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, record: Record) -> None:
        """Add one record."""
        for name, value in record.items():
            guess = self._guesses.get(name)
            if guess is None:
                guess = self._guesses[name] = TypeGuess()
            guess.add(value)
        self._file.write(json.dumps(record) + "\n")

    def type_of(self, name: str) -> str:
        """The narrowest type for all values of a column."""
        guess = self._guesses.get(name)
        return guess.type if guess else "text"

    def records(self) -> Iterator[Record]:
        """All records in their order."""
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
