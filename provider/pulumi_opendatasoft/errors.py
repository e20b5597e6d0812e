"""The errors of this package: one public base, and its kinds that need nothing else of ours."""

from __future__ import annotations

from typing import Any


class OpendatasoftError(Exception):
    """The base of every error that this package raises."""


class ConfigurationError(OpendatasoftError):
    """Something is missing or wrong in the configuration; the message says which key and how to set it."""


class ResourceError(OpendatasoftError):
    """A step that cannot be done, in one or two lines that name the thing, the place and the remedy.

    `learned` are computed properties that the failure itself tells: how a run ended.
    """

    def __init__(self, message: str, learned: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.learned: dict[str, Any] = learned or {}
