"""Full-text search: it ignores case and accents."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_WORD = re.compile(r"[*%]?\w+[*%]?")
_WILD = "*%"
_BEFORE = r"(^|[^\pL\pN_])"
_AFTER = r"([^\pL\pN_]|$)"
_BETWEEN = r"[^\pL\pN_]+"

PLAIN = "lower(strip_accents({}))"
"""The SQL expression of `plain`."""


@dataclass(frozen=True)
class Word:
    """A word that a text contains, or up to `letters` changed letters."""

    pattern: str
    letters: int = 0

    def test(self, text: str) -> tuple[str, list[Any]]:
        """The condition on the SQL of a plain text, with its parameters."""
        if self.letters:
            nearest = f"list_min([levenshtein(one, ?) FOR one IN string_split_regex({text}, '{_BETWEEN}')])"
            return f"{nearest} <= {self.letters}", [self.pattern]
        return f"regexp_matches({text}, ?)", [self.pattern]


def plain(text: str) -> str:
    """A text without capitals and accents, like `PLAIN` in SQL."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).lower()


def words(searched: str) -> list[Word]:
    """The words of a search. `*` or `%` at the start or end of one matches anything.

    `star` finds the word, `star*` words that begin with it, `*star*` words that contain it. Other signs separate words.
    """
    found = []
    for word in _WORD.findall(plain(searched)):
        before = "" if word[0] in _WILD else _BEFORE
        after = "" if word[-1] in _WILD else _AFTER
        found.append(Word(before + word.strip(_WILD) + after))
    return found


def beginnings(searched: str) -> list[Word]:
    """The words of suggest(): the texts contain words that begin so."""
    return [Word(_BEFORE + word.strip(_WILD)) for word in _WORD.findall(plain(searched))]


def fuzzy(searched: str) -> list[Word]:
    """The words of search(): letters may differ, two in a long word, one in a word of three; the last may go on."""
    *first, last = [word.strip(_WILD) for word in _WORD.findall(plain(searched))] or [""]
    found = []
    for word in first:
        letters = 2 if len(word) > 5 else 1 if len(word) > 2 else 0
        found.append(Word(word, letters) if letters else Word(_BEFORE + word + _AFTER))
    return [*found, Word(_BEFORE + last)] if last else found
