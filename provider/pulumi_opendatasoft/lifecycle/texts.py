"""Long texts, of which a state contains hashes: they are read for a write, and a preview shows the changed lines."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import ResourceError
from ..schema.canonical import is_known
from ..schema.failure import format_path
from ..schema.traversal import Position, map_value
from ..schema.types import Shape, Slot, StandIn, stand_in_of

AROUND = 2
"""The lines that a preview shows before and after the changed ones."""

MOST_LINES = 80
"""The most lines of a difference that a preview shows of one text."""

LONGEST_LINE = 240
"""The most characters that a preview shows of one line."""


class Texts:
    """The texts that were sent to a portal or read from it, by their hashes. This class keeps none."""

    def find(self, hash: str) -> str | None:
        """A text; None where it is not known."""
        return None

    def keep(self, hash: str, text: str) -> None:
        """Keep a text, unless one with this hash is kept already."""


class TextChange(NamedTuple):
    """A text that changes, for a preview."""

    head: str
    """The file, the property and what happens, in one line."""

    lines: tuple[str, ...]
    """The difference as `diff -u` prints it: lines that begin with `+`, `-`, a space or `@@`."""


class _Text(NamedTuple):
    """A text in a value: the text itself, or the hash that stands for it."""

    text: str | None = None
    stand_in: type[StandIn] | None = None
    members: Mapping[str, Any] = {}

    @property
    def hash(self) -> str:
        """The hash that stands for it; empty for the text itself."""
        return self.stand_in.hash_in(self.members) if self.stand_in else ""

    def within(self, texts: Texts, folder: Path | None = None) -> str | None:
        """The text, from the file of the program (if its folder is given) or from those that are kept."""
        if self.stand_in is None:
            return self.text
        if folder is not None:
            try:
                return self.stand_in.read(self.members, folder)
            except ResourceError:
                return None
        return texts.find(self.hash)


def read(shape: Shape, desired: Mapping[str, Any], texts: Texts, folder: Path) -> dict[str, Any]:
    """The desired values with each text in the place of the hash that stands for it.

    Args:
        shape: the declaration of the resource type.
        desired: the values of the program.
        texts: keeps the texts that are read.
        folder: the program's folder.

    Raises:
        ResourceError: a text is no longer the one of the hash.
    """

    def finish(at: Position, value: Any) -> Any:
        stand_in = stand_in_of(at.kind)
        if stand_in is None:
            return value
        text = stand_in.read(value, folder)
        texts.keep(stand_in.hash_in(value), text)
        return text

    whole: dict[str, Any] = map_value(shape, desired, _as_it_is, finish=finish)
    return whole


def keep_actual(texts: Texts, slot: Slot, reported: Any, actual: Any) -> None:
    """Keep the actual texts of a property for which the state contains hashes."""
    found = _texts_in(slot, actual)
    for path, one in _texts_in(slot, reported).items():
        text = found[path].text if path in found else None
        if one.stand_in and text is not None:
            texts.keep(one.hash, text)


def changes(slot: Slot, prior: Any, desired: Any, texts: Texts, folder: Path) -> Iterator[TextChange]:
    """Compare the texts of a property for which a hash stands in the state, or in the program.

    Args:
        slot: the property.
        prior: the value in the state.
        desired: the value of the program.
        texts: the texts that are known by their hashes.
        folder: the program's folder.

    Yields:
        Each text that changes; one of several properties once, with the names of all.
    """
    old, new = _texts_in(slot, prior), _texts_in(slot, desired)
    paths: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    # Sorted, because the languages of a text come from the engine in any order.
    for path in sorted({**new, **(old if is_known(desired) else {})}):
        before, after = old.get(path, _Text()), new.get(path, _Text())
        if (before.stand_in or after.stand_in) and (before.hash, before.text) != (after.hash, after.text):
            one, other = before.within(texts), after.within(texts, folder)
            if one is None or one != other:
                file = str(after.members.get("path") or before.members.get("path") or "")
                what, lines = _change(path in old, path in new, one, other)
                if lines and not (before.stand_in and after.stand_in):
                    what, lines = f"{what}; the lines are not shown, because a text in the program may be secret", ()
                paths.setdefault((file, what, lines), []).append(path)
    for (file, what, lines), named in paths.items():
        where = f"{file} ({', '.join(named)})" if file else ", ".join(named)
        yield TextChange(f"{where}: {what}", lines)


def _change(was: bool, stays: bool, old: str | None, new: str | None) -> tuple[str, tuple[str, ...]]:
    """The sentence about a text, and the lines that change.

    Args:
        was: whether the state has such a text.
        stays: whether the program has one.
        old: the text in the state, if it is known.
        new: that of the program, if it can be read.
    """
    if not stays:
        return "removed", ()
    if new is None:
        return "changed; the file is no longer as it was when the program ran", ()
    if not was:
        return f"new, {_count(len(new.splitlines()))}", ()
    if old is None:
        return (
            "changed; the text so far is not known on this machine: `pulumi preview --refresh` shows the lines",
            (),
        )
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=AROUND, lineterm=""))[2:]
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    if not lines:
        return "only the line break at the end changes", ()
    more = [f"… {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    return f"{_count(added)} added, {removed} removed", (*map(_short, lines[:MOST_LINES]), *more)


def _count(number: int) -> str:
    return f"{number} line" if number == 1 else f"{number} lines"


def _short(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"


def _texts_in(slot: Slot, value: Any) -> dict[str, _Text]:
    """The texts in a value by their paths, whether they are there themselves or by their hashes."""
    found: dict[str, _Text] = {}

    def leaf(at: Position, value: Any) -> Any:
        if isinstance(value, str):
            found[format_path((slot.name, *at.path))] = _Text(value)
        return value

    def finish(at: Position, value: Any) -> Any:
        stand_in = stand_in_of(at.kind)
        if stand_in is not None:
            path = format_path((slot.name, *at.path))
            for inner in [name for name in found if name.startswith(f"{path}.")]:
                del found[inner]
            found[path] = _Text(None, stand_in, value)
        return value

    map_value(slot, value, leaf, finish=finish)
    return found


def _as_it_is(_at: Position, value: Any) -> Any:
    return value
