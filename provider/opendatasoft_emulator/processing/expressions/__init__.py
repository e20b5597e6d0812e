"""The language of the expression processor: fields, numbers, texts, operators and functions.

After the service's user guide. An expression is parsed once and evaluated for each record; what it cannot do with a
record's values is a ValueError. A result without a fraction is a whole number, as the guide shows it.
"""

from dataclasses import dataclass

from .nodes import Node
from .parser import Parser
from .tokens import Malformed, tokens

__all__ = ["Expression", "Malformed", "parse"]


@dataclass(frozen=True)
class Expression:
    """A parsed expression: what it is worth for a record, and the fields that it reads."""

    evaluate: Node
    fields: tuple[str, ...]


def parse(text: str) -> Expression:
    """The expression that a text writes, without the `=` before it. Raises Malformed."""
    parser = Parser(tokens(text))
    node = parser.whole()
    return Expression(node, tuple(dict.fromkeys(parser.fields)))
