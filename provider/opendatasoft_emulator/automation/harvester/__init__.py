"""Harvesters: their routes, their runs, and the catalogs that they read."""

from fastapi import APIRouter

from . import harvesters, schedules

ROUTERS: tuple[APIRouter, ...] = (schedules.router, harvesters.router)
"""The routes of harvesters."""
