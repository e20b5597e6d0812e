"""What the README says in code: each of its programs comes up, changes nothing afterwards, and goes down."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest
from pulumi_opendatasoft import configuration

from ..conftest import Portal
from ..engine.stacks import ROOT
from ..engine_stub.engine import Engine
from .file_server import FileServer, serving

README = (ROOT / "README.md").read_text()
HEAD = "import pulumi\nimport pulumi_opendatasoft as ods\n\n"
PROGRAMS = [HEAD + program for program in re.findall(r"```python\n(.*?)```", README, re.DOTALL)]
SERVER = "https://files.mycity.org"
FILES = {
    "data/measures.csv": "day,pm10\n2026-01-01,12\n2026-01-02,17\n",
    "data/stations.json": '[{"station": "Main Street", "height": 3}]',
    "traffic.csv": "station;cars\nMain Street;12\n",
}


@pytest.fixture
def city(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The stack of the README's city, with the files and the configuration that its programs speak of."""
    for name, text in FILES.items():
        (engine.folder / name).parent.mkdir(exist_ok=True)
        (engine.folder / name).write_text(text)
    monkeypatch.chdir(engine.folder)
    portal = {"domain": engine.config["opendatasoft:domain"], "apiKey": engine.config["opendatasoft:apiKey"]}
    engine.config["opendatasoft:portals"] = json.dumps({"test": portal})
    pulumi.runtime.set_all_config({"city:fileServerPassword": "a password"})
    return engine


@pytest.fixture
def server(city: Engine) -> Iterator[FileServer]:
    """The city's file server."""
    with serving(city.folder, "portal", "a password") as server:
        yield server


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.splitlines()[3])
def test_a_program_of_the_readme_lives_from_up_to_destroy(
    program: str, city: Engine, portal: Portal, server: FileServer
) -> None:
    if '"weather-of-the-region"' in program:
        title = {"default": {"title": {"value": "The weather of others"}}}
        portal.post("/datasets/", {"dataset_id": "weather-of-the-region", "metadata": title})
    code = compile(program.replace(SERVER, server.url), "README.md", "exec")

    def declare() -> None:
        exec(code, {})

    made = city.up(declare)
    assert set(made.steps.values()) == {"create"}
    if "adopt=True" in program:
        city.up(declare)  # the first one only read
    assert city.preview(declare).steps == {}
    assert city.refresh().steps == {}
    city.destroy()


def test_type_checkers_accept_the_programs_of_the_readme(tmp_path: Path) -> None:
    for number, program in enumerate(PROGRAMS):
        (tmp_path / f"program_{number}.py").write_text(program)
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *sorted(str(file) for file in tmp_path.glob("*.py"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_readme_names_every_key_of_the_configuration() -> None:
    asked = set()

    def get(name: str) -> str | None:
        asked.add(name)
        return {"domain": "mycity", "apiKey": "a key"}.get(name)

    configuration.from_config(get)
    section = README.partition("### Configure\n")[2].partition("\n### ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == asked | {"portals"}


def test_the_readme_leads_to_files_and_headings_that_are_there() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    }
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        if target.startswith("#"):
            assert target[1:] in headings
        else:
            assert (ROOT / target).exists()
