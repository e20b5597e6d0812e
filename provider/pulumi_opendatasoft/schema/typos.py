"""Words that look mistyped. The portal may know more than this version does, so a person is only asked."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from .traversal import Path, iter_leaves
from .types import Scalar, Shape
from .validation import format_path

TYPO = 0.88
"""How much two words have in common, from 0 to 1, of which one is the other mistyped; `xmlfile` is no `xlsfile`."""


def mistyped(shape: Shape, desired: Mapping[str, Any], path: Path = ()) -> Iterator[str]:
    """A line for each word, at any depth, that is not known but close to one that is."""
    for at, value in iter_leaves(shape, desired, path):
        if not (isinstance(at.kind, Scalar) and isinstance(value, str)) or value in at.kind.known:
            continue
        close = [word for word in at.kind.known if sorted(word) == sorted(value)]
        for word in (close or difflib.get_close_matches(value, at.kind.known, cutoff=TYPO))[:1]:
            # Of a list of words the message names the property alone: its order may be another one.
            where = at.path[:-1] if isinstance(at.path[-1], int) else at.path
            yield f'{format_path(where)}: is "{value}" meant to be "{word}"? The portal will decide'
