"""Makes the page docs/guide/mistakes.md: `python -m tests.mistakes.page` runs every mistake and writes what it shows.

The programs run on the stub of the engine, with the provider's real process and an emulator of the portal.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, closing
from dataclasses import dataclass
from pathlib import Path

from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.configuration import from_config, refuse_unknown
from pulumi_opendatasoft.errors import ConfigurationError

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from ..engine_stub.state import Outcome
from ..preloaded.python import close_preloaded
from .entries import TOPICS
from .mistake import Mistake

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "mistakes.md"

HEAD = "import pulumi\nimport pulumi_opendatasoft as ods\n\n"

INTRODUCTION = """\
<!-- Made by `make docs`: the tests run each of these programs. Do not edit. -->

# Mistakes

Common mistakes, and exactly what `pulumi` prints for each under Diagnostics. Left out are lines of Pulumi's own:

- `error: an unhandled error occurred: program exited with non-zero exit code: 1`, after the error of a program;
- the traceback before a `TypeError`, which names the line of the program;
- a warning about `__str__`, before the error about an Output in a text.

Kinds of messages and their remedies are in [Troubleshooting](troubleshooting.md).
"""

FOLDER = "/home/ana/city"
"""Stands on the page for the folder of the program."""


@dataclass(frozen=True)
class Bench:
    """A stack on the engine's stub with a portal, for one mistake after another."""

    engine: Engine
    portal: Portal

    def seen(self, mistake: Mistake) -> list[str]:
        """The lines that a user sees."""
        if mistake.portal or not mistake.code:
            return [f"error: {self._refusal(mistake)}"]
        self.portal.control.post("/reset").raise_for_status()
        self.portal.set()
        self._write_files()
        mistake.prepare(self.portal)
        self.engine.resources.clear()
        usual = dict(self.engine.config)
        try:
            if mistake.first:
                self.engine.up(lambda: _run(mistake.first))
            self.engine.config |= {f"opendatasoft:{name}": value for name, value in mistake.config.items()}
            return [self._as_on_the_page(line) for line in self._lines(mistake)]
        finally:
            self.engine.config.clear()
            self.engine.config |= usual

    def _lines(self, mistake: Mistake) -> Iterator[str]:
        outcome = Outcome()
        try:
            if mistake.step == "destroy":
                outcome = self.engine.destroy(ok=None)
            else:
                run = self.engine.up if mistake.step == "up" else self.engine.preview
                outcome = run(lambda: _run(mistake.code), ok=None)
        except TypeError as raised:
            yield "error: Program failed with an unhandled exception:"
            yield f"TypeError: {raised}"
        for line in outcome.lines:
            if line.severity == "WARNING":
                yield f"warning: {line.text}"
        unfinished = {"; ".join(r.unfinished): r.unfinished for r in self.engine.resources.values()}
        for error in outcome.errors:
            name, reasons = outcome.refused.get(error), unfinished.get(error, ())
            if reasons:
                yield f"error: {len(reasons)} error{'s' * (len(reasons) > 1)} occurred:"
                yield from (f"    * {reason}" for reason in reasons)
            else:
                yield f"error: {name} has a problem: {error}" if name else f"error: {error}"

    def _refusal(self, mistake: Mistake) -> str:
        config = {"domain": "mycity", "apiKey": "key", **mistake.config}
        try:
            refuse_unknown(config)
            from_config(config.get, mistake.portal or None)
        except ConfigurationError as error:
            return str(error)
        raise AssertionError(f"{mistake.title}: is no mistake")

    def _write_files(self) -> None:
        shutil.rmtree(self.engine.folder / "data", ignore_errors=True)
        (self.engine.folder / "data" / "2025").mkdir(parents=True)
        (self.engine.folder / "data" / "air.csv").write_text("Pool Name,day\nLido,2026-01-01\n")
        (self.engine.folder / "data" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
        (self.engine.folder / "data" / "2025" / "air.csv").write_text("Pool Name,day\nLido,2025-01-01\n")

    def _as_on_the_page(self, line: str) -> str:
        """A line without what differs from one run to another."""
        line = line.replace(str(self.engine.folder), FOLDER).replace(self.portal.host, "mycity.opendatasoft.com")
        line = re.sub(r"\b(da|co|pr|fi|fc|re)_[a-z0-9]{6}\b", _same_id, line)
        return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "6f1c0f1e-0000-4000-8000-000000000000", line)


def _same_id(found: re.Match[str]) -> str:
    return found[0] if found[0].endswith("_000000") else f"{found[1]}_a1b2c3"


def _run(code: str) -> None:
    exec(compile(HEAD + code, "__main__.py", "exec"), {})


def page() -> str:
    """The text of the page."""
    with tempfile.TemporaryDirectory() as folder, Emulator(Path(folder) / "portal") as emulator:
        portal = Portal(emulator)
        place = Path(os.path.realpath(folder)) / "city"
        with (
            closing(portal),
            Engine(Servers(), place, domain=portal.url, key=portal.key) as engine,
            chdir(place),
        ):
            return "".join(_parts(Bench(engine, portal)))


def _parts(bench: Bench) -> Iterator[str]:
    yield INTRODUCTION
    for topic in TOPICS:
        yield f"\n## {topic.title}\n"
        for mistake in topic.mistakes:
            yield f"\n### {mistake.title}\n"
            if mistake.first and mistake.step != "destroy":
                yield f"\nIt was:\n\n```python\n{mistake.first}\n```\n\nNow it is:\n"
            block = ("python", mistake.code) if mistake.code else ("text", mistake.commands)
            yield f"\n```{block[0]}\n{block[1]}\n```\n"
            lines = "\n".join(bench.seen(mistake))
            assert lines, f"{mistake.title}: nothing is printed"
            yield f"\n```text\n{lines}\n```\n"


def main() -> int:
    """Write the page; return the exit code."""
    PAGE.write_text(page())
    close_preloaded()
    print(f"Written: {PAGE.relative_to(PAGE.parents[2])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
