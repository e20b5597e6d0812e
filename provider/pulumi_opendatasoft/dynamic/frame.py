"""Access to the request and the gRPC context of a call, which `pulumi.dynamic` does not pass to a provider.

The SDK's servicer calls the provider from a method whose locals are `request` and `context`. With them a provider can
record an object that exists but is not finished, fail without a traceback, show progress on the resource's own row,
and end with the engine. In an SDK without these private names, each function does nothing and returns False or None;
the provider then works with public means only.
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
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, status_pb2

from . import stack_state

WORKERS = 128
"""The most calls at once in one provider. The engine's `--parallel` determines how many there are."""


CHECK_EVERY, MISSES = 1.0, 2
"""Seconds between two tries to reach the engine, and how many must fail, for other reasons than a refusal, in a row."""

RECONNECT_AFTER = 0.02
"""Seconds between the end of a connection to the engine and the next one."""


def widen(workers: int = WORKERS) -> bool:
    """Let the dynamic server run more than its four calls at once; called from `configure`.

    Returns False where the SDK has no such private attributes.
    """
    try:
        executor = threading.current_thread()._args[0]()  # type: ignore[attr-defined]  # private: see the docstring
        executor._max_workers = max(executor._max_workers, workers)
        # A pool starts a thread only when a task is submitted; a refresh queues its calls before the first `configure`.
        for _ in range(executor._work_queue.qsize()):
            executor.submit(_nothing)
    except (AttributeError, IndexError, TypeError, RuntimeError):  # RuntimeError: the server is being shut down
        return False
    return True


def _nothing() -> None:
    """A task that only makes the pool start a thread."""


class Call:
    """The engine's call that is under way, from the frame of the servicer: created first in a provider's method."""

    def __init__(self) -> None:
        frame = sys._getframe(1)
        while frame is not None and not {"request", "context"} <= set(frame.f_locals):
            frame = frame.f_back  # type: ignore[assignment]
        self._request: Any = frame.f_locals["request"] if frame else None
        self._context: Any = frame.f_locals["context"] if frame else None
        self.ended = False
        """Whether `fail` or `half_made` has ended the call: a later exception is then gRPC's own, of `abort`."""
        self._has_progress = False

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
        """The inputs of the last `up`, as the engine recorded them; None where it does not pass them."""
        recorded = getattr(self._request, "old_inputs", None)
        if recorded is None:
            recorded = getattr(self._request, "inputs", None)
        if recorded is None or not len(recorded):
            return None
        inputs: dict[str, Any] = rpc.deserialize_properties(recorded, True)
        return inputs

    def is_in_state(self, id: str) -> bool:
        """Whether the stack's state contains the resource with this id; False where that cannot be found out."""
        return id in stack_state.ids_at_start(self._stack).get(self.urn, ())

    def was_begun(self) -> bool:
        """Whether an earlier run began to create the resource and did not end, by the pending operations of the state.

        False where that cannot be found out. Called within a create, whose own operation the state contains as well.
        """
        return stack_state.pending_creates(self._stack, self.urn) > 1

    @property
    def _stack(self) -> str:
        return self.urn.split("::")[0].removeprefix("urn:pulumi:")

    def fail(self, message: str) -> None:
        """End the call with this message alone. Returns only where there is no context."""
        if self._context is not None:
            self._end(message)

    def half_made(self, id: str, outputs: Mapping[str, Any], reasons: list[str]) -> None:
        """Record the object and fail the step; the next `up` calls update. Returns only where there is no context."""
        if self._context is None:
            return
        inputs = self._request.news if hasattr(self._request, "news") else self._request.properties
        detail = any_pb2.Any()
        detail.Pack(
            provider_pb2.ErrorResourceInitFailed(id=id, properties=_serialized(outputs), reasons=reasons, inputs=inputs)
        )
        status = status_pb2.Status(code=2, message="not finished", details=[detail])
        self._context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        self._end("not finished")

    def _end(self, message: str) -> None:
        """Abort the call with a message. `abort` raises, which newer SDKs would answer with a second `abort`."""
        self.ended = True
        try:
            self._context.abort(grpc.StatusCode.UNKNOWN, message)
        finally:
            self._context.abort = _already_ended

    def info(self, message: str, difference: Sequence[str] = ()) -> None:
        """Print a line that stays in the output, on the resource's own row, and the lines of a difference below it."""
        whole = "\n".join([_plain(message), *map(_coloured, difference)])
        self._log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message=whole, urn=self.urn))

    def warn(self, message: str) -> None:
        """Print a warning that stays in the output."""
        self._log(engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=message, urn=self.urn))

    def progress(self, message: str) -> None:
        """Print a line that the next one overwrites."""
        self._has_progress = bool(message)
        self._log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message, urn=self.urn, ephemeral=True))

    def end_progress(self) -> None:
        """Overwrite the last line of progress, which else stays beside the finished step."""
        if self._has_progress:
            self.progress("")

    def debug(self, message: str) -> None:
        """Print a line for `--debug` only."""
        self._log(engine_pb2.LogRequest(severity=engine_pb2.DEBUG, message=message, urn=self.urn))

    @staticmethod
    def _log(line: engine_pb2.LogRequest) -> None:
        engine = _engine()
        if engine is not None:
            with contextlib.suppress(grpc.RpcError):
                engine.Log(line, timeout=5)


