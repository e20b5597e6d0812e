"""The web server: the application that joins all of the portal, and the process or thread that serves it."""

from .server import CannotServe, Emulator

__all__ = ["CannotServe", "Emulator"]
