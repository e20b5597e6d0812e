"""How a failed call ends, on a real gRPC server that calls as the dynamic servers of older and of newer SDKs do."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2
from pulumi_opendatasoft.dynamic.frame import Call

Create = Callable[[provider_pb2.CreateRequest, grpc.ServicerContext], Any]


def as_older_sdks(create: Create) -> Create:
    """Up to 3.259 and later: an exception reaches gRPC."""
    return create


def as_newer_sdks(create: Create) -> Create:
    """Seen in 3.272: an exception ends the call with its traceback."""

    def wrapper(request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> Any:
        try:
            return create(request, context)
        except Exception:
            context.abort(grpc.StatusCode.UNKNOWN, traceback.format_exc())

    return wrapper


@contextmanager
def served(create: Create) -> Iterator[provider_pb2_grpc.ResourceProviderStub]:
    """A provider whose `Create` is this function."""

    class Servicer(provider_pb2_grpc.ResourceProviderServicer):
        def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> Any:
            return create(request, context)

    server = grpc.server(futures.ThreadPoolExecutor(1))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
    finally:
        server.stop(None).wait()


@pytest.fixture(params=[as_older_sdks, as_newer_sdks])
def answered(request: pytest.FixtureRequest) -> Callable[[Create], grpc.RpcError]:
    """The error that the engine receives from a `Create`."""

    def call(create: Create) -> grpc.RpcError:
        with served(request.param(create)) as provider, pytest.raises(grpc.RpcError) as caught:
            provider.Create(provider_pb2.CreateRequest(urn="urn:pulumi:dev::city::T::air"), timeout=30)
        return caught.value

    return call


def test_failure_is_its_message_alone(answered: Callable[[Create], Any]) -> None:
    def create(request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> None:
        Call().fail('Dataset "air": the portal does not accept the API key')

    error = answered(create)
    assert error.code() is grpc.StatusCode.UNKNOWN
    assert error.details() == 'Dataset "air": the portal does not accept the API key'


def test_half_made_object_reaches_the_engine_with_reasons(answered: Callable[[Create], Any]) -> None:
    def create(request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> None:
        Call().half_made("da_abc123", {"dataset_id": "air"}, ["sources: the portal is out of order"])

    error = answered(create)
    assert error.details() == "not finished"
    (details,) = (value for name, value in error.trailing_metadata() if name == "grpc-status-details-bin")
    half = provider_pb2.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(details).details[0].Unpack(half)
    expected = struct_pb2.Struct()
    expected.update({"dataset_id": "air"})
    assert (half.id, half.properties, list(half.reasons)) == (
        "da_abc123",
        expected,
        ["sources: the portal is out of order"],
    )
