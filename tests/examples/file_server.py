"""A web server for a test: the files of one folder, protected by a password, and a list of the requests."""

from __future__ import annotations

import base64
import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class FileServer(ThreadingHTTPServer):
    """The server, with `requests`: `PATH STATUS` of each."""

    daemon_threads = True

    def __init__(self, folder: Path, user: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
        self.expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.requests: list[str] = []

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(SimpleHTTPRequestHandler):
    @property
    def files(self) -> FileServer:
        assert isinstance(self.server, FileServer)
        return self.server

    def do_GET(self) -> None:
        if self.headers.get("Authorization") == self.files.expected:
            super().do_GET()
            return
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="files"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        self.files.requests.append(f"{self.path} {int(code)}")


@contextmanager
def serving(folder: Path, user: str, password: str) -> Iterator[FileServer]:
    """Serve a folder on a free port of this machine while the block runs."""
    with FileServer(folder, user, password) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
