"""A thousand random and nearly valid inputs of every resource type: no exception, and no call."""

from __future__ import annotations

import socket

import pytest

from ..declarations import resource_types
from ..service.test_random_inputs import service_of, step
from .table import SEED, Outcome, Record

COUNT = 1000


@pytest.mark.trust
@pytest.mark.parametrize("kind", resource_types())
def test_no_input_raises_or_calls(kind: str, record: Record) -> None:
    wrong = {}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        service = service_of(kind, silent)
        host, port = silent.getsockname()
        for number in range(COUNT):
            try:
                step(kind, service, f"{host}:{port}", f"{SEED}:{kind}:{number}")
            except Exception as error:
                wrong[number] = repr(error)
            record("check and diff", "random input", Outcome.LEFT_BEHIND if number in wrong else Outcome.BY_ITSELF)
        with pytest.raises(BlockingIOError):
            silent.accept()
    assert wrong == {}
