"""Datasets: one module per type of object that belongs to them."""

from fastapi import APIRouter

from . import (
    alternative_export,
    attachment,
    feedback,
    field,
    file,
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
from . import (
    copy as copying,
)
from . import (
    datasets as identity,
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
"""The routes of datasets. Files come before resources, whose routes would match them too."""
