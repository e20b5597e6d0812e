"""The resource types: the declaration of each and its handler. Importing the package fills the registry."""

from . import (
    api_key,
    code_editor_page,
    connection,
    drive_connections,
    group,
    image,
    other_connection,
    storage_connections,
    studio_page,
    user,
)
from .dataset import declaration

__all__ = [
    "api_key",
    "code_editor_page",
    "connection",
    "declaration",
    "drive_connections",
    "group",
    "image",
    "other_connection",
    "storage_connections",
    "studio_page",
    "user",
]
