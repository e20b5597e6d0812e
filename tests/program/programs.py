"""Runs a program under Pulumi's mocks, without an engine or a portal, and leaves nothing behind."""

from __future__ import annotations

import contextvars
import functools
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import is_dry_run, mocks


@dataclass
class Registered(mocks.Mocks):
    """The resources that a program registered, by name, with the inputs that the engine would get."""

    computed: Mapping[str, Any] = field(default_factory=dict)
    """The computed properties that every resource gets."""

    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.inputs[args.name] = args.inputs
        self.types[args.name] = args.typ
        id = None if is_dry_run() else f"{args.name}-id"
        return args.resource_id or id, {**args.inputs, **self.computed}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)


def run(
    program: Callable[[], Mapping[str, pulumi.Output[Any]] | None], *, preview: bool = False, **computed: Any
) -> tuple[dict[str, Any], Registered]:
    """Run a program; return the values of the outputs that it returns, and what it registered."""
    registered = Registered(computed)
    resolved: dict[str, Any] = {}

    @mocks.test  # type: ignore[untyped-decorator]  # Pulumi does not type it
    def body() -> pulumi.Output[Any]:
        # Each by itself: `Output.all` makes plain dicts of the values that it collects.
        kept = [
            output.apply(functools.partial(resolved.__setitem__, name)) for name, output in (program() or {}).items()
        ]
        return pulumi.Output.all(*kept)

    # As Pulumi does: a program that fails leaves tasks of which nobody awaits the result.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)

    def inside() -> None:
        mocks.set_mocks(registered, project="city", stack="dev", preview=preview)
        body()

    contextvars.copy_context().run(inside)
    return resolved, registered


def is_secret(output: Any) -> bool:
    """Whether something given to the engine is a secret."""
    assert isinstance(output, pulumi.Output)
    found: list[bool] = []

    def look() -> dict[str, pulumi.Output[Any]]:
        async def keep() -> None:
            found.append(await output.is_secret())

        return {"secret": pulumi.Output.from_input(keep())}

    run(look)
    return found[0]
