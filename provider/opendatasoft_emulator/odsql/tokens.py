"""The tokens of ODSQL, and the cursor that parsers read them with."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, cast

from .errors import NotSupported, QuerySyntaxError

TokenKind = Literal["name", "field", "string", "number", "sign", "end"]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | `(?P<field>[^`]+)`
      | (?P<name>[^\W\d]\w*)
      | (?P<sign>>=|<=|!=|\.\.|[=<>:()\[\],*+/-])
      | (?P<end>$)
    )""",
    re.VERBOSE,
)
_RESERVED = (
    "and",
    "as",
    "asc",
    "by",
    "desc",
    "false",
    "group",
    "limit",
    "not",
    "null",
    "or",
    "select",
    "true",
    "where",
)
"""Words that name a field only in back-quotes. The service reserves more, yet its own example names a field `year`."""

_MAX_DEPTH = 100
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Token:
    """One token. The text of a `field` is without its back-quotes, that of a `string` without its quotes."""

    kind: TokenKind
    text: str
    position: int

    def is_text(self, *texts: str) -> bool:
        """Whether it is one of these words, in any case, or signs."""
        return self.kind in ("name", "sign") and self.text.lower() in texts


class Cursor:
    """A clause and the position of its next token."""

    def __init__(self, clause: str) -> None:
        """Split the clause into tokens. Raises QuerySyntaxError for a sign that the language does not have."""
        self._clause = clause
        self._tokens = _tokens(clause)
        self._next = 0
        self._depth = 0

    @property
    def next(self) -> Token:
        """The next token."""
        return self._tokens[self._next]

    @property
    def after_next(self) -> Token:
        """The token after the next one."""
        return self._tokens[min(self._next + 1, len(self._tokens) - 1)]

    def advance(self) -> Token:
        """Read the next token."""
        token = self.next
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def accept(self, *texts: str) -> bool:
        """Read the next token if it is one of these words or signs; return whether it was."""
        found = self.next.is_text(*texts)
        if found:
            self.advance()
        return found

    def expect(self, *texts: str) -> Token:
        """Read the next token, which must be one of these words or signs. Raises QuerySyntaxError."""
        if not self.next.is_text(*texts):
            raise self.unexpected()
        return self.advance()

    def expect_kind(self, *kinds: TokenKind) -> Token:
        """Read the next token, which must be of one of these kinds. Raises QuerySyntaxError."""
        if self.next.kind not in kinds:
            raise self.unexpected()
        return self.advance()

    def field(self) -> str:
        """Read the name of a field. Raises QuerySyntaxError."""
        if self.next.is_text(*_RESERVED):
            raise self.unexpected()
        return self.expect_kind("name", "field").text

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Read one level deeper. Raises NotSupported when that is too deep for DuckDB and for Python."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise NotSupported(f"Nesting of more than {_MAX_DEPTH} levels")
        yield
        self._depth -= 1

    def unexpected(self) -> QuerySyntaxError:
        """The error of the next token, in the service's words."""
        if self.next.kind == "end":
            return QuerySyntaxError(f"unexpected end of line in {self._clause}")
        return QuerySyntaxError(f"unexpected {self.next.text} at position {self.next.position} in {self._clause}")


def _tokens(clause: str) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    while not tokens or tokens[-1].kind != "end":
        found = _TOKEN.match(clause, position)
        if found is None:
            position += len(clause[position:]) - len(clause[position:].lstrip())
            raise QuerySyntaxError(f"unexpected {clause[position]} at position {position} in {clause}")
        kind = cast(TokenKind, found.lastgroup)
        text = found[kind]
        tokens.append(Token(kind, _ESCAPED.sub(r"\1", text[1:-1]) if kind == "string" else text, found.start(kind)))
        position = found.end()
    return tokens
