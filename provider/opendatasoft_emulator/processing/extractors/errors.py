"""The error of extractors."""

from ..files import UnreadableFile

__all__ = ["UnreadableFile"]