def _plain(text: str) -> str:
    """A text without the marks by which the engine's output is coloured; the engine would fail for an unknown one."""
    return text.replace("<{%", "< {%")


def _coloured(line: str) -> str:
    """A line of a difference: red where it is removed, green where it is added."""
    colour = {"-": "<{%fg 1%}>", "+": "<{%fg 2%}>"}.get(line[:1], "")
    return f"{colour}{_plain(line)}<{{%reset%}}>" if colour else _plain(line)


def _already_ended(*_: object) -> NoReturn:
    """Replaces `abort`, so that a second call of it cannot overwrite the first message."""
    raise RuntimeError("the call has ended")


def _serialized(properties: Mapping[str, Any]) -> Any:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(rpc.serialize_properties(dict(properties), {}))
    finally:
        loop.close()


def _engine_address() -> str | None:
    """The address on which the engine listens, which is the dynamic server's only argument; None without one."""
    address = sys.argv[1] if len(sys.argv) > 1 else ""
    return address if address.rpartition(":")[2].isdigit() else None


@functools.cache
def _engine() -> Any:
    address = _engine_address()
    if not address:
        return None
    # gRPC would go through the proxy of the environment, also to a server on this machine.
    direct = [("grpc.enable_http_proxy", 0)]
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address, options=direct))


_cancelled: list[Callable[[], None]] = []
"""The functions that run at the engine's Cancel."""


def hear_cancel(cancel: Callable[[], None]) -> bool:
    """Have `cancel` called when the engine cancels its providers: at the first Ctrl-C.

    The SDK's servicer has a `Cancel` that does nothing, and its server has bound it already. So the method's code is
    replaced. In an SDK whose `Cancel` differs, nothing is replaced; the calls under way then run to their end.

    Returns whether the engine's Cancel is heard.
    """
    _cancelled[:] = [cancel]
    servicer: Any = getattr(sys.modules.get("__main__"), "DynamicResourceProviderServicer", None)
    code = getattr(getattr(servicer, "Cancel", None), "__code__", None)
    if not isinstance(code, CodeType) or (code.co_argcount, code.co_freevars) != (3, ()):
        return False
    if code.co_name != _cancel.__name__:
        if code.co_names != _EMPTY_ANSWER:
            return False
        servicer.Cancel.__code__ = _cancel.__code__
    return True


_EMPTY_ANSWER = ("empty_pb2", "Empty")
"""The names in the SDK's `Cancel`, which returns an empty answer and does nothing."""


def _cancel(_self, _request, _context):  # type: ignore[no-untyped-def]  # runs as a method of the SDK's servicer
    from google.protobuf import empty_pb2  # noqa: PLC0415  # its globals are those of the SDK

    from pulumi_opendatasoft.dynamic.frame import on_cancel  # noqa: PLC0415

    on_cancel()
    return empty_pb2.Empty()


def on_cancel() -> None:
    """Call what `hear_cancel` was given."""
    for cancel in _cancelled:
        cancel()


@functools.cache
def leave_with_the_engine() -> bool:
    """End this process with the engine, which does not end it when it is killed. Started once.

    A thread waits on a connection to the engine's port, over which nothing is ever sent. When the connection ends and
    the port refuses another one, the engine is gone. The process then ends at once, even during a call, so that it
    creates nothing more; the next `up` finds what it had begun. (The server of a living engine may hang up on a
    connection that is silent for long: then the port accepts the next one.)

    Returns False where the address of the engine is unknown.
    """
    address = _engine_address()
    if address is None:
        return False
    host, _, port = address.rpartition(":")
    thread = threading.Thread(target=_watch, args=(host, int(port)), name="leave-with-the-engine", daemon=True)
    thread.start()
    return True


def _watch(host: str, port: int) -> NoReturn:
    misses = 0
    while misses < MISSES:
        try:
            with socket.create_connection((host, port), timeout=CHECK_EVERY) as connection:
                misses = 0
                connection.settimeout(None)
                with contextlib.suppress(OSError):
                    while connection.recv(4096):
                        pass
        except ConnectionRefusedError:
            break
        except OSError:
            misses += 1
            time.sleep(CHECK_EVERY)
        # A living server that hung up is not connected to without a pause.
        time.sleep(RECONNECT_AFTER)
    os._exit(1)
