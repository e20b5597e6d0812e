"""The resource types `SharepointConnection` and `GoogleDriveConnection`, which need an account's consent."""

from __future__ import annotations

from typing import Any

from ..program.descriptors import Prop, computed, prop
from .auth import GoogleDriveOIDCAuth, SharepointOIDCAuth
from .connection import Connection


class SharepointConnection(
    Connection,
    constants={"type": "sharepoint"},
):
    """A SharePoint account from which datasets read files.

    Its consent is given in a browser: create the connection in the back office and adopt it by its uid, or pass the
    nonce and the code of the consent page.
    """

    auth: Prop[SharepointOIDCAuth | None] = prop(default=None)
    """The consent. Left out, it stays as it is."""

    claims: Prop[dict[str, Any] | None] = computed()
    """The claims of the account that gave the consent."""


class GoogleDriveConnection(
    Connection,
    constants={"type": "google_drive"},
):
    """A Google Drive account from which datasets read files.

    Its consent is given in a browser: create the connection in the back office and adopt it by its uid, or pass the
    nonce and the code of the consent page.
    """

    auth: Prop[GoogleDriveOIDCAuth | None] = prop(default=None)
    """The consent. Left out, it stays as it is."""

    claims: Prop[dict[str, Any] | None] = computed()
    """The claims of the account that gave the consent."""

    application_id: Prop[str | None] = computed()
    """The id of the application to which the account gave the consent."""
