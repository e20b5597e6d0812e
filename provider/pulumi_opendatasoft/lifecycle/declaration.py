"""The declaration of a resource type as data: what its lifecycle, its handler and its reference page read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..schema.types import Shape


@dataclass(frozen=True)
class Declaration:
    """A resource type as its life and its reference page read it."""

    name: str
    path: str
    """Where the API keeps one of them, e.g. `/groups/{uid}/`."""

    shape: Shape
    constants: Mapping[str, Any]
    """What is sent with every write and declares the kind, e.g. `{"type": "http"}`."""

    natural_key: tuple[str, ...]
    """The properties by which a person knows it; empty where the portal has nothing of the kind."""
