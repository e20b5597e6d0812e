"""A server of the calls of HashiCorp Vault by which an engine wraps the key of a stack's secrets.

With a passphrase each command derives that key by a million rounds of a hash: a quarter of a second of CPU, more than a
third of a short command. With Vault the engine draws the key once, has it wrapped, and each command has it unwrapped;
everything else, the encryption in states and configurations too, is the same.
"""

from __future__ import annotations

import base64
import json
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROVIDER = "hashivault://tests"
"""The engine's name of it, for `--secrets-provider`."""


class KeyServer:
    """The server, from its making to `close`. It keeps the keys; in their place the engine stores their number."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        keys = self.keys

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self) -> None:
                """Wrap a key, or unwrap one."""
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path == "/v1/transit/encrypt/tests":
                    keys.append(request["plaintext"])
                    data = {"ciphertext": f"vault:v1:{base64.b64encode(str(len(keys)).encode()).decode()}"}
                else:
                    number = base64.b64decode(request["ciphertext"].removeprefix("vault:v1:"))
                    data = {"plaintext": keys[int(number) - 1]}
                body = json.dumps({"data": data}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.5,), daemon=True)
        self._thread.start()
        address = f"http://127.0.0.1:{self._server.server_port}"
        self.env = {
            "VAULT_ADDR": address,
            "VAULT_TOKEN": "none",
            "VAULT_SERVER_URL": address,
            "VAULT_SERVER_TOKEN": "none",
        }
        """The variables by which engines find it; older ones know only the last two."""

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@cache
def key_server() -> KeyServer:
    """Return this test process's only server, started when it is first needed."""
    return KeyServer()


def close_key_server() -> None:
    """End the server if it was ever started."""
    if key_server.cache_info().currsize:
        key_server().close()
        key_server.cache_clear()
