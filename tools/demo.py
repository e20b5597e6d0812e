"""Knows the demo: a portal on this machine, and the stack `demo` of the top-level project on it.

`python -m tools.demo up [--port N]` and `down` are `make demo` and `make down`; `stop` only stops the portal.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from typing import Any

import httpx

from tools import environment, portal
from tools.engine import install

STACK = "demo"
PROJECT = "opendatasoft-quickstart"

SIDE_BY_SIDE = "32"
"""How many resources the engine may work on at once; its own default is four times the number of processors."""


class DemoError(Exception):
    """The demo stops here; the message says why and what to do."""


def up(port: int | None) -> None:
    """Start the portal if it does not run, bring the stack up, and tell what the portal then shows to the public."""
    one = _portal_for(port)
    if not _stack_exists() and _pulumi("stack", "init", STACK) != 0:
        raise DemoError("The stack could not be made; pulumi's reason is above.")
    print(f"Bringing the stack {STACK} up...", flush=True)
    if _pulumi("up", "--stack", STACK, "--yes", "--parallel", SIDE_BY_SIDE) != 0:
        raise DemoError(
            "The stack is not up; pulumi's reason is above. The portal still runs, so: make demo, or make down"
        )
    print()
    print(_what_changed())
    _show(one)


def down() -> None:
    """Destroy the stack, on a portal that is started for it if need be, and stop the portal."""
    one = portal.running()
    if _stack_exists():
        if one is None:
            last = portal.recorded()
            one = _start(portal.free_port_from(last.port if last else portal.USUAL_PORT))
        print(f"Destroying the stack {STACK}...", flush=True)
        if _pulumi("destroy", "--stack", STACK, "--yes", "--remove", "--parallel", SIDE_BY_SIDE) != 0:
            raise DemoError(
                "The stack is not destroyed; pulumi's reason is above. The portal still runs; try: make down"
            )
    if one is None:
        print("Nothing to take down.")
        return
    print("Stopping the portal...", flush=True)
    portal.stop(one)
    print("Down. What the portal holds besides the stack is kept in .state/portal.")


def stop() -> None:
    """Stop the portal and leave everything else as it is."""
    if (one := portal.running()) is not None:
        print("Stopping the portal...", flush=True)
        portal.stop(one)


def _portal_for(port: int | None) -> portal.Portal:
    """Return the portal of the demo, started if need be, on the port that is asked or that its stack knows."""
    one = portal.running()
    if one is None:
        last = portal.recorded() if _stack_exists() else None
        one = _start(port or (last.port if last else portal.USUAL_PORT))
    elif port not in (None, one.port):
        raise DemoError(f"The portal runs already, at {one.address}. To move it: make down, then make demo PORT={port}")
    print(f"The portal runs at {one.address}", flush=True)
    return one


def _start(port: int) -> portal.Portal:
    """Start the portal and, where the stack was made on another port, tell the stack that its portal has moved.

    What is in a stack's state belongs to the host, port included, on which it was made.
    """
    last = portal.recorded()
    print("Starting the portal...", flush=True)
    one = portal.start(port)
    if last is None or last.port == port or not _stack_exists():
        return one
    print(f"Telling the stack that its portal has moved from port {last.port}...", flush=True)
    # With the program: without it the engine would use the configuration of the last update.
    follow = ("refresh", "--stack", STACK, "--yes", "--skip-preview", "--run-program")
    moved = ("config", "set", "opendatasoft:movedFrom", f"127.0.0.1:{last.port}", "--stack", STACK)
    if _pulumi(*moved) != 0 or _pulumi(*follow) != 0:
        raise DemoError("The stack does not follow its portal; pulumi's reason is above. To begin anew: make clean")
    return one


def _stack_exists() -> bool:
    """Whether the stack's state is in the backend of this checkout."""
    return (portal.STATE / "pulumi" / ".pulumi" / "stacks" / PROJECT / f"{STACK}.json").exists()


def _pulumi(*words: str) -> int:
    """Run pulumi on the top-level project, in this terminal, and return its exit code."""
    process = subprocess.Popen(["pulumi", *words], cwd=portal.CHECKOUT, env=_environment())
    # The terminal sends Ctrl-C to pulumi too, which knows how to stop; it must not be killed while it does.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def _environment() -> dict[str, str]:
    return os.environ | environment.variables()


def _what_changed() -> str:
    """Return one line on what the last update did, from pulumi's own history."""
    order = ["pulumi", "stack", "history", "--stack", STACK, "--json", "--page-size", "1"]
    told = subprocess.run(order, cwd=portal.CHECKOUT, env=_environment(), capture_output=True, text=True, check=True)
    updates: list[dict[str, Any]] = json.loads(told.stdout)
    counts: dict[str, int] = updates[0]["resourceChanges"]
    changed = {kind: count for kind, count in counts.items() if kind != "same"}
    if not changed:
        return f"The stack is unchanged: all {counts['same']} resources are as the program says."
    words = {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced"}
    return "The stack has changed: " + ", ".join(f"{n} {words.get(kind, kind)}" for kind, n in changed.items())


def _show(one: portal.Portal) -> None:
    """Print each dataset of the portal with its number of records, as its Explore API tells them, and the address."""
    root = f"{one.address}/api/explore/v2.1/catalog/datasets"
    with httpx.Client(timeout=30) as client:
        catalog = _get(client, root, limit=100)
        print(f"What the portal at {one.address} shows to the public:")
        for entry in catalog["results"]:
            dataset_id, title = entry["dataset_id"], entry["metas"]["default"]["title"]
            records: int = _get(client, f"{root}/{dataset_id}/records", limit=0)["total_count"]
            print(f"  {dataset_id}: {title}, {records:,} records")
        if catalog["total_count"] > len(catalog["results"]):
            print(f"  and {catalog['total_count'] - len(catalog['results'])} more datasets")
    print("Drive it by hand: make shell, then pulumi preview --stack demo. Take it down: make down")


def _get(client: httpx.Client, url: str, **query: int) -> Any:
    """Return the JSON of one answer; raises DemoError when the portal does not give it."""
    try:
        answer = client.get(url, params=query)
        if answer.is_success:
            return answer.json()
        reason = f"{url} answered {answer.status_code}"
    except (httpx.HTTPError, ValueError) as failure:
        reason = str(failure)
    raise DemoError(f"The portal does not tell what it holds: {reason}\nIts log is {portal.LOG}")


def main() -> int:
    """Carry out `up` or `down`; 1 and a line or two on stderr when that fails."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    deeds = parser.add_subparsers(dest="deed", required=True)
    deeds.add_parser("up").add_argument("--port", type=int)
    deeds.add_parser("down")
    deeds.add_parser("stop")
    asked = parser.parse_args()
    try:
        if asked.deed == "up":
            up(asked.port)
        else:
            {"down": down, "stop": stop}[asked.deed]()
    except (DemoError, portal.PortalError, install.NoEngineError) as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What is there stays: make demo goes on, make down takes it away.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
