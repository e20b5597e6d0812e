"""A canary in every secret of every resource type: no command, log, plan, event or file contains one in plain text."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine.stacks import ROOT, Stack
from ..examples.file_server import serving
from ..golden.test_states import secrets_given
from ..samples import PASSWORD, RECORDS, USER
from .table import SEED, Outcome, Record

PROGRAM = """
import sys

sys.path.insert(0, {root!r})
import tests.samples
import tests.samples.connections

{changes}
tests.samples.declare({files!r})
"""


LOUD = ("-v=8", "--logtostderr", "--debug")


class Written:
    """Everything that was printed, or written to a file, while a stack lived."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.texts: dict[str, str] = {}

    def run(self, name: str, *words: str, ok: bool | None = True) -> None:
        """Run a command as loudly as it can be, and keep its output and the files that it left."""
        events = self.stack.folder / f"{len(self.texts)}.events"
        more = [] if words[0] == "stack" else [*LOUD, "--event-log", str(events)]
        result = self.stack.run(*words, *more, ok=ok, env={"PULUMI_DEBUG_COMMANDS": "true"})
        self.texts[f"{name}: output"] = result.text
        for path in self.stack.folder.rglob("*"):
            # Python's own copy of the program contains what the program does.
            if path.is_file() and path.name != "__main__.py" and path.parent.name != "__pycache__":
                self.texts[f"{name}: {path.relative_to(self.stack.folder)}"] = path.read_bytes().decode("latin-1")

    def lines_with(self, secrets: set[str]) -> list[str]:
        """The lines that contain a secret, each once, with the place of the line."""
        pattern = re.compile("|".join(map(re.escape, sorted(secrets))))
        return sorted(
            {
                f"{name}: {line.strip()[:200]}"
                for name, text in self.texts.items()
                for line in text.splitlines()
                if pattern.search(line)
            }
        )


@pytest.fixture
def canaries(tmp_path: Path, real_engine: None) -> Iterator[tuple[Stack, Portal, str]]:
    """A stack with an empty program, its portal, and the address of a web server with the samples' file."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "air.csv").write_text(RECORDS)
    with Emulator(tmp_path / "portal") as emulator, serving(served, USER, PASSWORD) as server:
        portal = Portal(emulator)
        with closing(portal):
            stack = Stack(tmp_path / "stack", domain=portal.url, key="of-no-use")
            del stack.env["OPENDATASOFT_API_KEY"]
            stack.run("config", "set", "--secret", "opendatasoft:apiKey", portal.key)
            stack.file("air.csv", RECORDS)
            yield stack, portal, server.url


@pytest.mark.trust
def test_no_canary_is_written_in_plain_text(canaries: tuple[Stack, Portal, str], record: Record) -> None:
    stack, portal, files = canaries
    rng = random.Random(SEED)
    written = Written(stack)
    program = PROGRAM.format(root=str(ROOT), files=files, changes="{changes}")
    stack.program(program.format(changes=""))
    first = secrets_given(stack.folder)
    assert len(first) > 6
    written.run("preview", "preview", "--diff", "--save-plan", "plan.json")
    written.run("up", "up", "--yes", "--skip-preview")
    made = {key["key"] for key in portal.emulator.portal.store.all("api_key")}
    made |= {uid.partition("pushkey=")[2] for uid in push_addresses(portal)}

    stack.program(program.format(changes=f'tests.samples.connections.PASSWORD = "{PASSWORD}-rotated"'))
    written.run("preview of a rotation", "preview", "--diff")
    assert "[secret]" in written.texts["preview of a rotation: output"]
    call = rng.choice(("PUT", "GET"))
    portal.fail({"method": call, "path": "/datasource_connections/", "nth": 1, "fault": "garbage"})
    written.run("failed up", "up", "--yes", "--skip-preview", ok=False)
    portal.fail()
    written.run("up of a rotation", "up", "--yes", "--skip-preview")
    written.run("refresh", "refresh", "--yes", "--skip-preview")
    written.run("export", "stack", "export")
    written.run("destroy", "destroy", "--yes", "--skip-preview")

    secrets = first | made | {f"{PASSWORD}-rotated"}
    found = written.lines_with(secrets - {""})
    assert {line.partition(":")[0] for line in written.lines_with({"snowflake_odbc"})} >= {"preview", "up", "export"}
    record("all commands", "canary", Outcome.LEFT_BEHIND if found else Outcome.BY_ITSELF)
    assert found == []


def push_addresses(portal: Portal) -> list[str]:
    """The addresses to which records of the portal's datasets are pushed."""
    sources = [one for d in portal.all("/datasets/") for one in portal.all(f"/datasets/{d['uid']}/resources/")]
    return [source["url"] for source in sources if source.get("url")]
