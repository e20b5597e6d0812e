"""The errors of this package: one public base, and its kinds that need nothing else of ours."""

from __future__ import annotations

from typing import Any


class OpendatasoftError(Exception):
    """The base of every error that this package raises."""


class ConfigurationError(OpendatasoftError):
    """Something is missing or wrong in the configuration; the message says which key and how to set it."""


class ResourceError(OpendatasoftError):
    """A step that cannot be done, in one or two lines that name the thing, the place and the remedy.

    `outputs` are computed properties that the failure itself reveals: how a publication ended.
    """

    def __init__(self, message: str, outputs: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.outputs: dict[str, Any] = outputs or {}
