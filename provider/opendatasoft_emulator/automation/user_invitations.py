"""The creation of users, by invitation or from an identity provider, and their export as CSV: /users/….

The e-mails that the service would send are in the emulator's outbox.
"""

import csv
import io
import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BeforeValidator

from ..errors import invalid
from ..portal import Portal
from ..state.identifiers import free_name, now, slug
from ..state.store import Document
from .auth import Administrator, ThePortal
from .batches import BatchItem, BatchResult, batch
from .routes import Route
from .schemas import RequestBody, Text
from .user import User, UserBody, known_groups, show, users_of

router = APIRouter(prefix="/users", tags=["Users"], route_class=Route)


class InvitedUser(UserBody):
    """An invitation. Only the e-mail address is required."""

    email: Text


class IdentityProviderReference(RequestBody):
    """A reference to an identity provider."""

    uid: Text


class ProvisionedUser(UserBody):
    """A user whom an identity provider knows."""

    email: Text
    identity_provider: IdentityProviderReference
    identity_provider_attributes: dict[str, Any] | None = None


@router.post("/invite/", response_model=dict[str, BatchResult[User]])
def invite_users(body: list[BatchItem[InvitedUser]], caller: Administrator, portal: ThePortal) -> dict[str, Document]:
    """Invite several users. Each has a result of its own, by number, in a 200."""
    return batch(body, lambda item: _invite(portal, item))


def _one_or_several(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


@router.post("/provision/", response_model=dict[str, BatchResult[User]])
def provision_users(
    body: Annotated[list[BatchItem[ProvisionedUser]], BeforeValidator(_one_or_several)],
    caller: Administrator,
    portal: ThePortal,
) -> dict[str, Document]:
    """Create one user or several whom an identity provider knows. They join at once."""
    return batch(body, lambda item: _provision(portal, item))


def _invite(portal: Portal, body: InvitedUser) -> Document:
    user = _add(portal, body.email, body, joined_at=None, account_type="global")
    portal.send_mail(body.email, "invitation")
    if portal.settings.open_invitation == "hidden":
        return {name: value for name, value in show(portal, user).items() if name not in ("username", "display_name")}
    return show(portal, user)


def _provision(portal: Portal, body: ProvisionedUser) -> Document:
    # Stored, but in no response: the attributes by which the identity provider knows the user.
    provider_properties = {
        "identity_providers": [body.identity_provider.uid],
        "identity_provider_attributes": body.identity_provider_attributes or {},
    }
    user = _add(
        portal, body.email, body, joined_at=now(), account_type="local", provider_properties=provider_properties
    )
    return show(portal, user)


def _add(
    portal: Portal,
    email: str,
    body: UserBody,
    *,
    joined_at: str | None,
    account_type: str,
    provider_properties: Document | None = None,
) -> Document:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise invalid(email="Enter a valid email address.")
    with portal.store.transaction():
        users = portal.store.all("user")
        if any(user["email"].lower() == email.lower() for user in users):
            raise invalid(email="This user is already a member of the domain.")
        requested = body.username or slug(email.split("@", maxsplit=1)[0], ".") or "user"
        username = free_name(requested, {user["username"] for user in users}, ".")
        user: Document = {
            "username": username,
            "email": email,
            "first_name": body.first_name or "",
            "last_name": body.last_name or "",
            "permissions": body.permissions or [],
            "groups": known_groups(portal, body.groups or []),
            "explore_limits": body.explore_limits.given() if body.explore_limits else {},
            "joined_at": joined_at,
            "last_seen_at": None,
            "is_active": joined_at is not None,
            "account_type": account_type,
            **(provider_properties or {"identity_providers": []}),
        }
        portal.store.put("user", username, user)
    return user


_COLUMNS = ("username", "last_name", "first_name", "email", "date_joined", "last_seen", "groups", "permissions")


@router.get("/export/", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def export_users(
    caller: Administrator,
    portal: ThePortal,
    delimiter: Annotated[str, Query(min_length=1, max_length=1)] = ",",
    subdomains: str | None = None,
) -> Response:
    """The users as CSV. Its dates have a form of their own. The emulator has no subdomains."""
    if subdomains is not None:
        caller.require("manage_subdomains")
    titles = {group["uid"]: group["title"] for group in portal.store.all("group")}
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for user in users_of(portal):
        writer.writerow(
            [
                *(user[name] for name in _COLUMNS[:4]),
                *(_csv_date(user[name]) for name in ("joined_at", "last_seen_at")),
                ";".join(titles[uid] for uid in user["groups"]),
                ";".join(user["permissions"]),
            ]
        )
    return Response(file.getvalue(), media_type="text/csv")


def _csv_date(timestamp: str | None) -> str:
    return timestamp.replace("T", " ").replace("Z", "+00:00") if timestamp else ""
