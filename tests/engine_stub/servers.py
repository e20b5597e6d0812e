"""The adapter's server processes, one for each command, and the calls that the engine makes to them."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from ..preloaded.client import exit_code
from ..preloaded.python import preloaded
from .state import Properties, Resource

CHANNEL = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))


class Failed(Exception):
    """The provider refused a call; the message is the one that the user reads."""


class Unfinished(Failed):
    """The object exists but its creation did not come to an end."""

    def __init__(self, id: str, outputs: Properties, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.id = id
        self.outputs = outputs
        self.reasons = reasons


@dataclass(frozen=True)
class Diff:
    """The provider's answer on a change: `some`, `none`, or `unknown`, for which the engine compares the inputs."""

    changes: str
    replaces: tuple[str, ...]


class Servers:
    """Starts server processes of providers, preloaded ones."""

    def __init__(self) -> None:
        self._python = preloaded()

    def start(self, address: str, folder: Path, log: Path) -> tuple[int, int, socket.socket]:
        """Start the server of a provider, as Pulumi's own plugin script does.

        Args:
            address: where the server finds the engine.
            folder: the folder of the program, in which the server runs.
            log: the file for its stderr, which a user would see under Diagnostics.

        Returns:
            Its process, its port, and the connection that keeps it alive.
        """
        port_read, port_write = os.pipe()
        with open(os.devnull) as nothing, log.open("a") as errors:
            files = [nothing.fileno(), port_write, errors.fileno()]
            args = ("-u", "-m", "pulumi.dynamic", address)
            # There is no stack that a `pulumi` on PATH would know.
            env = {
                **os.environ,
                "PATH": "",
                "PULUMI_HOME": str(folder / ".home"),
                "PULUMI_BACKEND_URL": f"file://{folder}",
            }
            process, connection = self._python.start(*args, cwd=folder, env=env, files=files)
        os.close(port_write)
        with os.fdopen(port_read) as output:
            port = output.readline().strip()
        assert port, f"the provider's server did not start: {log.read_text()}"
        return process, int(port), connection

    @staticmethod
    def stop(connection: socket.socket) -> None:
        """End a server as the engine ends its plugins: at once."""
        connection.shutdown(socket.SHUT_WR)
        exit_code(connection)


class Provider:
    """One server process as the engine speaks with it, from `with` to its end."""

    def __init__(self, servers: Servers, address: str, folder: Path, log: Path, config: Mapping[str, str]) -> None:
        self._servers, self._config = servers, config
        self.process, port, self._connection = servers.start(address, folder, log)
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=CHANNEL)
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)

    def __enter__(self) -> Self:
        self._stub.Configure(provider_pb2.ConfigureRequest(args=struct(self._config)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.close()
        self._servers.stop(self._connection)

    def check(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list[str]]:
        """Return the inputs in their canonical form, and the mistakes in them."""
        request = provider_pb2.CheckRequest(urn=urn, olds=struct(olds), news=struct(news))
        answer = _called(self._stub.Check, request)
        return plain(answer.inputs), [f"{f.property} {f.reason}".strip() for f in answer.failures]

    def diff(
        self,
        urn: str,
        id: str,
        outputs: Properties,
        old_inputs: Properties,
        news: Properties,
        ignored: Sequence[str] = (),
    ) -> Diff:
        """Return whether a change is one, and which properties replace the object."""
        request = provider_pb2.DiffRequest(
            id=id,
            urn=urn,
            olds=struct(outputs),
            news=struct(news),
            old_inputs=struct(old_inputs),
            ignoreChanges=ignored,
        )
        answer = _called(self._stub.Diff, request)
        name = provider_pb2.DiffResponse.DiffChanges.Name(answer.changes)
        return Diff(name.removeprefix("DIFF_").lower(), tuple(answer.replaces))

    def create(self, urn: str, inputs: Properties, timeout: float = 0.0) -> tuple[str, Properties]:
        """Create an object, and return its id and its outputs. Raises `Unfinished` or `Failed`."""
        request = provider_pb2.CreateRequest(urn=urn, properties=struct(inputs), timeout=timeout)
        answer = _called(self._stub.Create, request)
        return answer.id, plain(answer.properties)

    def read(
        self, urn: str, id: str, outputs: Properties, inputs: Properties
    ) -> tuple[str, Properties, Properties | None]:
        """Return the id (empty where the object is gone), the outputs, and the inputs if the provider returned any."""
        request = provider_pb2.ReadRequest(id=id, urn=urn, properties=struct(outputs), inputs=struct(inputs))
        answer = _called(self._stub.Read, request)
        inputs_read = plain(answer.inputs) if answer.HasField("inputs") else None
        return answer.id, plain(answer.properties), inputs_read

    def update(self, old: Resource, news: Properties, ignored: Sequence[str] = ()) -> Properties:
        """Change an object, and return its outputs. Raises `Unfinished` or `Failed`."""
        request = provider_pb2.UpdateRequest(
            id=old.id,
            urn=old.urn,
            olds=struct(old.outputs),
            news=struct(news),
            old_inputs=struct(old.inputs),
            ignoreChanges=ignored,
        )
        return plain(_called(self._stub.Update, request).properties)

    def delete(self, urn: str, id: str, outputs: Properties, inputs: Properties) -> None:
        """Delete an object."""
        _called(
            self._stub.Delete,
            provider_pb2.DeleteRequest(id=id, urn=urn, properties=struct(outputs), old_inputs=struct(inputs)),
        )

    def cancel(self) -> None:
        """Tell the provider that the run is cancelled, as the engine does at the first Ctrl-C."""
        self._stub.Cancel(empty_pb2.Empty())


def struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Properties as they go over the wire. The same ones are sent many times, so the last messages are kept."""
    return _struct(json.dumps(properties))


@lru_cache(64)
def _struct(text: str) -> struct_pb2.Struct:
    return json_format.Parse(text, struct_pb2.Struct())


def plain(properties: struct_pb2.Struct) -> Properties:
    """Properties as they come over the wire."""
    return dict(json_format.MessageToDict(properties))


def _called(method: Any, request: Any) -> Any:
    try:
        return method(request)
    except grpc.RpcError as error:
        for metadata in error.trailing_metadata() or ():
            if metadata.key == "grpc-status-details-bin":
                _raise_unfinished(metadata.value)
        raise Failed(error.details()) from None


def _raise_unfinished(details: bytes) -> None:
    status = status_pb2.Status.FromString(details)
    for detail in status.details:
        failed = provider_pb2.ErrorResourceInitFailed()
        if detail.Unpack(failed):
            raise Unfinished(failed.id, plain(failed.properties), list(failed.reasons))
