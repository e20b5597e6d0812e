"""Which requests may reach the control calls: those of this machine's programs, and not those of other web sites.

The calls need no key. A web site that is open in a browser of this machine can send requests to any address: its own
name may resolve to that address (then `Host` is that name), or its script sends a request to another site (then
`Origin` is its own address).
"""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

CONTROL = "/_emulator/"
"""The beginning of the paths of the control calls."""


class ControlAccess:
    """Refuses control calls whose `Host` is a foreign name, or whose `Origin` is a foreign site."""

    def __init__(self, app: ASGIApp, allowed_hosts: Iterable[str] = ()) -> None:
        """Pass requests on to `app`.

        `allowed_hosts` are names by which the portal is reached, besides `localhost` and every IP address.
        """
        self._app = app
        self._allowed = {"localhost", *(name.lower() for name in allowed_hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        if scope["type"] == "http" and f"{scope['path']}/".startswith(CONTROL):
            headers = Headers(scope=scope)
            host, origin = headers.get("host", ""), headers.get("origin")
            name = _name(f"//{host}")
            if not (self._is_own(name) or _is_ip_address(name)):
                await _refusal("Host", host)(scope, receive, send)
                return
            if origin is not None and not (self._is_own(_name(origin)) or _name(origin) == name):
                await _refusal("Origin", origin)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_own(self, name: str) -> bool:
        """Whether the name is one of this portal, whatever network it is in."""
        return name in self._allowed or name.endswith(".localhost") or _is_ip_address(name, only_loopback=True)


def _name(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _is_ip_address(name: str, *, only_loopback: bool = False) -> bool:
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or not only_loopback


def _refusal(header: str, value: str) -> JSONResponse:
    reason = f"{header} is {value!r}; start the emulator with --allowed-host NAME if that is a name of this portal"
    return JSONResponse({"detail": reason}, 403)
