"""The language of the expression processor: fields, numbers, texts, operators and functions.

It follows the service's user guide. An expression is parsed once and evaluated for each record; the evaluation
raises ValueError when a record's values do not allow it. A result without a fraction is a whole number.
"""

from .nodes import is_true
from .parser import Expression, Malformed, parse

__all__ = ["Expression", "Malformed", "is_true", "parse"]
