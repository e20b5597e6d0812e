"""The processors, which change records between extraction and publication."""

from .catalogue import GROUPS, KNOWN, OTHERS, PUBLIC_TYPES
from .pipeline import Pipeline

__all__ = ["GROUPS", "KNOWN", "OTHERS", "PUBLIC_TYPES", "Pipeline"]
