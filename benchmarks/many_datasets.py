"""The seconds and the calls of pulumi-opendatasoft on a portal with many datasets.

.venv/bin/python -m benchmarks.many_datasets [--datasets 150] [--latency 100]
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from pathlib import Path

from opendatasoft_emulator.server import Emulator

from tests.conftest import Portal

from .contestants import PARALLEL, OnTheEngine, settle
from .report import OPERATIONS


def main() -> None:
    """Run each operation, and print its seconds and how often each call was made."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--datasets", type=int, default=150)
    arguments.add_argument("--latency", type=int, default=100, help="milliseconds until the portal answers")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, Emulator(Path(folder) / "portal") as emulator:
        portal = Portal(emulator)
        stack = OnTheEngine("ours", Path(folder) / "stack", portal, asked.datasets)
        print(f"{asked.datasets} datasets, {asked.latency} ms to an answer, --parallel {PARALLEL}")
        for operation, words in OPERATIONS.items():
            portal.set(latency_ms=0)
            settle(portal)
            portal.set(latency_ms=asked.latency)
            seconds = stack.run(operation).seconds
            calls = Counter(re.sub(r"(da|re|pr|co)_\w{6}", "*", call) for call in portal.requests())
            print(f"\n{words}: {seconds:.1f} s, {calls.total()} calls, {calls.total() / asked.datasets:.1f} for each")
            for call, count in calls.most_common():
                print(f"  {count:6}  {call}")


if __name__ == "__main__":
    main()
