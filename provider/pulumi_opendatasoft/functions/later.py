"""The form of a function that takes Inputs and returns an Output."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pulumi

from .info import has_secret

R = TypeVar("R")


def later(function: Callable[..., R], given: Mapping[str, Any]) -> pulumi.Output[R]:
    """Call a function once its arguments are known; return its result as an Output.

    While an argument is unknown, as in a preview before its resource was created, the function is not called and the
    result is unknown too. A result that contains a secret is a secret as a whole. The calls of several functions run
    at the same time.

    Args:
        function: the function.
        given: its arguments by name, which may be Inputs.
    """

    async def call(known: Mapping[str, Any]) -> R:
        return await asyncio.to_thread(functools.partial(function, **known))

    def marked(result: R) -> pulumi.Input[R]:
        # Not `Output.secret(result)`: it would take the result apart and make plain dicts of its objects.
        return pulumi.Output.secret(None).apply(lambda _: result) if has_secret(result) else result

    arguments: pulumi.Output[dict[str, Any]] = pulumi.Output.all(**given)
    answered: pulumi.Output[R] = arguments.apply(call)
    return answered.apply(marked)
