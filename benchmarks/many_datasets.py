"""How long a portal of many datasets takes, and how many calls, on a portal that answers after some time.

.venv/bin/python -m benchmarks.many_datasets [--datasets 150] [--latency 100] [--parallel 32]
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter
from pathlib import Path

from opendatasoft_emulator.server import Emulator

from tests.conftest import Portal
from tests.engine.stacks import Stack

PROGRAM = """
    editors = ods.Group("editors", title="Editors")
    for number in range({datasets}):
        ods.Dataset(
            f"air-{{number}}",
            metadata=ods.Metadata(
                default=ods.DefaultMetadata(title=f"{title} {{number}}", language="en", keyword=["air"]),
                internal=ods.InternalMetadata(license_id="cc_by"),
            ),
            sources={{"day": ods.Source(
                type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv"))
            )}},
            fields=[
                ods.RenameField(from_name="value", to_name="pm10", field_label="PM10"),
                ods.TypeField(field="day", type_param="date"),
            ],
            group_access=[ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset"])],
            published=True,
        )
"""


def main() -> None:
    """Bring the stack up, look at it, change it, and put it away; a line for each."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--datasets", type=int, default=150)
    arguments.add_argument("--latency", type=int, default=100, help="milliseconds until the portal answers")
    arguments.add_argument("--parallel", type=int, default=32)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, Emulator(Path(folder) / "portal") as emulator:
        portal = Portal(emulator)
        portal.set(latency_ms=asked.latency)
        stack = Stack(Path(folder) / "stack", domain=portal.url, key=portal.key)
        stack.file("air.csv", "day,value\n2026-01-01,3\n2026-01-02,4\n")
        stack.run("config", "set", "opendatasoft:maxConcurrency", str(asked.parallel))
        wide = ("--parallel", str(asked.parallel))
        print(f"{asked.datasets} datasets, {asked.latency} ms to an answer, --parallel {asked.parallel}")
        for number, (what, words) in enumerate(
            (
                ("up, from nothing", ("up", "--yes", "--skip-preview", *wide)),
                ("preview, unchanged", ("preview", *wide)),
                ("refresh", ("refresh", "--yes", "--skip-preview", *wide)),
                ("up, every title changed", ("up", "--yes", "--skip-preview", *wide)),
                ("destroy", ("destroy", "--yes", "--skip-preview", *wide)),
            )
        ):
            title = "Air" if number < 3 else "Luft"
            stack.program(PROGRAM.format(datasets=asked.datasets, title=title))
            _measure(portal, stack, what, words, asked.datasets)


def _measure(portal: Portal, stack: Stack, what: str, words: tuple[str, ...], datasets: int) -> None:
    portal.forget()
    began = time.monotonic()
    stack.run(*words)
    seconds = time.monotonic() - began
    calls = Counter(re.sub(r"(da|re|pr|co)_\w{6}", "*", call) for call in portal.requests())
    print(f"\n{what}: {seconds:.1f} s, {calls.total()} calls, {calls.total() / datasets:.1f} for each dataset")
    for call, count in calls.most_common():
        print(f"  {count:6}  {call}")


if __name__ == "__main__":
    main()
