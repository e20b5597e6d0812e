"""Access rules of connections: /datasource_connections/{connection_uid}/security/users/ and …/groups/."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from ..state.store import Document
from .access_rules import RuleOwner, add_rule_routes
from .auth import TheCaller, ThePortal
from .connection import managed_connection
from .routes import Route
from .schemas import RequestBody, choice

router = APIRouter(
    prefix="/datasource_connections/{connection_uid}/security",
    tags=["Datasource connection security"],
    route_class=Route,
)


class _Granted(RequestBody):
    """The permissions that a rule grants on a connection. A rule without any lets its target use the connection."""

    permissions: list[Annotated[str, choice("manage_connection")]] = Field(default_factory=list)


def _managed(connection_uid: str, caller: TheCaller, portal: ThePortal) -> Document:
    return managed_connection(portal, caller, connection_uid)


add_rule_routes(
    router,
    _Granted,
    RuleOwner(
        find=_managed,
        change=lambda portal, connection, caller: portal.store.transaction(),
        created_status=lambda settings: settings.connection_rule_status,
    ),
)
