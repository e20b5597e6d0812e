"""How the words of a search are found in a text: without regard to capitals and accents."""

import re
import unicodedata

_WORD = re.compile(r"[*%]?\w+[*%]?")
_WILD = "*%"
_BEFORE = r"(^|[^\pL\pN_])"
_AFTER = r"([^\pL\pN_]|$)"


def plain(text: str) -> str:
    """A text without capitals and accents, as `PLAIN` makes it of a column."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).lower()


PLAIN = "lower(strip_accents({}))"
"""The expression in SQL that does the same."""


def patterns(searched: str) -> list[str]:
    """A regular expression of DuckDB for each word of a search; `*` or `%` at its end stands for anything.

    `star` finds the word, `star*` what begins with it, `*star*` what holds it. All other signs separate words.
    """
    found = []
    for word in _WORD.findall(plain(searched)):
        before = "" if word[0] in _WILD else _BEFORE
        after = "" if word[-1] in _WILD else _AFTER
        found.append(before + word.strip(_WILD) + after)
    return found
