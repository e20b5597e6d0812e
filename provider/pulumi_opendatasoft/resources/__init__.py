"""What a portal holds, one room per noun. Importing it fills the registry."""

from . import connection, group, user
from .dataset import declaration

__all__ = ["connection", "declaration", "group", "user"]
