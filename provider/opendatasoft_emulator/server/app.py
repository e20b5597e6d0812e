"""The portal as one web application: the Automation, Explore and push APIs, the web pages, the control calls."""

import functools
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from .. import control
from ..automation import ROUTERS
from ..automation.auth import portal_of
from ..automation.routes import Route, RoutesByPlace
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
    controlled = ControlAccess(_other_apis(), allowed_hosts)
    automation = _mounted_automation_api()

    async def with_portal(scope: Scope, receive: Receive, send: Send) -> None:
        scope = {**scope, "portal": portal}
        match, child_scope = automation.matches(scope)
        if match == Match.FULL:
            scope.update(child_scope)
            await automation.handle(scope, receive, send)
        else:
            await controlled(scope, receive, send)

    return with_portal


def prepare() -> None:
    """Make the routes, which all portals of the process share, before the first portal needs them."""
    _other_apis()
    _mounted_automation_api()


@functools.cache
def _mounted_automation_api() -> Mount:
    """The Automation API at its path, beside the other routes: within them a request would pass twice the layers."""
    return Mount(API_ROOT, Middleware(automation_api()))


@functools.cache
def _other_apis() -> FastAPI:
    """All routes but those of the Automation API. A request's scope contains its portal."""
    automation = automation_api()
    app = FastAPI(title="Opendatasoft emulator", openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(control.router)
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
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, Route)]
    api.router.routes.append(RoutesByPlace(routes))
    api.openapi = functools.partial(_description, api, routes)  # type: ignore[method-assign]

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


def _description(api: FastAPI, routes: list[Route]) -> dict[str, Any]:
    """The OpenAPI description, made at the first call."""
    if api.openapi_schema is None:
        api.openapi_schema = get_openapi(
            title=api.title,
            version=api.version,
            openapi_version=api.openapi_version,
            servers=api.servers,
            routes=routes,
        )
    return api.openapi_schema


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
