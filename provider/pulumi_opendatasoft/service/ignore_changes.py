"""Pulumi's `ignore_changes`: its property paths, and the desired values with the prior ones at these paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..lifecycle.results import State

_STEP = re.compile(r'([^.\[\]]+)|\[(\d+|\*)\]|\[("(?:[^"\\]|\\.)*")\]')
EVERY = "*"


def keep_ignored(desired: State, prior: State, paths: Iterable[str], *, is_whole: bool) -> State:
    """Return the desired values, with those of the state wherever changes are ignored.

    The engine puts back the last inputs of the **program**. An adopted object has other values on the portal, and
    those are to stay.

    Args:
        desired: the program's values, in canonical form.
        prior: the state.
        paths: Pulumi's property paths, such as `tags["team"]`, `rules[*].label`.
        is_whole: whether the state is of a finished object. If it is not, properties that the state lacks are still
            to be written, and so stay as desired.
    """
    for path in paths:
        steps = _steps(path)
        if steps and (is_whole or steps[0] in prior):
            desired = _put_back(desired, prior, steps)
    return desired


def _steps(path: str) -> list[str | int]:
    found = _STEP.findall(path)
    return [
        json.loads(quoted) if quoted else int(index) if index.isdigit() else index or name
        for name, index, quoted in found
    ]


def _put_back(desired: Any, prior: Any, steps: list[str | int]) -> Any:
    if not steps:
        return prior
    step, rest = steps[0], steps[1:]
    if isinstance(desired, list) and isinstance(prior, list):
        indices = range(min(len(desired), len(prior))) if step == EVERY else [step]
        items = list(desired)
        for index in indices:
            if isinstance(index, int) and index < min(len(desired), len(prior)):
                items[index] = _put_back(desired[index], prior[index], rest)
        return items
    if not isinstance(desired, Mapping | None) or not isinstance(prior, Mapping | None):
        return desired
    members, old = dict(desired or {}), prior or {}
    for name in {*members, *old} if step == EVERY else [str(step)]:
        value = _put_back(members.get(name), old.get(name), rest)
        if value is None:
            members.pop(name, None)
        else:
            members[name] = value
    return members if members or desired is not None else None
