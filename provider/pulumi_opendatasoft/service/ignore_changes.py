"""What a program says of changes that it ignores: Pulumi's property paths, and the values that stay as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..lifecycle.results import State

_STEP = re.compile(r'([^.\[\]]+)|\[(\d+|\*)\]|\[("(?:[^"\\]|\\.)*")\]')
EVERY = "*"


def as_before(asked: State, before: State, paths: Iterable[str], *, is_whole: bool) -> State:
    """What is asked, with what the state has wherever changes are ignored.

    The engine puts back what the **program** said last. Of an object that was adopted the portal has something else,
    and that is what is to stay. `is_whole` says that the state lacks nothing that was asked: of an object that was
    only begun, what is missing is still to be made.
    """
    for path in paths:
        steps = _steps(path)
        if steps and (is_whole or steps[0] in before):
            asked = _put_back(asked, before, steps)
    return asked


def _steps(path: str) -> list[str | int]:
    found = _STEP.findall(path)
    return [
        json.loads(quoted) if quoted else int(place) if place.isdigit() else place or name
        for name, place, quoted in found
    ]


def _put_back(asked: Any, before: Any, steps: list[str | int]) -> Any:
    if not steps:
        return before
    step, rest = steps[0], steps[1:]
    if isinstance(asked, list) and isinstance(before, list):
        places = range(min(len(asked), len(before))) if step == EVERY else [step]
        kept = list(asked)
        for place in places:
            if isinstance(place, int) and place < min(len(asked), len(before)):
                kept[place] = _put_back(asked[place], before[place], rest)
        return kept
    if not isinstance(asked, Mapping | None) or not isinstance(before, Mapping | None):
        return asked
    there, then = dict(asked or {}), before or {}
    for name in {*there, *then} if step == EVERY else [str(step)]:
        value = _put_back(there.get(name), then.get(name), rest)
        if value is None:
            there.pop(name, None)
        else:
            there[name] = value
    return there if there or asked is not None else None
