"""The technical names of fields, made from the titles of columns."""

import re
import unicodedata
from collections.abc import Iterable

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


def field_name(title: str) -> str:
    """The technical name of a title: no accents, lower case, underscores; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return _NOT_A_NAME.sub("_", plain).strip("_")


class Names:
    """The technical names of the columns of one source, which are unique."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def new(self, title: str) -> str:
        """The name of one more column: by its position when it has no title, with `_1` when its name is taken."""
        requested = field_name(title) or f"column_{len(self._taken) + 1}"
        name, count = requested, 0
        while name in self._taken:
            count += 1
            name = f"{requested}_{count}"
        self._taken.add(name)
        return name
