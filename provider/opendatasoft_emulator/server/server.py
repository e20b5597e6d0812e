"""The portal on a socket: in a thread of this process, for tests and for the command line alike."""

import asyncio
import socket
import struct
import threading
from pathlib import Path
from types import TracebackType

import uvicorn

from ..portal import Portal
from .app import application

_STARTING = 10.0
_STOPPING = 10.0


class CannotServe(Exception):
    """The portal cannot be served; the message says why, in one line."""


class _Server(uvicorn.Server):
    """A server that says when it listens, and that can drop one client's connection."""

    def __init__(self, config: uvicorn.Config, portal: Portal) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._portal = portal
        portal.drop_connection = self._drop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

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
    """Cut a connection so that the other side sees a reset, not an end."""
    raw = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class Emulator:
    """A portal that listens while the `with` block runs; several may run in one process.

    `data` keeps its state from one run to the next; port 0 is any free port. Raises StateUnusable or CannotServe.
    """

    def __init__(self, data: Path, port: int = 0, host: str = "127.0.0.1") -> None:
        self._data = data
        self._host = host
        self._port = port

    def __enter__(self) -> "Emulator":
        """Start, and return when the portal listens."""
        self._socket = _listen(self._host, self._port)
        try:
            self.portal = Portal(self._data)
        except BaseException:
            self._socket.close()
            raise
        self.key = self.portal.key
        """The administrator's API key."""
        port = self._socket.getsockname()[1]
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"http://{host}:{port}"
        """The portal's address, without a slash at its end."""
        config = uvicorn.Config(
            application(self.portal),
            http="h11",
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=75,  # longer than clients keep a connection: else both may end it at once
        )
        self._server = _Server(config, self.portal)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="opendatasoft-emulator", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(_STARTING):
            self.__exit__(None, None, None)
            raise CannotServe(f"the portal at {self.url} did not start within {_STARTING:.0f} s")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, end what runs, close the state."""
        self._server.should_exit = True
        self._thread.join(_STOPPING)
        self._socket.close()
        self.portal.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, so that asyncio sets NODELAY
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise CannotServe(f"cannot listen on {host}:{port}: {reason.lower()}; choose another --port") from error
    return listening
