"""The loader that every state names. This module and `load` never move: a stored provider string calls them by name."""

from __future__ import annotations

from .dynamic.provider import DynamicProvider


def load(kind: str, *_later: object) -> DynamicProvider:
    """Return the provider of one resource type. Further arguments, which a later release may store, are ignored."""
    return DynamicProvider(kind)
