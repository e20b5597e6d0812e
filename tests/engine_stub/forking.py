"""A process that has imported what provider servers need, and forks one for each command of the stand-in.

It is a program of its own: one JSON order a line on stdin, one JSON answer a line on stdout. What runs in a fork is
what `python -u -m pulumi.dynamic ADDRESS` runs, the line by which Pulumi's own plugin script starts the server; the
imports, which take a second, and the models of the checks are all that is shared.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
from typing import Any, NoReturn

import pulumi_opendatasoft.dynamic.provider  # noqa: F401  # imported once, for every server
from pulumi_opendatasoft.program.resource import REGISTRY


def serve(address: str, folder: str, log: str, port: int) -> NoReturn:
    """Become the server of an engine at `address`; it writes its port to the pipe `port`, and the rest to `log`."""
    nothing, noise = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, target in ((nothing, 0), (port, 1), (noise, 2)):
        os.dup2(source, target)
    os.chdir(folder)
    sys.argv = ["pulumi.dynamic", address]
    runpy.run_module("pulumi.dynamic", run_name="__main__", alter_sys=True)
    os._exit(0)


def start(order: dict[str, str]) -> dict[str, Any]:
    """Fork a server, and tell its process and its port (0 where it did not come up)."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        serve(order["address"], order["folder"], order["log"], writing)
    os.close(writing)
    with os.fdopen(reading) as told:
        return {"process": process, "port": int(told.readline() or 0)}


def stop(process: int) -> dict[str, Any]:
    """End a server as the engine ends its plugins: at once."""
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return {"process": process}


def main() -> None:
    """Carry out orders until stdin ends."""
    for kind in REGISTRY.values():
        kind.lifecycle().check({}, {})  # what a server would build at its first check
    for line in sys.stdin:
        order = json.loads(line)
        answer = stop(order["stop"]) if "stop" in order else start(order)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
