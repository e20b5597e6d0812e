"""The declaration of a resource type as data, for its lifecycle, its handler and its reference page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..schema.types import Shape


@dataclass(frozen=True)
class Declaration:
    """The declaration of one resource type."""

    name: str
    path: str
    """The endpoint of one object, e.g. `/groups/{uid}/`."""

    shape: Shape
    constants: Mapping[str, Any]
    """The members that every write contains, e.g. `{"type": "http"}`."""

    natural_key: tuple[str, ...]
    """The properties that identify an object on the portal; empty where none do."""
