"""What the dynamic server keeps from a provider, taken from its own frames.

`pulumi.dynamic`'s servicer calls the provider from a method whose locals are `request` and `context`. With them a
provider can say that an object exists but is not finished, fail without a traceback, show progress on the resource's
own line, and notice that the engine is gone. Where the private names are missing, each function does nothing and says
so by its result; the provider then works with public means only.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import socket
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, status_pb2

WORKERS = 128
"""So many calls may be under way in one provider; how many there are the engine's `--parallel` decides."""


KNOCK_EVERY, MISSES = 1.0, 2
"""Seconds between two looks whether the engine is there, and how many of them must fail."""


def widen(workers: int = WORKERS) -> bool:
    """Let the dynamic server run more than its four calls at once; to be called from `configure`."""
    try:
        executor = threading.current_thread()._args[0]()  # type: ignore[attr-defined]  # private: see the docstring
        executor._max_workers = max(executor._max_workers, workers)
    except (AttributeError, IndexError, TypeError):
        return False
    return True


class Call:
    """The engine's call that is being answered: found once, at the top of an adapter's method."""

    def __init__(self) -> None:
        frame = sys._getframe(1)
        while frame is not None and not {"request", "context"} <= set(frame.f_locals):
            frame = frame.f_back  # type: ignore[assignment]
        self._request: Any = frame.f_locals["request"] if frame else None
        self._context: Any = frame.f_locals["context"] if frame else None
        self.ended = False
        """Whether the call was answered by `fail` or `half_made`: what then flies by is grpc's own signal."""

    @property
    def urn(self) -> str:
        """The engine's name of the resource; empty where it is not known."""
        return str(getattr(self._request, "urn", ""))

    @property
    def timeout(self) -> float:
        """Seconds from `custom_timeouts`; 0 where none were given."""
        return float(getattr(self._request, "timeout", 0.0) or 0.0)

    @property
    def ignored(self) -> list[str]:
        """The property paths of `ignore_changes`."""
        return list(getattr(self._request, "ignoreChanges", ()))

    def old_inputs(self) -> dict[str, Any] | None:
        """What the program asked last time, as the engine recorded it; None where it does not say."""
        told = getattr(self._request, "old_inputs", None)
        if told is None:
            told = getattr(self._request, "inputs", None)
        if told is None or not len(told):
            return None
        known: dict[str, Any] = rpc.deserialize_properties(told, True)
        return known

    def fail(self, message: str) -> None:
        """End the call with a message and nothing around it. Does not return where it works."""
        if self._context is not None:
            self._end(message)

    def half_made(self, id: str, outputs: Mapping[str, Any], reasons: list[str]) -> None:
        """Record the object and fail the step; the next `up` calls update. Does not return where it works."""
        if self._context is None:
            return
        asked = self._request.news if hasattr(self._request, "news") else self._request.properties
        detail = any_pb2.Any()
        detail.Pack(
            provider_pb2.ErrorResourceInitFailed(id=id, properties=_serialized(outputs), reasons=reasons, inputs=asked)
        )
        status = status_pb2.Status(code=2, message="not finished", details=[detail])
        self._context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        self._end("not finished")

    def _end(self, message: str) -> None:
        """Answer the call. What then flies by is answered once more by newer SDKs, with its traceback: not here."""
        self.ended = True
        try:
            self._context.abort(grpc.StatusCode.UNKNOWN, message)
        finally:
            self._context.abort = _already_answered

    def info(self, message: str) -> None:
        """A line that stays in the output, on the resource's own row."""
        self._log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message, urn=self.urn))

    def warn(self, message: str) -> None:
        """A warning that stays in the output."""
        self._log(engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=message, urn=self.urn))

    def progress(self, message: str) -> None:
        """A line that the next one replaces, and that leaves nothing behind."""
        self._log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message, urn=self.urn, ephemeral=True))

    def debug(self, message: str) -> None:
        """A line for `--debug` only."""
        self._log(engine_pb2.LogRequest(severity=engine_pb2.DEBUG, message=message, urn=self.urn))

    @staticmethod
    def _log(line: engine_pb2.LogRequest) -> None:
        engine = _engine()
        if engine is not None:
            with contextlib.suppress(grpc.RpcError):
                engine.Log(line, timeout=5)


def _already_answered(*_: object) -> NoReturn:
    """Stands where a second `abort` would overwrite the first one."""
    raise RuntimeError("the call has its answer")


def _serialized(properties: Mapping[str, Any]) -> Any:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(rpc.serialize_properties(dict(properties), {}))
    finally:
        loop.close()


def _engine_address() -> str | None:
    """Where the engine listens: the dynamic server's only argument."""
    address = sys.argv[1] if len(sys.argv) > 1 else ""
    return address if address.rpartition(":")[2].isdigit() else None


@functools.cache
def _engine() -> Any:
    address = _engine_address()
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)) if address else None


@functools.cache
def leave_with_the_engine() -> bool:
    """End this process soon after the engine's: nobody else would, and it would go on creating. Started once.

    The engine's port is knocked at every second; a killed engine no longer opens. Nothing is written then: the
    process ends at once, in mid-call if need be, and the next `up` finds again what it had begun.
    """
    address = _engine_address()
    if address is None:
        return False
    host, _, port = address.rpartition(":")

    def watch() -> NoReturn:
        misses = 0
        while misses < MISSES:
            time.sleep(KNOCK_EVERY)
            try:
                socket.create_connection((host, int(port)), timeout=KNOCK_EVERY).close()
                misses = 0
            except OSError:
                misses += 1
        os._exit(1)

    threading.Thread(target=watch, name="leave-with-the-engine", daemon=True).start()
    return True
