"""Connections to remote servers: /datasource_connections/. Responses never contain their secrets."""

import uuid
from collections import Counter

from fastapi import APIRouter

from ..errors import invalid, not_found, permission_denied
from ..portal import Portal
from ..state.identifiers import new_uid, now
from ..state.masking import masked, with_kept_secrets, without_secrets
from ..state.store import Document
from .access_rules import rules_for, rules_of
from .auth import Caller, TheCaller, ThePortal
from .connection_auth import required_secrets
from .connection_schemas import DESCRIBED_TYPES, AnyConnection, Connection
from .paging import Order, Paginated, ThePage, ordered
from .routes import Route

router = APIRouter(prefix="/datasource_connections", tags=["Datasources connections"], route_class=Route)

_ORDER: Order = {
    "created_at": lambda connection: connection["created_at"],
    "updated_at": lambda connection: connection["updated_at"],
    "type": lambda connection: connection["type"],
    "dataset_count": lambda connection: connection["dataset_count"],
}


def count_datasets_by_connection(portal: Portal) -> Counter[str]:
    """The number of datasets that use each connection, by its uid."""
    pairs = {
        (dataset_uid, connection_of(resource)) for dataset_uid, resource in portal.store.all_with_parents("resource")
    }
    return Counter(uid for _, uid in pairs if uid is not None)


def connection_of(resource: Document) -> str | None:
    """The uid of the connection that a resource uses, or None."""
    connection = (resource.get("datasource") or {}).get("connection")
    return str(connection["uid"]) if isinstance(connection, dict) and "uid" in connection else None


def can_manage(portal: Portal, caller: Caller, connection: Document) -> bool:
    """Whether the caller may change a connection: as its creator, as an administrator, or by an access rule."""
    if caller.has("edit_domain") or connection["created_by"] == caller.username:
        return True
    return any("manage_connection" in rule["permissions"] for rule in rules_for(portal, caller, connection["uid"]))


def managed_connection(portal: Portal, caller: Caller, uid: str) -> Document:
    """A connection that the caller may change. Raises a 404 or a 403."""
    connection = _connection_of(portal, uid)
    if not can_manage(portal, caller, connection):
        raise permission_denied()
    return connection


def show(portal: Portal, caller: Caller, connection: Document, use: Counter[str] | None = None) -> Document:
    """The response body of a connection.

    Args:
        portal: The portal.
        caller: The caller, on whom `can_manage` and `can_reuse` depend.
        connection: The stored connection.
        use: The result of `count_datasets_by_connection`, if it is known.
    """
    if use is None:
        use = count_datasets_by_connection(portal)
    response = masked({name: value for name, value in connection.items() if name != "created_by"})
    auth = response.get("auth")
    if auth and auth["type"] == "iam_role":
        auth.update(ods_aws_account_id="210987654321", is_valid=bool(auth.get("role_arn")))
    managed = can_manage(portal, caller, connection)
    return {
        **response,
        "can_manage": managed,
        "can_reuse": managed or connection["is_reusable"],
        "dataset_count": use[connection["uid"]],
        "user_count": len(rules_of(portal, "user", connection["uid"])),
        "group_count": len(rules_of(portal, "group", connection["uid"])),
    }


def create(portal: Portal, caller: Caller, given: Document, *, is_reusable: bool) -> Document:
    """Create a connection and return its stored form.

    Args:
        portal: The portal.
        caller: The creator.
        given: The properties that the request names.
        is_reusable: Whether other resources may use it.

    Raises:
        ApiError: A 400 when its login lacks its secret.
    """
    if given["type"] not in (*DESCRIBED_TYPES, *portal.settings.further_connection_types):
        raise invalid(type=f'"{given["type"]}" is not a valid choice.')
    auth = given.get("auth")
    for secret in required_secrets(auth or {}):
        if secret not in given["auth"]:
            raise invalid(auth={secret: "This field is required"})
    if auth and auth["type"] == "iam_role":
        auth["external_id"] = f"ods-domain-{uuid.uuid4()}"
    timestamp = now()
    connection: Document = {
        **given,
        "uid": new_uid("co"),
        "is_reusable": is_reusable,
        "created_at": timestamp,
        "updated_at": timestamp,
        "created_by": caller.username,
    }
    portal.store.put("connection", connection["uid"], connection)
    return connection


def _connection_of(portal: Portal, uid: str) -> Document:
    connection = portal.store.get("connection", uid)
    if connection is None:
        raise not_found()
    return connection


def _require_connection_access(caller: Caller) -> None:
    caller.require_one_of("create_dataset", "edit_dataset", "edit_domain")


@router.get("/", response_model=Paginated[Connection])
def list_connections(page: ThePage, caller: TheCaller, portal: ThePortal, sort: str = "created_at") -> Document:
    """The connections, the oldest first by default."""
    _require_connection_access(caller)
    with portal.store.transaction():
        use = count_datasets_by_connection(portal)
        connections = [show(portal, caller, connection, use) for connection in portal.store.all("connection")]
    return page.render(ordered(connections, [sort], _ORDER))


@router.post("/", response_model=Connection, status_code=201)
def create_connection(body: AnyConnection, caller: TheCaller, portal: ThePortal) -> Document:
    """Create a connection, reusable by default."""
    _require_connection_access(caller)
    with portal.store.transaction():
        reusable = body.is_reusable is not False
        return show(portal, caller, create(portal, caller, body.given(), is_reusable=reusable))


@router.get("/{connection_uid}/", response_model=Connection)
def get_connection(connection_uid: str, caller: TheCaller, portal: ThePortal) -> Document:
    """One connection."""
    _require_connection_access(caller)
    return show(portal, caller, _connection_of(portal, connection_uid))


@router.put("/{connection_uid}/", response_model=Connection)
def update_connection(connection_uid: str, body: AnyConnection, caller: TheCaller, portal: ThePortal) -> Document:
    """Change a connection. The datasets that use it are not processed again."""
    with portal.store.transaction():
        stored = managed_connection(portal, caller, connection_uid)
        given = body.given()
        if given["type"] != stored["type"]:
            raise invalid(type="The type of a connection cannot be changed.")
        changed = _changed(portal, stored, given)
        portal.store.put("connection", connection_uid, changed)
        return show(portal, caller, changed)


def _changed(portal: Portal, stored: Document, given: Document) -> Document:
    if portal.settings.connection_secret_left_out == "kept":
        given = with_kept_secrets(given, stored)
    else:
        stored = without_secrets(stored)
    auth = given.get("auth")
    if auth and auth["type"] == "iam_role":
        auth.setdefault("external_id", (stored.get("auth") or {}).get("external_id"))
    changes = {name: value for name, value in given.items() if name != "is_reusable" or value is not None}
    if portal.settings.omitted_in_put == "keep":
        return {**stored, **changes, "updated_at": now()}
    own = ("uid", "type", "is_reusable", "created_at", "created_by")
    return {**{name: stored[name] for name in own}, **changes, "updated_at": now()}


@router.delete("/{connection_uid}/", status_code=204)
def delete_connection(connection_uid: str, caller: TheCaller, portal: ThePortal) -> None:
    """Delete a connection, unless datasets use it."""
    with portal.store.transaction():
        managed_connection(portal, caller, connection_uid)
        count = count_datasets_by_connection(portal)[connection_uid]
        if count and portal.settings.connection_in_use == "refuse":
            raise invalid(datasets=f"This connection is used by {count} dataset(s).")
        portal.store.delete("connection", connection_uid)
        portal.store.delete_children(connection_uid)
