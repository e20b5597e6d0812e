"""The state of the stack of the run, from `pulumi stack export`, which reads it during an `up` too."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import threading
from collections.abc import Mapping
from typing import Any

TIMEOUT = 60.0
"""Seconds for the export."""

_EXPORT = threading.Lock()


def ids_at_start(stack: str) -> Mapping[str, list[str]]:
    """The ids in a stack's state by URN; empty where they cannot be found out.

    They are exported once for all calls that wait for them: no step of this run has changed these resources before.
    """
    with _EXPORT:
        return _ids(stack)


def pending_creates(stack: str, urn: str) -> int:
    """How many creates of a resource were begun and have not ended, as far as the state shows it at this moment."""
    pending = _deployment(stack).get("pending_operations") or []
    return sum(one.get("type") == "creating" and (one.get("resource") or {}).get("urn") == urn for one in pending)


@functools.cache
def _ids(stack: str) -> Mapping[str, list[str]]:
    ids: dict[str, list[str]] = {}
    for resource in _deployment(stack).get("resources") or []:
        ids.setdefault(resource.get("urn", ""), []).append(resource.get("id", ""))
    return ids


def _deployment(stack: str) -> Mapping[str, Any]:
    command = shutil.which("pulumi")
    if command is None:
        return {}
    arguments = [command, "stack", "export", "--stack", stack, "--non-interactive"]
    try:
        exported = subprocess.run(arguments, capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT, check=True)
        deployment = json.loads(exported.stdout)["deployment"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return {}
    return deployment if isinstance(deployment, dict) else {}
