"""The tokens of expressions."""

import re
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["number", "text", "field", "word", "sign", "end"]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>\d+\.\d*|\.\d+|\d+)
      | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | \$(?P<field>\w+)
      | (?P<word>[^\W\d]\w*)
      | (?P<sign>//|==|!=|>=|<=|&&|\|\||[-+*/%^&<>!?:(),])
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")


class Malformed(Exception):
    """An expression that cannot be parsed. The message gives the reason and the character."""


@dataclass(frozen=True)
class Token:
    """One token, and the position of its first character, from 1."""

    kind: TokenKind
    text: str
    position: int


def tokens(expression: str) -> list[Token]:
    """Split an expression into tokens, with one that marks its end. Raises Malformed."""
    found: list[Token] = []
    position = 0
    end = len(expression.rstrip())
    while position < end:
        match = _TOKEN.match(expression, position)
        if match is None:
            raise Malformed(f"it cannot be understood from character {position + 1} on")
        found.append(_token(match))
        position = match.end()
    return [*found, Token("end", "", end + 1)]


def _token(match: re.Match[str]) -> Token:
    kinds: tuple[TokenKind, ...] = ("number", "text", "field", "word", "sign")
    kind: TokenKind = next(kind for kind in kinds if match[kind] is not None)
    text = match[kind]
    if kind == "text":
        text = _ESCAPE.sub(r"\1", text[1:-1])
    return Token(kind, text, match.start(kind) + 1)
