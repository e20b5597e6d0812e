"""The routes of the Automation API: how a request finds its own, how its JSON is read, where its function runs."""

import functools
import inspect
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from .described import DESCRIBED, problem
from .json_body import InvalidJson, read_json

_Found = TypeVar("_Found")


class _StrictRequest(Request):
    """A request whose JSON is read by `read_json`."""

    async def json(self) -> Any:
        """The body. Raises a 400."""
        try:
            return read_json(await self.body())
        except InvalidJson as error:
            raise HTTPException(400) from error


class Route(APIRoute):
    """A route of the Automation API.

    Its responses omit unset properties, rather than to set them to null; a request's body is read as JSON whatever
    content type it declares.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        options |= {"response_model_exclude_unset": True, "strict_content_type": False}
        super().__init__(path, _in_thread(endpoint), **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of requests, which reads their JSON strictly."""
        handle = super().get_route_handler()

        calls = {f"{method} {self.path}" for method in self.methods or ()} & DESCRIBED.keys()

        async def handle_strictly(request: Request) -> Response:
            strict = _StrictRequest(request.scope, request.receive)
            for call in calls:
                # A missing body is refused by its validation.
                body = await strict.json() if await strict.body() else None
                if error := problem(call, body, request.scope["portal"].settings):
                    raise error
            return await handle(strict)

        return handle_strictly


def _in_thread(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function run in a thread. FastAPI by itself would take a second thread to validate what it returns."""
    if inspect.iscoroutinefunction(function):
        return function

    @functools.wraps(function)
    async def run(**arguments: Any) -> Any:
        return await run_in_threadpool(function, **arguments)

    return run


def short_read(function: Callable[..., _Found]) -> Callable[..., Awaitable[_Found]]:
    """Let a dependency with the argument `portal` run without a thread, unless it would have to wait for the store.

    The function reads a few documents and does nothing else: all other requests wait for it.
    """

    @functools.wraps(function)
    async def run(**arguments: Any) -> _Found:
        with arguments["portal"].store.if_free() as is_free:
            if is_free:
                return function(**arguments)
        return await run_in_threadpool(function, **arguments)

    return run


_ROUTE = "opendatasoft_emulator.route"
"""The key of a request's scope that contains its route."""


def _place_of(path: str) -> tuple[str, int]:
    """Return the first word of a path, and the number of its slashes: no parameter contains one, or comes first."""
    return path[1:].partition("/")[0], path.count("/")


class RoutesByPlace(BaseRoute):
    """Routes of which a request is compared only with those of its place: most of 180 are elsewhere."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: defaultdict[tuple[str, int], list[Route]] = defaultdict(list)
        for route in routes:
            self._routes[_place_of(route.path)].append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The route of a request; one with another method only if there is no better."""
        found: tuple[Match, Scope] = (Match.NONE, {})
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        for route in self._routes.get(_place_of(path), ()):
            match, child_scope = route.matches(scope)
            if match.value > found[0].value:
                found = match, {**child_scope, _ROUTE: route}
            if match == Match.FULL:
                break
        return found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request by its route."""
        await scope[_ROUTE].handle(scope, receive, send)
