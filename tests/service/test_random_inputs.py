"""No input makes a check or a diff fail by an exception of ours or call the portal, wherever values are unknown."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest
from pulumi_opendatasoft.errors import OpendatasoftError
from pulumi_opendatasoft.schema.types import UNKNOWN
from pulumi_opendatasoft.service.service import Service

from ..declarations import resource_types
from .conftest import PlainCall
from .random_inputs import Inputs

COUNT = int(os.environ.get("RANDOM_INPUTS", "60"))
"""So many inputs for each resource type; `make trust` sets a thousand."""

SEED = os.environ.get("RANDOM_SEED", "1")


URN = "urn:pulumi:dev::city::type::it"


@pytest.fixture(scope="module")
def silent() -> Iterator[socket.socket]:
    """A portal that listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def service_of(kind: str, portal: socket.socket) -> Service:
    """The service of a resource type, configured for a portal."""
    service = Service(kind)
    host, port = portal.getsockname()
    settings = {"domain": f"http://{host}:{port}", "apiKey": "0" * 56}
    service.configure(settings.get)
    return service


def step(kind: str, service: Service, portal: str, seed: str) -> None:
    """Check random inputs beside a random state, and compare them with it. Raises what a provider must not raise."""
    shape = resource_types()[kind].declaration().shape
    # Most inputs have one or no mistake: others are refused before the comparison.
    inputs = Inputs(seed, mistakes=0.01 if int(seed.rpartition(":")[2]) % 3 else 0.15, unknowns=0.08)
    news = inputs.of(shape)
    news.pop("portal", None)
    olds = inputs.changed(inputs.of(shape, computed=True), news) | {"domain": portal}
    olds.pop("portal", None)
    call = PlainCall(URN, inputs=inputs.changed(news, olds))
    checked = service.check(call, olds, news)
    assert all("\n" not in failure for failure in checked.failures)
    assert all("fault of pulumi-opendatasoft" not in failure for failure in checked.failures)
    for desired in [checked.inputs, news] if not checked.failures else []:
        service.diff(call, "id", olds, desired)
    # The engine also compares with what a read returned, and with states of other versions, unchecked.
    service.diff(call, "id", olds, inputs.changed(olds, news) | {"portal": None})


@pytest.mark.parametrize("kind", resource_types())
def test_no_random_input_raises_or_calls(kind: str, silent: socket.socket) -> None:
    service = service_of(kind, silent)
    host, port = silent.getsockname()
    for number in range(COUNT):
        seed = f"{SEED}:{kind}:{number}"
        try:
            step(kind, service, f"{host}:{port}", seed)
        except OpendatasoftError as error:
            pytest.fail(f"{seed}: {error}")
        except Exception as error:
            raise AssertionError(f"RANDOM_SEED={SEED}, input {seed}") from error
    with pytest.raises(BlockingIOError):
        silent.accept()


@pytest.mark.parametrize("seed", ["20261130:MetadataTemplate:651"])
def test_input_that_once_raised_does_not(seed: str, silent: socket.socket) -> None:
    host, port = silent.getsockname()
    kind = seed.split(":")[1]
    step(kind, service_of(kind, silent), f"{host}:{port}", seed)


@pytest.mark.parametrize("kind", resource_types())
def test_each_property_may_be_unknown_on_both_sides(kind: str, silent: socket.socket) -> None:
    service, shape = service_of(kind, silent), resource_types()[kind].declaration().shape
    host, port = silent.getsockname()
    whole = Inputs(f"{SEED}:{kind}", mistakes=0.0, unknowns=0.0).of(shape) | {"domain": f"{host}:{port}"}
    for name in [slot.name for slot in shape if slot.name not in ("portal", "domain")]:
        for old in ({**whole, name: UNKNOWN}, whole):
            for new in ({**whole, name: UNKNOWN}, whole):
                service.diff(PlainCall(URN, inputs=new), "id", old | {"portal": None}, new | {"portal": None})
