"""API keys: /apikeys/. A key belongs to its creator. It is never deleted, only revoked."""

from fastapi import APIRouter

from ..errors import not_found, permission_denied
from ..portal import Portal
from ..state.identifiers import new_key, new_uid, now
from ..state.permissions import DEFAULT_KEY_PERMISSIONS
from ..state.store import Document
from .auth import Administrator, Caller, TheCaller, ThePortal
from .paging import Paginated, ThePage
from .routes import Route
from .schemas import Permission, PermissionShown, RelatedUser, RequestBody, ResponseBody
from .user import User
from .user import show as show_user

router = APIRouter(prefix="/apikeys", tags=["API keys"], route_class=Route)


class ApiKeyBody(RequestBody):
    """The body of a POST or a PUT."""

    label: str | None = None
    permissions: list[Permission] | None = None


class Revocation(RequestBody):
    """The reason of a revocation."""

    reason: str | None = None


class KeySearch(RequestBody):
    """The key to look up."""

    key: str


class RevocationStatus(ResponseBody):
    """The time and the reason of a revocation."""

    revoked_at: str | None
    revocation_reason: str


class ApiKey(ResponseBody):
    """An API key. It grants the permissions that both it and its owner have."""

    uid: str
    label: str
    key: str | None
    permissions: list[PermissionShown]
    created_at: str
    user: User | RelatedUser
    revocation_status: RevocationStatus
    is_revoked: bool


class KeySearchResult(ResponseBody):
    """The key that was looked up, or null."""

    found: bool
    result: ApiKey | None


def _show(portal: Portal, caller: Caller, key: Document, *, new: bool = False) -> Document:
    contains_key = new or (portal.settings.api_key_told == "always" and _key_covers(caller, key["permissions"]))
    return {
        "uid": key["uid"],
        "label": key["label"],
        "key": key["key"] if contains_key else None,
        "permissions": key["permissions"],
        "created_at": key["created_at"],
        "user": {"username": key["username"]},
        "revocation_status": {
            "revoked_at": key["revoked_at"],
            "revocation_reason": key["revocation_reason"],
        },
        "is_revoked": key["revoked_at"] is not None,
    }


def _key_covers(caller: Caller, permissions: list[str]) -> bool:
    """Whether the caller's key has all these permissions."""
    return caller.key_permissions.issuperset(permissions)


def _require_leaves(caller: Caller, permissions: list[str] | None) -> None:
    if not _key_covers(caller, permissions or []):
        raise permission_denied()


def _key_of_caller(portal: Portal, caller: Caller, uid: str) -> Document:
    key = portal.store.get("api_key", uid)
    if key is None or key["username"] != caller.username:
        raise not_found()
    return key


@router.get("/", response_model=Paginated[ApiKey])
def list_api_keys(page: ThePage, caller: TheCaller, portal: ThePortal) -> Document:
    """The caller's keys, revoked ones included."""
    keys = [key for key in portal.store.all("api_key") if key["username"] == caller.username]
    return page.render(keys, lambda key: _show(portal, caller, key))


@router.post("/", response_model=ApiKey, status_code=201)
def create_api_key(body: ApiKeyBody, caller: TheCaller, portal: ThePortal) -> Document:
    """Create a key for the caller, with no more permissions than the key of the request."""
    _require_leaves(caller, body.permissions)
    permissions = body.permissions
    if permissions is None:
        permissions = [permission for permission in DEFAULT_KEY_PERMISSIONS if _key_covers(caller, [permission])]
    key: Document = {
        "uid": new_uid("ak"),
        "key": new_key(),
        "label": body.label or "",
        "username": caller.username,
        "permissions": permissions,
        "created_at": now(),
        "revoked_at": None,
        "revocation_reason": "",
    }
    portal.store.put("api_key", key["uid"], key)
    return _show(portal, caller, key, new=True)


@router.post("/search_key/", response_model=KeySearchResult)
def search_key(body: KeySearch, caller: Administrator, portal: ThePortal) -> Document:
    """Look up a key of the portal, whoever owns it, revoked or not."""
    found = portal.store.find("api_key", "key", body.key)
    return {"found": bool(found), "result": _show(portal, caller, found[0]) if found else None}


@router.get("/{apikey_uid}/", response_model=ApiKey)
def get_api_key(apikey_uid: str, caller: TheCaller, portal: ThePortal, expand: str = "") -> Document:
    """One key of the caller; `expand=user` includes all properties of its owner."""
    key = _key_of_caller(portal, caller, apikey_uid)
    response = _show(portal, caller, key)
    owner = portal.store.get("user", key["username"])
    if owner and "user" in expand.split(","):
        response["user"] = show_user(portal, owner)
    return response


@router.put("/{apikey_uid}/", response_model=ApiKey)
def update_api_key(apikey_uid: str, body: ApiKeyBody, caller: TheCaller, portal: ThePortal) -> Document:
    """Change the label or the permissions of a key, to no more than those of the key of the request."""
    _require_leaves(caller, body.permissions)
    with portal.store.transaction():
        key = _key_of_caller(portal, caller, apikey_uid)
        key.update({name: value for name, value in body.given().items() if value is not None})
        portal.store.put("api_key", apikey_uid, key)
    return _show(portal, caller, key)


@router.post("/{apikey_uid}/revoke/", response_model=ApiKey)
def revoke_api_key(apikey_uid: str, caller: TheCaller, portal: ThePortal, body: Revocation | None = None) -> Document:
    """Revoke a key for good. It stays in the list."""
    with portal.store.transaction():
        key = _key_of_caller(portal, caller, apikey_uid)
        if key["revoked_at"] is None:
            key.update(revoked_at=now(), revocation_reason=(body.reason if body else None) or "")
            portal.store.put("api_key", apikey_uid, key)
    return _show(portal, caller, key)
