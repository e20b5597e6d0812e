"""The code of README, guide and reference: every program runs, and every command and link exists."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import pulumi
import pulumi_opendatasoft as ods
import pytest
from opendatasoft_emulator.__main__ import serve
from pulumi_opendatasoft.commands.group import opendatasoft
from pulumi_opendatasoft.configuration import from_config

from ..conftest import Portal
from ..emulator.harvesting import region_files
from ..engine.stacks import ROOT, engine_folder
from ..engine_stub.engine import Engine
from ..preloaded.python import preloaded
from .documents import HEAD, Block, anchors, blocks, commands, documents, programs
from .file_server import FileServer, serving

GUIDE = ROOT / "docs" / "guide"
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
CONFIGURATION = GUIDE / "configuration.md"
SERVER = "https://files.mycity.org"
FILES = {
    "data/measures.csv": "day,pm10\n2026-01-01,12\n2026-01-02,17\n",
    "data/stations.json": '[{"station": "Main Street", "height": 3}]',
    "traffic.csv": "station;cars\nMain Street;12\n",
    "pages/welcome.en.html": "<h1>Welcome</h1>\n",
    "pages/welcome.fr.html": "<h1>Bienvenue</h1>\n",
    "pages/style.css": "h1 { color: teal; }\n",
    "images/logo.svg": "<svg/>",
    "docs/guide.pdf": "%PDF-1.4 a guide for readers",
    "data/air.gpkg": "an export in another format",
}
"""The files that the programs read: beside them, or from their file server."""

CONFIGURED = ("fileServerPassword", "code", "nonce", "connectionString", "storageKey", "secretAccessKey")
"""The secrets that the programs take from their configuration."""

LANGUAGES = {"python", "sh", "text"}
TOOLS = {"cat", "cd", "cp", "curl", "exit", "git", "kill", "make", "pip", "pulumi", "sleep"} | {
    "opendatasoft",
    "opendatasoft-emulator",
}

# ---------------------------------------------------------------- programs


@pytest.fixture
def city(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A stack with the files and the configuration that the programs use."""
    for name, text in FILES.items():
        (engine.folder / name).parent.mkdir(exist_ok=True)
        (engine.folder / name).write_text(text)
    monkeypatch.chdir(engine.folder)
    portal = {"domain": engine.config["opendatasoft:domain"], "apiKey": engine.config["opendatasoft:apiKey"]}
    engine.config["opendatasoft:portals"] = json.dumps({"test": portal})
    # Where functions find it: the configuration of the stub is the provider's alone.
    monkeypatch.setenv("OPENDATASOFT_DOMAIN", portal["domain"])
    monkeypatch.setenv("OPENDATASOFT_API_KEY", portal["apiKey"])
    pulumi.runtime.set_all_config({f"city:{name}": f"a {name}" for name in CONFIGURED})
    return engine


@pytest.fixture
def server(city: Engine) -> Iterator[FileServer]:
    """The city's file server."""
    with serving(city.folder, "portal", "a fileServerPassword") as server:
        yield server


def furnish(portal: Portal, text: str) -> None:
    """Put on a portal what a program expects there."""
    if '"weather-of-the-region"' in text:
        title = {"default": {"title": {"value": "The weather of others"}}}
        portal.post("/datasets/", {"dataset_id": "weather-of-the-region", "metadata": title})
    if '"Data team"' in text:
        portal.post("/groups/", {"title": "Data team"})
    if "preview_harvester" in text:
        region_files(portal.emulator.portal.folder)


