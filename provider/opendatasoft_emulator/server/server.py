"""The server of a portal: a thread of this process that listens on a socket, for tests and the command line alike."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp

from ..portal import Options, Portal
from .app import application
from .protocol import Protocol

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0


class CannotServe(Exception):
    """The portal cannot be served. The message gives the reason in one line."""


class _Server(uvicorn.Server):
    """A uvicorn server that signals when it listens, and that can reset the connection of one client."""

    def __init__(self, config: uvicorn.Config, portal: Portal) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._portal = portal
        portal.drop_connection = self._drop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    async def main_loop(self) -> None:
        """Wait for `stop`, and renew the header `Date` each second; uvicorn itself wakes up ten times as often."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), 1)

    def stop(self) -> None:
        """Stop listening, from any thread, and end `run`."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed already
                self._loop.call_soon_threadsafe(self._stopping.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for client in list(self._portal.hanging_clients):
            self._drop(client)
        await super().shutdown(sockets)

    def _drop(self, client: tuple[str, int]) -> None:
        for connection in list(self.server_state.connections):
            transport = getattr(connection, "transport", None)
            if isinstance(transport, asyncio.Transport) and getattr(connection, "client", None) == client:
                _reset(transport)


def _reset(transport: asyncio.Transport) -> None:
    """Close a connection so that the client sees a reset, not an end."""
    raw = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class Emulator:
    """A portal that listens while the `with` block runs. Several may run in one process.

    Raises StateUnusable or CannotServe.
    """

    def __init__(
        self,
        data: Path,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        options: Options | None = None,
        allowed_hosts: Iterable[str] = (),
        around: Callable[[ASGIApp], ASGIApp] | None = None,
    ) -> None:
        """Prepare a portal.

        Args:
            data: The folder that contains its state.
            port: The port to listen on; 0 takes a free one.
            host: The address to listen on.
            options: What it begins with, and again after a reset.
            allowed_hosts: Names by which its control calls may be reached, besides `localhost` and IP addresses.
            around: Puts middleware around its application, such as a check of each call.
        """
        self._data = data
        self._host = host
        self._port = port
        self._options = options or Options()
        self._allowed_hosts = tuple(allowed_hosts)
        self._around = around

    def __enter__(self) -> "Emulator":
        """Start the server, and return when it listens."""
        self._socket = _listen(self._host, self._port)
        try:
            self.portal = Portal(self._data, self._options)
        except BaseException:
            self._socket.close()
            raise
        self.key = self.portal.key
        """The administrator's API key."""
        port = self._socket.getsockname()[1]
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"http://{host}:{port}"
        """The address of the portal, without a slash at its end."""
        app = application(self.portal, self._allowed_hosts)
        config = uvicorn.Config(
            self._around(app) if self._around else app,
            http=Protocol,
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=75,  # longer than clients keep idle connections: else both sides may close at once
        )
        self._server = _Server(config, self.portal)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="opendatasoft-emulator", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS):
            self.__exit__(None, None, None)
            raise CannotServe(f"the portal at {self.url} did not start within {_START_SECONDS:.0f} s")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, end the running requests, close the state."""
        self._server.stop()
        self._thread.join(_STOP_SECONDS)
        self._socket.close()
        self.portal.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(
        family, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # IPPROTO_TCP, so that asyncio sets NODELAY
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise CannotServe(f"cannot listen on {host}:{port}: {reason.lower()}; choose another --port") from error
    return listening
