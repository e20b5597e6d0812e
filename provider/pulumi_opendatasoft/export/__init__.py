"""The export of a portal: its objects as a program declares them, that program, and its state."""

from .found import FilledIn, Found, Portal, Selection
from .reading import read_portal

__all__ = ["FilledIn", "Found", "Portal", "Selection", "read_portal"]
