"""The language of the expression processor: fields, numbers, texts, operators and functions.

It follows the service's user guide. An expression is parsed once and evaluated for each record; the evaluation
raises ValueError when a record's values do not allow it. A result without a fraction is a whole number.
"""

from dataclasses import dataclass

from .nodes import Node, is_true
from .parser import Malformed, parsed

__all__ = ["Expression", "Malformed", "is_true", "parse"]


@dataclass(frozen=True)
class Expression:
    """A parsed expression: its evaluation for a record, and the fields that it reads."""

    evaluate: Node
    fields: tuple[str, ...]


def parse(text: str) -> Expression:
    """Parse an expression, without the `=` before it. Raises Malformed."""
    return Expression(*parsed(text))
