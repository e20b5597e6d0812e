"""Full-text search: it ignores case and accents."""

import re
import unicodedata

_WORD = re.compile(r"[*%]?\w+[*%]?")
_WILD = "*%"
_BEFORE = r"(^|[^\pL\pN_])"
_AFTER = r"([^\pL\pN_]|$)"


def plain(text: str) -> str:
    """A text without capitals and accents, like `PLAIN` in SQL."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).lower()


PLAIN = "lower(strip_accents({}))"
"""The SQL expression of `plain`."""


def patterns(searched: str) -> list[str]:
    """A regular expression of DuckDB for each word of a search. `*` or `%` at its start or end matches anything.

    `star` finds the word, `star*` words that begin with it, `*star*` words that contain it. Other signs separate words.
    """
    found = []
    for word in _WORD.findall(plain(searched)):
        before = "" if word[0] in _WILD else _BEFORE
        after = "" if word[-1] in _WILD else _AFTER
        found.append(before + word.strip(_WILD) + after)
    return found