@pytest.mark.parametrize("block", programs(), ids=str)
def test_program_is_settled_after_up(block: Block, city: Engine, portal: Portal, server: FileServer) -> None:
    furnish(portal, block.text)
    code = compile(HEAD + block.text.replace(SERVER, server.url), str(block), "exec")

    def declare() -> None:
        exec(code, {})

    with city.together():
        made = city.up(declare)
        assert set(made.steps.values()) == {"create"}
        if "adopt=True" in block.text:
            city.up(declare)  # the first one only read
        assert city.preview(declare).steps == {}
    with city.together():
        assert city.refresh().steps == {}
        ended = city.destroy(ok=None)
    if 'type="realtime"' in block.text and "allow_data_loss=True" not in block.text:
        assert "would be lost for good" in ended.errors[0]
    else:
        assert ended.errors == []


def test_programs_pass_a_strict_type_checker(tmp_path: Path) -> None:
    for number, block in enumerate(programs()):
        (tmp_path / f"program_{number}.py").write_text(f"# {block}\n{HEAD}{block.text}")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *sorted(str(file) for file in tmp_path.glob("*.py"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


# A stack within a test is in make test as well, without the test: tests/engine/test_automation_api.py.
@pytest.mark.parametrize(
    "names", [("city.py", "test_city.py"), pytest.param(("test_portal.py",), marks=pytest.mark.trust)], ids=str
)
def test_unit_tests_of_the_guide_pass(names: tuple[str, ...], tmp_path: Path, real_engine: None) -> None:
    files = [block for block in blocks("python") if block.file in names]
    for block in files:
        (tmp_path / block.file).write_text(HEAD + block.text)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OPENDATASOFT_", "PULUMI_"))}
    env["PATH"] = os.pathsep.join([str(preloaded().folder), str(engine_folder()), env["PATH"]])
    run = subprocess.run(
        [*preloaded().command, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    tests = re.findall(r"^def test_", "".join(block.text for block in files), re.MULTILINE)
    assert f"{len(tests)} passed" in run.stdout, run.stdout + run.stderr


# ---------------------------------------------------------------- messages


def quoted(page: str) -> str:
    """The message that a page of the guide quotes, on one line."""
    (block,) = [block for block in blocks("text") if block.document == GUIDE / page]
    return " ".join(block.text.split())


def test_adopting_quotes_the_message_about_an_existing_object(engine: Engine, portal: Portal) -> None:
    portal.post("/groups/", {"title": "Editors", "permissions": []})
    refused = engine.up(lambda: ods.Group("editors", title="Editors"), ok=False)
    assert refused.errors == [quoted("adopting.md")]


def test_datasets_quotes_the_message_about_lost_records(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: ods.Dataset("air", published=True))
    refused = engine.preview(lambda: ods.Dataset("air", published=False), ok=False)
    assert refused.errors == [quoted("datasets.md")]


def test_messages_of_the_troubleshooting_page_exist() -> None:
    source = "".join(path.read_text() for path in sorted((ROOT / "provider" / "pulumi_opendatasoft").rglob("*.py")))
    messages = (GUIDE / "troubleshooting.md").read_text().partition("| message contains |")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([^`]+)` \|", messages, re.MULTILINE)
    assert len(listed) > 10
    assert [message for message in listed for piece in message.split("…") if piece.strip() not in source] == []


# ---------------------------------------------------------------- commands


def test_every_block_names_its_language() -> None:
    assert [str(block) for block in blocks() if block.language not in LANGUAGES] == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_all_code_stands_in_fenced_blocks(document: Path) -> None:
    outside = re.sub(r"^```.*?^```$", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert outside.count("```") == 0
    assert re.findall(r"\n\n {4}\S.*", outside) == []


def parse(command: click.Command, words: list[str]) -> None:
    """Raise for an unknown command or option of `opendatasoft`, or a missing argument."""
    if words == ["--help"]:
        return
    if isinstance(command, click.Group):
        inner = command.get_command(click.Context(command), words[0])
        assert inner is not None, words
        parse(inner, words[1:])
    else:
        command.make_context("opendatasoft", words).close()


@pytest.mark.parametrize("block", blocks("sh"), ids=str)
def test_commands_exist(block: Block) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    exported = {words[2] for words in commands(block) if words[:2] == ["opendatasoft", "export"]}
    for words in commands(block):
        assert words[0] in TOOLS or words[0] == "pytest", words
        if words[0] == "make":
            assert {word for word in words[1:] if "=" not in word} <= targets
        if words[0] == "cd":
            assert words[1].startswith(("~", "/tmp")) or words[1] in exported or (ROOT / words[1]).is_dir()
        if words[0] == "opendatasoft":
            arguments = itertools.takewhile(lambda word: not re.match(r"[<>]", word), words[1:])
            parse(opendatasoft, list(arguments))
        if words[0] == "opendatasoft-emulator":
            assert words[1] == "serve"
            assert {word for word in words if word.startswith("--")} <= {
                option for parameter in serve.params for option in parameter.opts
            }


def test_commands_of_pulumi_and_their_options_exist(real_engine: None, tmp_path: Path) -> None:
    used: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for block in blocks("sh"):
        for words in commands(block):
            if words[0] == "pulumi":
                command = tuple(words[1:3] if words[1] in ("config", "stack", "state") else words[1:2])
                used[command] |= {word.partition("=")[0] for word in words if word.startswith("-")}
    folder = engine_folder()
    assert folder is not None
    # Hidden in pulumi: the help of all commands as files, in the time of one `--help`. Other names have none.
    subprocess.run([folder / "pulumi", "gen-markdown", tmp_path], capture_output=True, check=True)
    for command, options in used.items():
        page = tmp_path / f"pulumi_{'_'.join(command)}.md"
        if page.exists():
            text = page.read_text().partition("\n## Options\n")[2]
        else:
            called = [str(folder / "pulumi"), *command, "--help"]
            text = subprocess.run(called, capture_output=True, text=True, check=True).stdout
            # Of a command that does not exist, pulumi prints the help of what is above it.
            usage = rf"^  pulumi {''.join(f'{word} ' for word in command[:-1])}[a-z]"
            assert re.search(usage, text, re.MULTILINE), command
        known = set(re.findall(r"(?<!\S)(--?[\w-]+)", text))
        assert options <= known, command


# ---------------------------------------------------------------- facts


def test_configuration_page_lists_every_key() -> None:
    read = set()

    def get(name: str) -> str | None:
        read.add(name)
        return {"domain": "mycity", "apiKey": "a key"}.get(name)

    from_config(get)
    listed = re.findall(r"^\| `([a-z]\w*)` \|", CONFIGURATION.read_text(), re.MULTILINE)
    assert set(listed) == read | {"portals"}


def test_readme_is_short() -> None:
    assert len(README.read_text().splitlines()) <= 250


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(document: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        name, _, anchor = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), target


def test_architecture_names_files_that_exist() -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", ARCHITECTURE.read_text()))
    files = [f"/{path.relative_to(ROOT)}" for top in ("provider", "tests") for path in (ROOT / top).rglob("*.py")]
    assert len(named) > 60
    assert sorted(name for name in named if not any(file.endswith(f"/{name}") for file in files)) == []


@pytest.mark.parametrize("package", ["commands", "program", "lifecycle", "schema", "client"])
def test_architecture_describes_every_module(package: str) -> None:
    section = re.split(rf"^### {package}$", ARCHITECTURE.read_text(), flags=re.MULTILINE)[1].partition("\n#")[0]
    rows = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)
    described = {name for row in rows for name in re.findall(r"`(\w+)\.py`", row)}
    folder = ROOT / "provider" / "pulumi_opendatasoft" / package
    assert described == {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_every_law_names_its_tests() -> None:
    laws = ARCHITECTURE.read_text().partition("\n## Laws\n")[2].partition("\n## ")[0]
    entries = re.split(r"^\d+\. ", laws, flags=re.MULTILINE)[1:]
    assert len(entries) == 11
    assert [entry for entry in entries if not re.search(r"Enforced by:\s+`tests/", entry)] == []
