"""The nouns of the Automation API, one module each: its routes, its bodies and its rules."""

from fastapi import APIRouter

from . import group

ROUTERS: tuple[APIRouter, ...] = (group.router,)
"""The routes of every noun."""
