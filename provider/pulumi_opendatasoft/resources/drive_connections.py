"""Connections to drives that somebody has to consent to: SharePoint and Google Drive."""

from __future__ import annotations

from typing import Any

from ..program.descriptors import Prop, computed, prop
from .auth import GoogleDriveOIDCAuth, SharepointOIDCAuth
from .connection import Connection


class SharepointConnection(
    Connection,
    constants={"type": "sharepoint"},
):
    """A SharePoint account from which datasets read their files.

    Its consent is got in a browser: make the connection in the back office and adopt it by its uid, or hand over the
    nonce and the code of the consent page.
    """

    auth: Prop[SharepointOIDCAuth | None] = prop(default=None)
    """The consent; left out, it stays as it is."""

    claims: Prop[dict[str, Any] | None] = computed()
    """What the portal knows of the account that consented."""


class GoogleDriveConnection(
    Connection,
    constants={"type": "google_drive"},
):
    """A Google Drive account from which datasets read their files.

    Its consent is got in a browser: make the connection in the back office and adopt it by its uid, or hand over the
    nonce and the code of the consent page.
    """

    auth: Prop[GoogleDriveOIDCAuth | None] = prop(default=None)
    """The consent; left out, it stays as it is."""

    claims: Prop[dict[str, Any] | None] = computed()
    """What the portal knows of the account that consented."""

    application_id: Prop[str | None] = computed()
    """The application for which the account consented."""
