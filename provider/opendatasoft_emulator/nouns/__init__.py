"""The nouns of the Automation API, one module each: its routes, its bodies and its rules."""

from fastapi import APIRouter

from . import group, member, user

ROUTERS: tuple[APIRouter, ...] = (group.router, member.router, user.router)
"""The routes of every noun."""
