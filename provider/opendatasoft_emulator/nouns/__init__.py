"""The nouns of the Automation API, one module each: its routes, its bodies and its rules."""

from fastapi import APIRouter

from . import api_key, catalogue, connection, dataset, group, member, user

ROUTERS: tuple[APIRouter, ...] = (
    *dataset.ROUTERS,
    api_key.router,
    catalogue.router,
    connection.router,
    group.router,
    member.router,
    user.router,
)
"""The routes of every noun."""
