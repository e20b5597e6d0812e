"""Several engines at once: two stacks on one portal, two `up` of one stack, and a state on an S3-compatible server."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path

import httpx
import pytest

from ..conftest import Portal
from ..engine.stacks import Stack, eventually
from .environments import environment
from .table import Outcome, Record

AIR = "day,value\n2026-01-01,3\n2026-01-02,4\n"
PROGRAM = """
    source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
    for n in range(6):
        group = ods.Group(f"group-{{n}}", title=f"{name} {{n}}")
        ods.Dataset(
            f"air-{{n}}",
            dataset_id=f"{name}-{{n}}",
            sources={{"day": source}},
            group_access=[ods.DatasetGroupAccess(group=group.uid, permissions=["edit_dataset"])],
            published=True,
        )
"""
SHARED = """
    ods.Group("editors", title="Editors")
"""


def both(one: Callable[[], object], other: Callable[[], object]) -> list[object]:
    """Run both at the same time; returns their results."""
    with futures.ThreadPoolExecutor(2) as pool:
        return [future.result() for future in (pool.submit(one), pool.submit(other))]


@pytest.mark.trust
def test_two_stacks_share_a_portal(portal: Portal, another_stack: Callable[..., Stack], record: Record) -> None:
    stacks = [another_stack(name) for name in ("north", "south")]
    for stack in stacks:
        stack.file("air.csv", AIR)
        stack.program(PROGRAM.format(name=stack.name))
    both(*(lambda stack=stack: stack.up("--parallel", "16") for stack in stacks))

    ids = {dataset["dataset_id"] for dataset in portal.all("/datasets/")}
    assert ids == {f"{stack.name}-{n}" for stack in stacks for n in range(6)}
    both(*(stack.is_settled for stack in stacks))
    stacks[0].destroy()
    stacks[1].is_settled()
    stacks[1].destroy()
    assert portal.all("/datasets/") == portal.all("/groups/") == []
    record("all commands", "two engines", Outcome.BY_ITSELF)


@pytest.mark.trust
def test_of_two_stacks_one_owns_an_object(portal: Portal, another_stack: Callable[..., Stack], record: Record) -> None:
    stacks = [another_stack(name) for name in ("north", "south")]
    for stack in stacks:
        stack.program(SHARED)
    both(*(lambda stack=stack: stack.up(ok=None) for stack in stacks))

    assert len(portal.all("/groups/")) == 1
    owners = [stack for stack in stacks if stack.ids()]
    assert len(owners) == 1
    [other] = [stack for stack in stacks if stack not in owners]
    assert 'the portal already has a group with title "Editors"' in other.up(ok=False).text
    owners[0].destroy()
    assert portal.all("/groups/") == []
    record("create", "two engines", Outcome.BY_ITSELF)


@pytest.mark.trust
def test_second_up_of_a_stack_is_locked_out(stack: Stack, portal: Portal, record: Record) -> None:
    stack.file("air.csv", AIR)
    stack.program(PROGRAM.format(name="city"))
    portal.set(processing_ms=5000)
    with stack.running("up", "--yes", "--skip-preview") as first:
        eventually(portal.writes)
        assert "pulumi cancel" in stack.up(ok=False).text
        assert first.wait(300) == 0
    portal.set(processing_ms=0)
    stack.is_settled()
    stack.destroy()
    assert portal.all("/datasets/") == portal.all("/groups/") == []
    record("create", "two up of one stack", Outcome.BY_ITSELF)


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3-compatible server with a bucket called `states`."""
    programs = environment(tmp_path_factory.mktemp("s3") / "server", "moto[s3,server]")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [programs / "moto_server", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(httpx.TransportError):
                httpx.put(f"{address}/states", timeout=30).raise_for_status()
                break
            time.sleep(0.2)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.mark.trust
def test_state_on_an_s3_compatible_server(s3: str, portal: Portal, tmp_path: Path, record: Record) -> None:
    stack = Stack(
        tmp_path / "stack",
        domain=portal.url,
        key=portal.key,
        backend=f"s3://states?region=us-east-1&endpoint={s3}&s3ForcePathStyle=true&disableSSL=true",
        env={"AWS_ACCESS_KEY_ID": "of-no-use", "AWS_SECRET_ACCESS_KEY": "of-no-use"},
    )
    stack.file("air.csv", AIR)
    stack.program(PROGRAM.format(name="city"))
    stack.up()
    stack.is_settled()
    assert len(stack.ids()) == 12
    stack.destroy()
    assert portal.all("/datasets/") == portal.all("/groups/") == []
    record("all commands", "state on S3", Outcome.BY_ITSELF)
