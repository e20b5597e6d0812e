"""Fixtures: an empty portal for each test, clients, switches and faults."""

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, add_csv, body_of, new_dataset, publish

Switch = Callable[..., None]
SetFault = Callable[..., None]
Connect = Callable[[str], httpx.Client]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The portal that all of these tests share."""
    with Emulator(tmp_path_factory.mktemp("portal")) as portal:
        yield portal


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    """A running portal, empty and with every switch at its default."""
    running.portal.reset()
    return running


@pytest.fixture(scope="session")
def clients(running: Emulator) -> Iterator[Callable[[str, str], httpx.Client]]:
    """Makes clients by the beginning of their paths and by key, each once for all tests."""
    with ExitStack() as stack:

        @functools.cache
        def client(path: str, key: str) -> httpx.Client:
            headers = {"Authorization": f"apikey {key}"} if key else {}
            return stack.enter_context(
                httpx.Client(base_url=f"{running.url}{path}", headers=headers, verify=False, timeout=30)
            )

        yield client


@pytest.fixture
def connect(emulator: Emulator, clients: Callable[[str, str], httpx.Client]) -> Connect:
    """Makes clients of the Automation API by key."""
    return functools.partial(clients, "/api/automation/v1.0")


@pytest.fixture
def api(emulator: Emulator, connect: Connect) -> httpx.Client:
    """The administrator's client."""
    return connect(emulator.key)


@pytest.fixture
def control(emulator: Emulator, clients: Callable[[str, str], httpx.Client]) -> httpx.Client:
    """The control calls."""
    return clients("/_emulator", "")


@pytest.fixture
def switch(control: httpx.Client) -> Switch:
    """Sets switches of the portal: `switch(open_invitation="hidden")`."""

    def post(**settings: Any) -> None:
        control.post("/settings", json=settings).raise_for_status()

    return post


@pytest.fixture
def fault(control: httpx.Client) -> SetFault:
    """Sets one fault: `fault("reset", path="/groups/$", nth=1)`."""

    def post(fault: str, **where: Any) -> None:
        control.post("/faults", json=[{"fault": fault, **where}]).raise_for_status()

    return post


@pytest.fixture
def sensor(api: httpx.Client) -> Body:
    """A realtime resource of the new dataset `air`, which is public."""
    dataset = new_dataset(api)
    body = {"type": "realtime", "title": "Sensor"}
    resource = body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)
    publish(api, dataset)
    return {**resource, "path": f"/datasets/{dataset}/resources/{resource['uid']}", "dataset": dataset}


@pytest.fixture
def dataset(api: httpx.Client) -> str:
    """The new dataset `air`, with records that are not published."""
    uid = new_dataset(api)
    add_csv(api, uid)
    return uid
