"""Words that look mistyped. The portal may know more than this version does, so a person is only asked."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from .comparison import Path
from .types import Kind, ListOf, MapOf, Object, OneOf, Scalar, Shape
from .validation import format_path

TYPO = 0.88
"""How much two words have in common, from 0 to 1, of which one is the other mistyped; `xmlfile` is no `xlsfile`."""


def mistyped(shape: Shape, desired: Mapping[str, Any], path: Path = ()) -> Iterator[str]:
    """A line for each word, at any depth, that is not known but close to one that is."""
    for name, value in desired.items():
        if name in shape:
            yield from _inside(shape[name].kind, value, (*path, name))


def _inside(kind: Kind, value: Any, path: Path) -> Iterator[str]:
    if isinstance(kind, OneOf):
        yield from _inside(kind.pick(value), value, path)
    elif isinstance(kind, Object) and isinstance(value, Mapping):
        yield from mistyped(kind.shape, value, path)
    elif isinstance(kind, MapOf) and isinstance(value, Mapping):
        for name, item in value.items():
            yield from _inside(kind.item, item, (*path, name))
    elif isinstance(kind, ListOf) and isinstance(value, list):
        for place, item in enumerate(value):
            yield from _inside(kind.item, item, path if isinstance(kind.item, Scalar) else (*path, place))
    elif isinstance(kind, Scalar) and isinstance(value, str) and value not in kind.known:
        close = [word for word in kind.known if sorted(word) == sorted(value)]
        for word in (close or difflib.get_close_matches(value, kind.known, cutoff=TYPO))[:1]:
            yield f'{format_path(path)}: is "{value}" meant to be "{word}"? The portal will decide'
