"""The parser of ODSQL's clauses, made from the grammar in odsql.lark."""

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .errors import NotSupported, QuerySyntaxError
from .reference import FUNCTIONS

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

Clause = Literal["where", "select", "group_by", "order_by", "facet"]
CLAUSES: tuple[Clause, ...] = ("where", "select", "group_by", "order_by", "facet")

_MAX_DEPTH = 100
_MAX_OPERATORS = 200


def parse(clause: Clause, text: str) -> "Tree[Token]":
    """The tree of a clause. Raises QuerySyntaxError, in the service's words, or NotSupported for a deep nesting."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    try:
        return _parser().parse(text, start=clause)
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise QuerySyntaxError(f"unexpected end of line in {text}") from None
        raise QuerySyntaxError(f"unexpected {error.token} at position {error.pos_in_stream} in {text}") from None
    except UnexpectedCharacters as error:
        found = error.pos_in_stream or 0
        raise QuerySyntaxError(f"unexpected {text[found]} at position {found} in {text}") from None


@functools.cache
def _parser() -> "Lark":
    # Lark takes a tenth of a second to load and to build: a portal whose records nobody queries does without.
    from lark import Lark

    names = "|".join(sorted(FUNCTIONS, key=len, reverse=True))
    grammar = Path(__file__).with_name("odsql.lark").read_text().replace("FUNCTION_NAMES", names)
    return Lark(grammar, start=list(CLAUSES), parser="lalr", propagate_positions=True, postlex=_Limits())


class _Limits:
    """Refuses what is nested too deeply for Python and for DuckDB."""

    always_accept: Iterable[str] = ()

    def process(self, stream: "Iterator[Token]") -> "Iterator[Token]":
        """The same tokens. Raises NotSupported."""
        depth = negations = operators = 0
        for token in stream:
            negations = negations + 1 if token.type in ("_NOT", "NOT") else negations if token.type == "LPAR" else 0
            depth += {"LPAR": 1, "RPAR": -1}.get(token.type, 0)
            operators += token.type in ("PLUS", "MINUS", "STAR", "SLASH")
            if depth + negations > _MAX_DEPTH:
                raise NotSupported(f"Nesting of more than {_MAX_DEPTH} levels")
            if operators > _MAX_OPERATORS:
                raise NotSupported(f"Arithmetic of more than {_MAX_OPERATORS} operators")
            yield token


def text_of(tree: "Tree[Token]", clause: str) -> str:
    """The part of a clause from which a tree was read."""
    meta: Any = tree.meta
    return clause[meta.start_pos : meta.end_pos]
