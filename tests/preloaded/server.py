"""Imports what programs and providers need, or an emulator, and forks a process for each order: a program of its own.

It listens on the Unix socket of its first argument; the second one names what it imports (`PRELOADS`). A connection is
one process: the client sends the process's standard files and a JSON order (`args` as after `python`, `cwd`, `env`),
and receives the process's number and, when it has ended, its exit code. A connection that is closed before kills the
process. When the server's stdin ends, it kills all that are left, and ends.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

LATER = ("dill", "encodings.idna", "grpc._channel", "grpc._server", "grpc._utilities", "pulumi_opendatasoft._provider")
"""Modules that a provider imports only when it starts, and when it first calls the portal or the engine."""

EMULATOR = ("click", "httptools", "httpx", "opendatasoft_emulator.server", "pytest")
"""Modules of an emulator that is started by its command or by a fixture of pytest."""

HIGHEST_FILE = 1024
"""No file of the server has a higher number: it holds two for each process that is under way."""


def preload() -> None:
    """Import the packages, and do once what each provider would do at its first check and its first request."""
    for module in LATER:
        importlib.import_module(module)
    from pulumi_opendatasoft.client import calls_log
    from pulumi_opendatasoft.client.client import Client
    from pulumi_opendatasoft.configuration import from_config
    from pulumi_opendatasoft.program.resource import REGISTRY

    settings = from_config({"domain": "127.0.0.1:9", "apiKey": "a-key", "maxRetries": "0"}.get)
    Client(settings.domain, settings.key).close()
    calls_log.set_up.cache_clear()  # the environment of a provider chooses its log
    for kind in REGISTRY.values():
        kind.lifecycle().check({}, {})


def preload_emulator() -> None:
    """Import the emulator and pytest, and build once the routes that all portals share.

    The module `opendatasoft_emulator.pytest` is left out: pytest imports it by itself.
    """
    for module in EMULATOR:
        importlib.import_module(module)
    from opendatasoft_emulator.server.app import prepare

    prepare()


PRELOADS: dict[str, Callable[[], None]] = {"programs": preload, "emulator": preload_emulator}
"""The modules that a server imports, by the word of its command line."""


def freeze() -> None:
    """Keep the collector away from what is imported."""
    # Else the collector would write to every page that a fork shares with the server.
    gc.collect()
    gc.freeze()


def run(order: dict[str, Any], files: list[int], search_path: list[str]) -> NoReturn:
    """Become the process of an order. Its exit code is that of the module or script."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.closerange(3, HIGHEST_FILE)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    # A shell that started the tests in the background made them ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = 1
    try:
        _run_python([word for word in order["args"] if word != "-u"], search_path)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException as error:
        traceback.print_exc()
        code = 128 + signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _run_python(args: list[str], search_path: list[str]) -> None:
    """Do what `python ARGS` does: `-m MODULE` or a script, each with its arguments, and PYTHONPATH before all."""
    sys.orig_argv = [sys.executable, *args]
    if "PYTHONPATH" in os.environ:
        search_path = [*os.environ["PYTHONPATH"].split(os.pathsep), *search_path]
        sys.path[:] = search_path
        with suppress(ModuleNotFoundError):
            importlib.import_module("sitecustomize")
    if args[0] == "-m":
        sys.path[:] = [os.getcwd(), *search_path]
        sys.argv = args[1:]
        runpy.run_module(args[1], run_name="__main__", alter_sys=True)
    else:
        sys.path[:] = [os.path.dirname(os.path.abspath(args[0])), *search_path]
        sys.argv = args
        runpy.run_path(args[0], run_name="__main__")


class Server:
    """The processes that are under way."""

    def __init__(self, address: str) -> None:
        self._search_path = sys.path[1:]
        self._events = selectors.DefaultSelector()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(address)
        self._listener.listen(128)
        self._processes: set[int] = set()
        self._events.register(self._listener, selectors.EVENT_READ, self._accept)
        self._events.register(sys.stdin, selectors.EVENT_READ, self._end)

    def serve(self) -> None:
        """Carry out orders until stdin ends."""
        while True:
            for key, _ in self._events.select():
                handler: Callable[[], None] = key.data
                handler()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        header, files, _, _ = socket.recv_fds(connection, 4, 3)
        with connection.makefile("rb") as body:
            order = json.loads(body.read(int.from_bytes(header, "big")) or "null")
        process = os.fork() if order else None
        if process == 0:
            run(order, files, self._search_path)
        for file in files:
            os.close(file)
        if process:
            self._watch(process, connection)
        else:
            connection.close()

    def _watch(self, process: int, connection: socket.socket) -> None:
        ended = os.pidfd_open(process)
        self._processes.add(process)
        with suppress(OSError):
            connection.sendall(process.to_bytes(4, "big"))

        def kill() -> None:
            if process in self._processes:
                self._events.unregister(connection)
                os.kill(process, signal.SIGKILL)

        def report() -> None:
            self._events.unregister(ended)
            os.close(ended)
            _, status = os.waitpid(process, 0)
            self._processes.remove(process)
            with suppress(KeyError):
                self._events.unregister(connection)
            code = os.waitstatus_to_exitcode(status)
            with connection, suppress(OSError):
                connection.sendall(str(code if code >= 0 else 128 - code).encode())

        self._events.register(connection, selectors.EVENT_READ, kill)
        self._events.register(ended, selectors.EVENT_READ, report)

    def _end(self) -> NoReturn:
        for process in self._processes:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        # Not by `sys.exit`: some libraries would complain of the objects that are left.
        os._exit(0)


def main() -> None:
    """Write `ready` to stdout, and serve."""
    address = sys.argv[1]
    PRELOADS[sys.argv[2]]()
    freeze()
    server = Server(address)
    print("ready", flush=True)
    server.serve()


if __name__ == "__main__":
    main()
