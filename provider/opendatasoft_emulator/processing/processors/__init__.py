"""The processors, which change records between extraction and publication."""

from .catalogue import KNOWN, PUBLIC_TYPES
from .pipeline import Pipeline

__all__ = ["KNOWN", "PUBLIC_TYPES", "Pipeline"]
