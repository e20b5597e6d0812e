"""Datasets, one module for each kind of thing that belongs to them."""

from fastapi import APIRouter

from . import (
    alternative_export,
    attachment,
    copying,
    feedback,
    field,
    file,
    identity,
    metadata,
    preview,
    processor,
    publication,
    realtime,
    resource,
    schedule,
    security,
    version,
)

ROUTERS: tuple[APIRouter, ...] = (
    file.router,
    preview.router,
    resource.router,
    realtime.router,
    field.router,
    attachment.router,
    alternative_export.router,
    schedule.router,
    version.router,
    feedback.router,
    processor.router,
    security.router,
    metadata.router,
    publication.router,
    copying.router,
    identity.router,
)
"""The routes of datasets; files come before resources, of which they would else be one."""
