"""Runs a program that declares resources, and hands each registration over as the engine's monitor receives it."""

from __future__ import annotations

import contextvars
import logging
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from ..event_loop import lent_event_loop
from .servers import plain, struct
from .state import Registration, revealed

Program = Callable[[], Any]
"""Declares resources; its result is not used."""

Step = Callable[[Registration], tuple[str, Mapping[str, Any]] | None]
"""Carries out a registration, and returns the id (empty while unknown) and the outputs; None if it failed."""


@dataclass(frozen=True)
class Recorded:
    """The registrations of a program that has run: a command carries them out without running it again.

    Only for programs whose resources use no outputs.
    """

    registrations: tuple[Registration, ...]


class _NoMocks(mocks.Mocks):
    """The monitor below answers everything itself."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotImplementedError(f"the stub knows no function {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        raise NotImplementedError(f"the stub has {args.typ} made by the provider")


class Monitor(mocks.MockMonitor):
    """The engine's side of a running program."""

    def __init__(self, project: str, stack: str, step: Step) -> None:
        super().__init__(_NoMocks())
        self._place, self._step = f"urn:pulumi:{stack}::{project}", step

    def RegisterResource(self, request: Any) -> Any:
        """One declared resource: it is made so before the program goes on."""
        urn = f"{self._place}::{request.type}::{request.name}"
        if request.type == "pulumi:pulumi:Stack":
            return resource_pb2.RegisterResourceResponse(urn=urn)
        inputs, ignored = revealed(plain(request.object)), tuple(request.ignoreChanges)
        needs = tuple(request.dependencies)
        made = self._step(Registration(urn, inputs, request.deleteBeforeReplace, ignored, needs))
        if made is None:
            # The engine would end the program here. It goes on, but nothing more is known or made.
            return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object, unknown=True)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=made[0], object=struct(made[1]))


@contextmanager
def started_in(folder: Path) -> Iterator[None]:
    """Let a program find its folder as on Pulumi's command line, which names it."""
    words, sys.orig_argv = sys.orig_argv, [*sys.orig_argv, "--pwd", str(folder)]
    try:
        yield
    finally:
        sys.orig_argv = words


def run(
    program: Program | Recorded, step: Step, *, project: str, stack: str, preview: bool, folder: Path | None = None
) -> None:
    """Run a program to its end. Raises what the program raises.

    Args:
        program: declares the resources, or what it has declared before.
        step: carries out a registration.
        project: the name of the project.
        stack: the name of the stack.
        preview: whether it is run for a preview.
        folder: the program's folder, in which the provider runs; the present one if it is left out.
    """
    if isinstance(program, Recorded):
        for registration in program.registrations:
            step(registration)
        return
    monitor = Monitor(project, stack, step)

    def main() -> None:
        program()

    # As Pulumi does: a program that fails leaves tasks of which nobody awaits the result.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)

    def inside() -> None:
        with lent_event_loop():
            mocks.set_mocks(_NoMocks(), project, stack, preview, monitor=monitor)
            tested(main)()

    tested: Any = pulumi.runtime.test  # Pulumi gives it no types
    with warnings.catch_warnings():
        # From Python 3.12 on, the way in which Pulumi gets its event loop is deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        # Pulumi's settings of one program must not hold for the next one, which may be another test's. In a thread of
        # its own the program has a short stack: Pulumi describes each frame of it for each resource.
        with started_in(folder or Path.cwd()), ThreadPoolExecutor(1, "program") as thread:
            thread.submit(contextvars.copy_context().run, inside).result()


def registered(
    program: Program, *, project: str = "city", stack: str = "dev", folder: Path | None = None
) -> list[Registration]:
    """Return what a program declares, without carrying it out."""
    found: list[Registration] = []

    def step(registration: Registration) -> tuple[str, Mapping[str, Any]]:
        found.append(registration)
        return "", registration.inputs

    run(program, step, project=project, stack=stack, preview=True, folder=folder)
    return found
