"""HTTP/1.1 of a connection, by uvicorn and httptools, with the limits that these two lack."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MOST_BYTES = 64 * 1024
"""The limit of what is received without the end of a request's head, or a further part of its body."""


class Protocol(HttpToolsProtocol):
    """A connection. It is closed with a 400 for a head without end, and where the address of a request is unclear."""

    _unused = 0
    """Bytes received since the last complete head, body part or request: the parser collects any number of them."""

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        self._unused += len(data)
        super().data_received(data)
        if self._unused > _MOST_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """Begin a request. Raises ValueError, which makes a 400, unless its path and its one `Host` are clear.

        A browser's request to another name has that name as `Host`, and the control calls rely on it.
        """
        self._unused = 0
        assert self.parser is not None
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() != "1.0"):
            raise ValueError("a request has one Host")
        if not self.url.startswith(b"/") and self.url != b"*":
            raise ValueError("a request to a server begins with the path")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._unused = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take the end of a request."""
        self._unused = 0
        super().on_message_complete()
