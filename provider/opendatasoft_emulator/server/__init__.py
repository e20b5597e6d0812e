"""The web server: the application with all routes of the portal, and the thread that serves it."""

from .server import CannotServe, Emulator

__all__ = ["CannotServe", "Emulator"]
