"""The Automation API: one module per type of object, with its routes, its bodies and its rules."""

from fastapi import APIRouter

from . import (
    api_key,
    catalogue,
    connection,
    connection_security,
    dataset,
    group,
    harvester,
    user,
)
from . import (
    group_member as member,
)
from . import (
    user_invitations as joining,
)

ROUTERS: tuple[APIRouter, ...] = (
    *dataset.ROUTERS,
    api_key.router,
    catalogue.router,
    connection.router,
    connection_security.router,
    group.router,
    *harvester.ROUTERS,
    member.router,
    joining.router,
    user.router,
)
"""The routes of every type of object."""
