"""One interruption of a run on the real engine, chosen by a seed, and how far the commands after it converge."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from .stacks import Result, Stack, eventually

PROVIDER = "pulumi.dynamic"
PROCESSING = 2500
"""Milliseconds of a publication during which a run is interrupted."""

CITY = """
    ods.Group("readers", title="Readers", permissions=[])
    editors = ods.Group("editors", title="Editors {word}", permissions=["edit_dataset"], members=["admin"])
    ods.User("ana", email="ana@city.org", permissions=[{permission}])
    ods.HTTPConnection("server", url="https://files.city.org", is_reusable={reusable},
                       group_access=[ods.GroupAccess(group=editors.uid)])
    ods.ApiKey("import", label="Nightly {word}")
    source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
    ods.Dataset("air", sources={{"day": source}}, published=True,
                metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air {word}")))
"""
FIRST, SECOND = (
    CITY.format(word=word, permission=permission, reusable=reusable)
    for word, permission, reusable in (("one", "", True), ("two", '"edit_dataset"', False))
)


class End(StrEnum):
    """How a stack got to what its program declares."""

    BY_ITSELF = "converged by itself"
    ONE_MORE_UP = "after one more `up`"
    NAMED_COMMAND = "needed the named command"
    LEFT_BEHIND = "left behind"


class How(StrEnum):
    """How a run is interrupted."""

    ENGINE = "kill -9 of the engine"
    PROVIDER = "kill -9 of the provider"
    CTRL_C_TWICE = "Ctrl-C twice"


@dataclass(frozen=True)
class Interruption:
    """One interruption."""

    how: How
    operation: str
    """`create`, `update` or `destroy`."""

    after: int
    """The number of writes of the run after which it is interrupted; 0 for in its publication."""

    delay: float
    """Seconds between that and the interruption."""

    def __str__(self) -> str:
        place = f"after write {self.after}" if self.after else "in the publication"
        return f"{self.how}, {self.operation}, {place} + {self.delay * 1000:.0f} ms"


@dataclass(frozen=True)
class Report:
    """The result of one interruption: how the stack converged, if it did."""

    interruption: Interruption
    end: End
    detail: str = ""
    """The output of the failed command, or the objects left behind; empty where the stack converged by itself."""


def chosen(seed: int) -> Interruption:
    """The interruption of a seed: a quarter in a publication, the others anywhere, most of them in a create."""
    chance = random.Random(seed)
    how = chance.choice(list(How))
    if seed % 4 == 0:
        return Interruption(how, "create", 0, chance.uniform(0, 1.5))
    operation = chance.choice(["create", "create", "create", "update", "destroy"])
    most = {"create": 14, "update": 6, "destroy": 6}[operation]
    return Interruption(how, operation, chance.randint(1, most), chance.uniform(0, 0.1))


def interrupt(seed: int, folder: Path) -> Report:
    """Interrupt one run on the real engine, and run `pulumi cancel` and `pulumi up` (or `destroy`) after it.

    At last the stack is destroyed: whatever is still on the portal then is left behind.

    Args:
        seed: chooses the interruption.
        folder: an empty folder for the portal and the stack.
    """
    return carry_out(chosen(seed), folder)


def carry_out(interruption: Interruption, folder: Path) -> Report:
    """The same for a given interruption."""
    with Emulator(folder / "portal") as emulator:
        portal = Portal(emulator)
        stack = Stack(folder / "stack", domain=portal.url, key=portal.key, own_python=True, only_provider=True)
        stack.file("air.csv", "day,value\n2026-01-01,3\n2026-01-02,4\n")
        empty = _held(portal)
        try:
            return _carry_out(interruption, stack, portal, empty)
        finally:
            portal.close()


def _carry_out(interruption: Interruption, stack: Stack, portal: Portal, empty: dict[str, Any]) -> Report:
    stack.program(FIRST)
    if interruption.operation != "create":
        stack.up(env={"OWN_PROVIDER": ""})
    if interruption.operation == "update":
        stack.program(SECOND)
    portal.set(latency_ms=60, processing_ms=0 if interruption.after else PROCESSING)
    portal.forget()
    _strike(interruption, stack, portal)
    stack.without_own_python()
    portal.set(latency_ms=0, processing_ms=0)
    restore_truncated_state(stack)
    stack.run("cancel", "--yes", ok=None)

    word = "destroy" if interruption.operation == "destroy" else "up"
    end, last, detail = End.BY_ITSELF, _again(stack, word), ""
    if last.code:
        detail = last.text
        end, last = End.ONE_MORE_UP, _again(stack, word)
    if last.code and (names := re.findall("`pulumi config set opendatasoft:resume ([^`]+)`", last.text)):
        stack.run("config", "set", "opendatasoft:resume", ",".join(names))
        end, last = End.NAMED_COMMAND, _again(stack, word)
        stack.run("config", "rm", "opendatasoft:resume")
    if last.code:
        return Report(interruption, End.LEFT_BEHIND, last.text)
    if word == "up":
        stack.preview("--refresh", "--expect-no-changes", "--diff")
        stack.destroy()
    left = [name for name, held in _held(portal).items() if held != empty[name]]
    return (
        Report(interruption, End.LEFT_BEHIND, f"on the portal: {left}") if left else Report(interruption, end, detail)
    )


def restore_truncated_state(stack: Stack) -> None:
    """Restore the state before, as the guide says, where the engine was killed while it wrote its state.

    That is the file beside it, or, if that was being written, the one that the last finished command left. The file
    with the attributes of another, which is not needed, may be truncated as well.
    """
    for attributes in stack.folder.rglob("stacks/**/*.attrs"):
        if not attributes.read_bytes().strip():
            attributes.unlink()
    for state in stack.folder.rglob("stacks/**/dev.json"):
        if not _is_whole(state):
            history = sorted(stack.folder.rglob("history/**/dev-*.checkpoint.json"), reverse=True)
            before = [state.with_name(f"{state.name}.bak"), *history]
            shutil.copy(next(one for one in before if _is_whole(one)), state)


def _is_whole(state: Path) -> bool:
    try:
        return "checkpoint" in json.loads(state.read_text())
    except (OSError, ValueError):
        return False


def _again(stack: Stack, word: str) -> Result:
    return stack.up(ok=None) if word == "up" else stack.destroy(ok=None)


def _strike(interruption: Interruption, stack: Stack, portal: Portal) -> None:
    """Start the run and interrupt it; returns when nothing of it is left."""
    words = ["destroy"] if interruption.operation == "destroy" else ["up"]
    with stack.running(*words, "--yes", "--skip-preview", "--parallel", "16") as engine:
        if interruption.after:
            eventually(lambda: len(portal.writes()) >= interruption.after or engine.poll() is not None)
        else:
            eventually(lambda: any(call.endswith("/publish/") for call in portal.writes()))
        time.sleep(interruption.delay)
        with _ended(stack, engine):
            match interruption.how:
                case How.ENGINE:
                    engine.kill()
                case How.PROVIDER:
                    for process in stack.processes(PROVIDER):
                        os.kill(process, signal.SIGKILL)
                case How.CTRL_C_TWICE:
                    engine.send_signal(signal.SIGINT)
                    time.sleep(0.2)
                    engine.send_signal(signal.SIGINT)


@contextmanager
def _ended(stack: Stack, engine: subprocess.Popen[str]) -> Iterator[None]:
    yield
    engine.wait(300)
    eventually(lambda: not stack.processes(PROVIDER), within=60)


def _held(portal: Portal) -> dict[str, Any]:
    """The ids of a portal's objects, without open invitations, which cannot be withdrawn."""
    return {
        "groups": sorted(group["uid"] for group in portal.all("/groups/")),
        "connections": sorted(connection["uid"] for connection in portal.all("/datasource_connections/")),
        "keys": sorted(key["uid"] for key in portal.all("/apikeys/") if not key["is_revoked"]),
        "datasets": sorted(dataset["uid"] for dataset in portal.all("/datasets/")),
        "users": sorted(user["email"] for user in portal.all("/users/") if user.get("joined_at")),
    }
