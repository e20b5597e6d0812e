"""What a portal holds, one room per noun. Importing it fills the registry."""

from . import group

__all__ = ["group"]
