"""Datasets, one module for each kind of thing that belongs to them."""

from fastapi import APIRouter

from . import field, file, identity, metadata, processor, publication, resource, security

ROUTERS: tuple[APIRouter, ...] = (
    file.router,
    resource.router,
    field.router,
    processor.router,
    security.router,
    metadata.router,
    publication.router,
    identity.router,
)
"""The routes of datasets; files come before resources, of which they would else be one."""
