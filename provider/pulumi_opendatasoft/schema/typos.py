"""Finds values that look mistyped. The portal may accept more than is declared, so they only make a warning."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from .failure import format_path
from .traversal import Path, iter_leaves
from .types import Scalar, Shape

TYPO = 0.88
"""How similar, from 0 to 1, a value is to the known one that it mistypes; `xmlfile` and `xlsfile` are less."""


def mistyped(shape: Shape, desired: Mapping[str, Any], path: Path = ()) -> Iterator[str]:
    """A warning for each value, at any depth, that is not known but close to one that is."""
    for at, value in iter_leaves(shape, desired, path):
        if not (isinstance(at.kind, Scalar) and isinstance(value, str)) or value in at.kind.known:
            continue
        near = [known for known in at.kind.known if _may_be_close(len(known), len(value))]
        close = [known for known in near if sorted(known) == sorted(value)]
        for known in (close or (difflib.get_close_matches(value, near, cutoff=TYPO) if near else []))[:1]:
            # In a list of texts the position says nothing: `check` may have sorted it.
            where = at.path[:-1] if isinstance(at.path[-1], int) else at.path
            yield f'{format_path(where)}: is "{value}" meant to be "{known}"? It is sent as it is'


def _may_be_close(one: int, other: int) -> bool:
    """Whether texts of these lengths can be similar enough; decided without a look at them, which takes long."""
    return 2 * min(one, other) / (one + other) >= TYPO
