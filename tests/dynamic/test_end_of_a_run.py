"""How a provider learns that its run ends: the engine's Cancel, and the death of the engine."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from google.protobuf import empty_pb2
from pulumi_opendatasoft.dynamic.frame import hear_cancel

from ..conftest import Portal
from ..engine.stacks import eventually
from ..engine_stub.engine import Engine
from ..engine_stub.program import registered
from ..engine_stub.servers import Failed, Unfinished

AIR = "day,value\n2026-01-01,3\n2026-01-02,4\n"
MAIN = sys.modules["__main__"]

# ---------------------------------------------------------------- Cancel


def _with_an_assertion(self: Any, request: Any, context: Any) -> Any:
    assert request is not None
    return empty_pb2.Empty()


def _with_another_signature(self: Any, request: Any) -> Any:
    return empty_pb2.Empty()


def _with_a_value_of_its_own() -> Any:
    answer = empty_pb2.Empty()

    def cancel(self: Any, request: Any, context: Any) -> Any:
        return answer

    return cancel


def test_cancel_of_the_sdk_is_heard_by_a_bound_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    class Servicer:
        def Cancel(self, request: Any, context: Any) -> Any:
            return empty_pb2.Empty()

    monkeypatch.setattr(MAIN, "DynamicResourceProviderServicer", Servicer, raising=False)
    heard: list[str] = []
    handler = Servicer().Cancel
    assert hear_cancel(lambda: heard.append("first")) is True
    assert hear_cancel(lambda: heard.append("last")) is True
    assert handler(None, None) == empty_pb2.Empty()
    assert heard == ["last"]


@pytest.mark.parametrize(
    "cancel", [None, 3, _with_an_assertion, _with_another_signature, _with_a_value_of_its_own(), print]
)
def test_another_cancel_is_left_as_it_is(cancel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    servicer = type("Servicer", (), {} if cancel is None else {"Cancel": cancel})
    code = getattr(cancel, "__code__", None)
    monkeypatch.setattr(MAIN, "DynamicResourceProviderServicer", servicer, raising=False)
    assert hear_cancel(lambda: None) is False
    assert getattr(cancel, "__code__", None) is code


def test_without_a_servicer_nothing_is_heard() -> None:
    assert not hasattr(MAIN, "DynamicResourceProviderServicer")
    assert hear_cancel(lambda: None) is False


def test_cancelled_publication_ends_and_is_kept(engine: Engine, portal: Portal, tmp_path: Path) -> None:
    (tmp_path / "air.csv").write_text(AIR)

    def program() -> None:
        file = ods.File(str(tmp_path / "air.csv"))
        source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=file))
        ods.Dataset("air", sources={"day": source}, published=True)

    portal.set(processing_ms=60_000)
    [declared] = registered(program)
    with engine.together() as provider, ThreadPoolExecutor(1) as pool:
        inputs, _ = provider.check(declared.urn, {}, declared.inputs)
        creating = pool.submit(provider.create, declared.urn, inputs)
        eventually(lambda: any("publish" in call for call in portal.writes()))
        provider.cancel()
        with pytest.raises(Unfinished) as unfinished:
            creating.result(10)
        portal.forget()
        with pytest.raises(Failed, match="the run was interrupted"):
            provider.read(declared.urn, unfinished.value.id, unfinished.value.outputs, inputs)
        assert portal.requests() == []
    uid = portal.dataset("air")["uid"]
    assert unfinished.value.id == uid
    assert unfinished.value.reasons == [
        'Dataset "air": published: the run was interrupted: the next `up` goes on from here',
        f'Dataset "air": {uid} is kept as it is; the next `up` goes on from there',
    ]


# ---------------------------------------------------------------- the engine's death

WATCHING = """
import sys, time
from pulumi_opendatasoft.dynamic.frame import leave_with_the_engine
assert leave_with_the_engine()
time.sleep(300)
"""


def test_process_ends_with_the_engine_and_not_with_a_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        port = server.getsockname()[1]
        process = subprocess.Popen([sys.executable, "-c", WATCHING, f"127.0.0.1:{port}"])
        try:
            for _ in range(3):
                connection, _ = server.accept()
                connection.close()  # as a server that hangs up on a silent peer
            connection, _ = server.accept()
            time.sleep(0.3)
            assert process.poll() is None
            server.close()
            connection.close()
            assert process.wait(60) == 1
        finally:
            process.kill()
            process.wait()
