"""The demo: a portal on this machine, and the stack `demo` of the top-level project on it.

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

from tools import environment, portal, seed
from tools.engine import install

STACK = "demo"
PROJECT = "opendatasoft-quickstart"

SIDE_BY_SIDE = "32"
"""How many resources the engine may work on at once; its own default is four times the number of processors."""


class DemoError(Exception):
    """The demo cannot go on; the message contains the reason and the remedy."""


def up(port: int | None) -> None:
    """Start the portal if it does not run, bring the stack up, and print the portal's public datasets.

    Raises DemoError, portal.PortalError or seed.SeedError.
    """
    one = _portal_for(port)
    seed.seed(one.address, one.key)
    seed.serve_region(portal.DATA)
    if not _stack_exists() and _pulumi("stack", "init", STACK) != 0:
        raise DemoError("The stack could not be created; pulumi's reason is above.")
    print(f"Bringing the stack {STACK} up...", flush=True)
    if _pulumi("up", "--stack", STACK, "--yes", "--parallel", SIDE_BY_SIDE) != 0:
        raise DemoError(
            "pulumi up failed; its reason is above. The portal still runs, so: make demo to try again, or make down"
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
            raise DemoError("pulumi destroy failed; its reason is above. The portal still runs. Try again: make down")
    if one is None:
        print("Nothing to take down.")
        return
    print("Stopping the portal...", flush=True)
    portal.stop(one)
    print("Done. What else the portal contains stays in .state/portal until make clean.")


def stop() -> None:
    """Stop the portal and leave everything else as it is."""
    if (one := portal.running()) is not None:
        print("Stopping the portal...", flush=True)
        portal.stop(one)


def _portal_for(port: int | None) -> portal.Portal:
    """Return the running portal of the demo; start it if necessary, on `port` or on the port of last time."""
    one = portal.running()
    if one is None:
        last = portal.recorded() if _stack_exists() else None
        one = _start(port or (last.port if last else portal.USUAL_PORT))
    elif port not in (None, one.port):
        raise DemoError(f"The portal runs already, at {one.address}. To move it: make down, then make demo PORT={port}")
    print(f"The portal runs at {one.address}", flush=True)
    return one


def _start(port: int) -> portal.Portal:
    """Start the portal; if it had another port before, bring the stack's state to the new one.

    A resource in a stack's state belongs to the host, port included, on which it was created.
    """
    last = portal.recorded()
    print("Starting the portal...", flush=True)
    one = portal.start(port)
    if last is None or last.port == port or not _stack_exists():
        return one
    print(f"Updating the stack, because its portal has moved from port {last.port}...", flush=True)
    # With the program: without it the engine would use the configuration of the last update.
    follow = ("refresh", "--stack", STACK, "--yes", "--skip-preview", "--run-program")
    moved = ("config", "set", "opendatasoft:movedFrom", f"127.0.0.1:{last.port}", "--stack", STACK)
    if _pulumi(*moved) != 0 or _pulumi(*follow) != 0:
        raise DemoError("The stack could not be updated; pulumi's reason is above. To start from scratch: make clean")
    return one


def _stack_exists() -> bool:
    """Whether the backend of this checkout contains the stack."""
    return (portal.STATE / "pulumi" / ".pulumi" / "stacks" / PROJECT / f"{STACK}.json").exists()


def _pulumi(*arguments: str) -> int:
    """Run pulumi on the top-level project, in this terminal, and return its exit code."""
    process = subprocess.Popen(["pulumi", *arguments], cwd=portal.CHECKOUT, env=_environment())
    # The terminal sends Ctrl-C to pulumi as well, which then ends in an orderly way and must not be killed.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def _environment() -> dict[str, str]:
    return os.environ | environment.variables()


def _what_changed() -> str:
    """Return one line about the last update, from `pulumi stack history`."""
    command = ["pulumi", "stack", "history", "--stack", STACK, "--json", "--page-size", "1"]
    history = subprocess.run(
        command, cwd=portal.CHECKOUT, env=_environment(), capture_output=True, text=True, check=True
    )
    updates: list[dict[str, Any]] = json.loads(history.stdout)
    counts: dict[str, int] = updates[0]["resourceChanges"]
    changed = {kind: count for kind, count in counts.items() if kind != "same"}
    if not changed:
        return f"The stack is unchanged: all {counts['same']} resources match the program."
    participles = {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced"}
    return "The stack has changed: " + ", ".join(f"{n} {participles.get(kind, kind)}" for kind, n in changed.items())


def _show(one: portal.Portal) -> None:
    """Print the public datasets of the portal with their numbers of records, as its Explore API returns them."""
    root = f"{one.address}/api/explore/v2.1/catalog/datasets"
    with httpx.Client(timeout=30) as client:
        catalog = _get(client, root, limit=100)
        print(f"Public datasets of the portal at {one.address}:")
        for entry in catalog["results"]:
            dataset_id, title = entry["dataset_id"], entry["metas"]["default"]["title"]
            records: int = _get(client, f"{root}/{dataset_id}/records", limit=0)["total_count"]
            print(f"  {dataset_id}: {title}, {records:,} records")
        if catalog["total_count"] > len(catalog["results"]):
            print(f"  and {catalog['total_count'] - len(catalog['results'])} more datasets")
    print("Next: make shell, then pulumi preview --stack demo. At the end: make down")


def _get(client: httpx.Client, url: str, **query: int) -> Any:
    """Return the JSON of one response. Raises DemoError when there is none."""
    try:
        response = client.get(url, params=query)
        if response.is_success:
            return response.json()
        reason = f"{url} returned {response.status_code}"
    except (httpx.HTTPError, ValueError) as failure:
        reason = str(failure)
    raise DemoError(f"The portal's catalogue cannot be read: {reason}\nThe portal's log: {portal.LOG}")


def main() -> int:
    """Carry out `up`, `down` or `stop`; return the exit code, after a message on stderr where it is not 0."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up").add_argument("--port", type=int)
    commands.add_parser("down")
    commands.add_parser("stop")
    arguments = parser.parse_args()
    try:
        if arguments.command == "up":
            up(arguments.port)
        else:
            {"down": down, "stop": stop}[arguments.command]()
    except (DemoError, portal.PortalError, seed.SeedError, install.NoEngineError) as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted. Continue: make demo. Or remove everything: make down", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
