"""The rights to a page: create_page, edit_page and manage_page, on the portal or by a rule of the page."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import StringConstraints

from ..errors import permission_denied
from ..portal import Portal
from ..state.store import Document
from .access_rules import permissions_on
from .auth import Caller

Slug = Annotated[str, StringConstraints(min_length=1, pattern=r"^[A-Za-z0-9._-]+$")]
"""The part of an address that names a page."""


def require_on(portal: Portal, caller: Caller, page: Document, permission: str) -> None:
    """Raise a 403 unless the caller has a permission for a page."""
    if permission not in permissions_on(portal, caller, page["uid"]):
        raise permission_denied()


def editable(portal: Portal, caller: Caller, pages: Sequence[Document]) -> list[Document]:
    """The pages that the caller may edit."""
    if caller.has("edit_page"):
        return list(pages)
    return [page for page in pages if "edit_page" in permissions_on(portal, caller, page["uid"])]
