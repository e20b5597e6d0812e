"""The portal as one web application: the Automation, Explore and push APIs, the web pages, the control calls."""

import functools
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from .. import control
from ..automation import ROUTERS
from ..automation.auth import portal_of
from ..automation.schemas import detail_of
from ..errors import ApiError, bad_request, internal_error, method_not_allowed, not_found
from ..explore import export_routes as explore_exports
from ..explore import routes as explore
from ..portal import Portal
from ..web import routes as page
from . import push
from .control_access import ControlAccess
from .middleware import Middleware

API_ROOT = "/api/automation/v1.0"
"""The path of the Automation API on every portal."""


def application(portal: Portal, allowed_hosts: Iterable[str] = ()) -> ASGIApp:
    """The application of one portal; `allowed_hosts` are names by which its control calls may be reached."""
    app = ControlAccess(_every_api(), allowed_hosts)

    async def with_portal(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "portal": portal}, receive, send)

    return with_portal


@functools.cache
def _every_api() -> FastAPI:
    """All routes. The portals of the process share them: a request's scope contains its portal."""
    automation = automation_api()
    app = FastAPI(title="Opendatasoft emulator", openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(control.router)
    app.mount(API_ROOT, Middleware(automation))
    app.include_router(explore.router)
    app.include_router(explore_exports.router)
    app.include_router(push.router)
    app.include_router(page.router)

    @app.get("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi() -> dict[str, Any]:
        return automation.openapi()

    return app


@functools.cache
def automation_api() -> FastAPI:
    """The Automation API, version 1.0."""
    api = FastAPI(
        title="Opendatasoft's Automation API, emulated",
        version="1.0",
        servers=[{"url": API_ROOT}],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    # Not by `include_router`, which looks for a route in each router by itself: that takes a third of a request's time.
    api.router.routes.extend(route for router in ROUTERS for route in router.routes)

    @api.exception_handler(ApiError)
    async def on_api_error(request: Request, error: ApiError) -> Response:
        if error.status in (401, 403):
            return _refusal(error, (await portal_of(request)).settings.refusal_body)
        return JSONResponse(error.body(), error.status)

    @api.exception_handler(RequestValidationError)
    async def on_validation_error(request: Request, error: RequestValidationError) -> Response:
        api_error = ApiError(400, "validation_error", "Invalid input", detail_of(error.errors(), error.body))
        return JSONResponse(api_error.body(), api_error.status)

    @api.exception_handler(HTTPException)
    async def on_http_error(request: Request, error: HTTPException) -> Response:
        api_error = bad_request()
        if error.status_code == 404:
            api_error = not_found()
        elif error.status_code == 405:
            api_error = method_not_allowed(request.method)
        return JSONResponse(api_error.body(), api_error.status)

    @api.exception_handler(Exception)
    async def on_unexpected_error(request: Request, error: Exception) -> Response:
        return JSONResponse(internal_error(), 500)

    return api


def _refusal(error: ApiError, form: str) -> Response:
    if form == "empty":
        return Response(status_code=error.status)
    if form == "legacy":
        legacy = {
            "status_code": error.status,
            "error_key": error.error_code,
            "raw_message": error.message,
            "raw_params": {},
        }
        return JSONResponse(legacy, error.status)
    return JSONResponse(error.body(), error.status)
