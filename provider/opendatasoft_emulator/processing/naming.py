"""How a column's title becomes the technical name of a field."""

import re
import unicodedata
from collections.abc import Iterable

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


def field_name(title: str) -> str:
    """The technical name for a title: no accents, lower case, underscores; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return _NOT_A_NAME.sub("_", plain).strip("_")


class Names:
    """The technical names that the columns of one source got; no two are equal."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def new(self, title: str) -> str:
        """A name for one more column: after its place when it has no title, with `_1` when it is the second."""
        requested = field_name(title) or f"column_{len(self._taken) + 1}"
        name, count = requested, 0
        while name in self._taken:
            count += 1
            name = f"{requested}_{count}"
        self._taken.add(name)
        return name
