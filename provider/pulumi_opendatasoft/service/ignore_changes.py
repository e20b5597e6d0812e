"""What a program says of changes that it ignores: Pulumi's property paths, and the values that stay as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..lifecycle.results import State

_STEP = re.compile(r'([^.\[\]]+)|\[(\d+|\*)\]|\[("(?:[^"\\]|\\.)*")\]')
EVERY = "*"


def keep_ignored(desired: State, prior: State, paths: Iterable[str], *, is_whole: bool) -> State:
    """What is asked, with what the state has wherever changes are ignored.

    The engine puts back what the **program** said last. Of an object that was adopted the portal has something else,
    and that is what is to stay. `is_whole` says that the state lacks nothing that was asked: of an object that was
    only begun, what is missing is still to be made.
    """
    for path in paths:
        steps = _steps(path)
        if steps and (is_whole or steps[0] in prior):
            desired = _put_back(desired, prior, steps)
    return desired


def _steps(path: str) -> list[str | int]:
    found = _STEP.findall(path)
    return [
        json.loads(quoted) if quoted else int(place) if place.isdigit() else place or name
        for name, place, quoted in found
    ]


def _put_back(desired: Any, prior: Any, steps: list[str | int]) -> Any:
    if not steps:
        return prior
    step, rest = steps[0], steps[1:]
    if isinstance(desired, list) and isinstance(prior, list):
        places = range(min(len(desired), len(prior))) if step == EVERY else [step]
        kept = list(desired)
        for place in places:
            if isinstance(place, int) and place < min(len(desired), len(prior)):
                kept[place] = _put_back(desired[place], prior[place], rest)
        return kept
    if not isinstance(desired, Mapping | None) or not isinstance(prior, Mapping | None):
        return desired
    there, then = dict(desired or {}), prior or {}
    for name in {*there, *then} if step == EVERY else [str(step)]:
        value = _put_back(there.get(name), then.get(name), rest)
        if value is None:
            there.pop(name, None)
        else:
            there[name] = value
    return there if there or desired is not None else None
