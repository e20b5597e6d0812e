"""The Automation API: one module per type of object, with its routes, its bodies and its rules."""

from fastapi import APIRouter

from . import (
    api_key,
    catalogue,
    code_editor_page,
    connection,
    connection_security,
    dataset,
    group,
    harvester,
    image,
    metadata_template,
    studio_page,
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
    code_editor_page.router,
    code_editor_page.security_router,
    connection.router,
    connection_security.router,
    group.router,
    *harvester.ROUTERS,
    metadata_template.router,
    member.router,
    image.router,
    joining.router,
    studio_page.router,
    studio_page.security_router,
    user.router,
)
"""The routes of every type of object."""
