"""The frame of the command: its portal, its options, its errors and exit codes."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pulumi_opendatasoft import errors
from pulumi_opendatasoft.commands.exit_codes import MEANINGS, ExitCode, exit_code_of

from ..conftest import Portal
from ..engine.stacks import ROOT, Stack
from .conftest import Call

PULUMI = """#!{python}
import json, sys
wanted = sys.argv[sys.argv.index("--stack") + 1] if "--stack" in sys.argv else "dev"
if wanted not in {values}:
    sys.exit("error: no stack named '" + wanted + "' found")
print(json.dumps({values}[wanted]))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portal: Portal) -> Path:
    """A folder of a Pulumi project with a stack `dev`, and a `pulumi` that prints its configuration."""
    values = {
        "dev": {
            "opendatasoft:domain": {"value": portal.url, "secret": False},
            "opendatasoft:apiKey": {"value": portal.key, "secret": True},
            "city:colour": {"value": "blue", "secret": False},
        },
        "two": {
            "opendatasoft:portals": {
                "value": "{}",
                "objectValue": {"test": {"domain": portal.url, "apiKey": portal.key}},
                "secret": True,
            }
        },
    }
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(PULUMI.format(python=sys.executable, values=repr(values)))
    program.chmod(0o755)
    folder = tmp_path / "project"
    (folder / "inner").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: city\nruntime: python\n")
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.chdir(folder / "inner")
    return folder


NO_VARIABLES = {"OPENDATASOFT_DOMAIN": None, "OPENDATASOFT_API_KEY": None}


@pytest.fixture
def stack_of_portal(tmp_path: Path, portal: Portal, real_engine: None) -> Stack:
    """A stack on the real engine, without a program that matters."""
    return Stack(tmp_path / "stack", domain=portal.url, key=portal.key)


@pytest.fixture(scope="module")
def air(portal: Portal) -> str:
    uid: str = portal.post("/datasets/", {"dataset_id": "air", "metadata": {"default": {"title": {"value": "Air"}}}})[
        "uid"
    ]
    return uid


def test_the_portal_comes_from_the_environment(call: Call, air: str) -> None:
    assert call("status", "air", "--json").json["status"] == "idle"


def test_dataset_is_named_by_dataset_id_or_uid(call: Call, air: str) -> None:
    assert call("status", "air").stdout == call("status", air).stdout


def test_the_portal_comes_from_the_project_above(call: Call, air: str, project: Path) -> None:
    assert call("status", "air", "--json", **NO_VARIABLES).json["status"] == "idle"


def test_a_stack_and_a_portal_are_chosen(call: Call, air: str, project: Path) -> None:
    words = ("status", "air", "--json")
    assert call(*words, "--stack", "two", "--portal", "test", **NO_VARIABLES).json["status"] == "idle"
    assert call("--stack", "two", "--portal", "test", *words, **NO_VARIABLES).json["status"] == "idle"


def test_a_stack_is_stronger_than_the_environment(call: Call, air: str, project: Path) -> None:
    assert call("status", "air", "--stack", "dev", OPENDATASOFT_DOMAIN="http://127.0.0.1:1").code == 0


def test_stack_of_the_real_pulumi_is_read(
    call: Call, air: str, portal: Portal, stack_of_portal: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = stack_of_portal
    stack.run("config", "set", "--path", "opendatasoft:portals.test.domain", portal.url)
    stack.run("config", "set", "--secret", "--path", "opendatasoft:portals.test.apiKey", portal.key)
    monkeypatch.chdir(stack.folder)
    environment = {**stack.env, **NO_VARIABLES}
    assert call("status", air, "--portal", "test", "--json", **environment).json["status"] == "idle"


# ---------------------------------------------------------------- mistakes


def test_plain_http_from_the_environment_names_the_way(call: Call) -> None:
    failed = call("status", "air", OPENDATASOFT_DOMAIN="http://data.example.com", code=ExitCode.USAGE)
    assert "add --stack NAME" in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_no_portal_is_one_line_with_the_remedy(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    failed = call("status", "air", code=ExitCode.USAGE, **NO_VARIABLES)
    assert failed.stdout == ""
    assert failed.stderr.count("\n") == 1
    assert "set OPENDATASOFT_DOMAIN and OPENDATASOFT_API_KEY" in failed.stderr


def test_missing_key_of_a_domain_is_named(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "OPENDATASOFT_API_KEY" in call("status", "a", code=ExitCode.USAGE, OPENDATASOFT_API_KEY=None).stderr


def test_stack_that_does_not_exist_is_named(call: Call, project: Path) -> None:
    failed = call("status", "air", "--stack", "three", code=ExitCode.USAGE)
    assert "no stack named 'three' found" in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_stack_outside_of_a_project_is_refused(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "in no Pulumi project" in call("status", "air", "--stack", "dev", code=ExitCode.USAGE).stderr


def test_project_without_pulumi_installed_is_named(call: Call, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))
    assert "there is no `pulumi`" in call("status", "air", code=ExitCode.USAGE, **NO_VARIABLES).stderr


def test_wrong_key_is_one_line_and_a_code(call: Call, portal: Portal) -> None:
    failed = call("status", "air", OPENDATASOFT_API_KEY="0" * 56, code=ExitCode.NOT_ALLOWED)
    assert failed.stderr.startswith("Error: the portal does not accept the API key")
    assert failed.stderr.count("\n") == 1
    assert "0" * 56 not in failed.stderr


def test_missing_permission_is_one_line_and_a_code(call: Call, air: str, portal: Portal) -> None:
    key = portal.post("/apikeys/", {"label": "narrow", "permissions": ["edit_dataset"]})["key"]
    failed = call("publish", air, "--no-wait", OPENDATASOFT_API_KEY=key, code=ExitCode.NOT_ALLOWED)
    assert failed.stderr.splitlines()[-1].startswith("Error: the API key may not do this")
    assert key not in failed.stderr


def test_no_network_is_one_line_and_a_code(call: Call) -> None:
    failed = call("status", "air", OPENDATASOFT_DOMAIN="http://127.0.0.1:1", code=ExitCode.UNREACHABLE)
    assert failed.stderr.startswith("Error: 127.0.0.1:1 cannot be reached")
    assert failed.stderr.count("\n") == 1


def test_unknown_dataset_is_named(call: Call) -> None:
    failed = call("status", "nothing", code=ExitCode.NOT_FOUND)
    assert 'no dataset "nothing"' in failed.stderr


def test_error_with_json_is_a_document_too(call: Call) -> None:
    error = call("status", "nothing", "--json", code=ExitCode.NOT_FOUND).json["error"]
    assert (error["kind"], error["exit_code"]) == ("Absent", 4)


def test_unknown_command_is_refused_with_usage(call: Call) -> None:
    assert "No such command 'pubish'" in call("pubish", "air", code=ExitCode.USAGE).stderr


def test_no_command_prints_help(call: Call) -> None:
    assert "Commands:" in call(code=ExitCode.USAGE).stderr


def test_help_and_version_need_no_portal(call: Call) -> None:
    assert "Usage: opendatasoft" in call("--help", **NO_VARIABLES).stdout
    assert call("--version", **NO_VARIABLES).stdout.startswith("opendatasoft ")


# ---------------------------------------------------------------- exit codes


def concrete(base: type[errors.OpendatasoftError]) -> set[type[errors.OpendatasoftError]]:
    """All classes of errors below one, that one too."""
    return {base}.union(*(concrete(below) for below in base.__subclasses__()))


def test_every_exit_code_has_one_meaning() -> None:
    assert [row.code for row in MEANINGS] == sorted(ExitCode)


def test_every_error_has_an_exit_code() -> None:
    named = {kind for row in MEANINGS for kind in row.errors}
    call = errors.Call("portal", "GET", "/groups/")
    assert exit_code_of(errors.NotFound(call, status=404)) is ExitCode.NOT_FOUND
    assert exit_code_of(errors.PortalFailed(call, status=500)) is ExitCode.FAILED
    assert exit_code_of(errors.Uncertain(call)) is ExitCode.UNCERTAIN
    assert named <= concrete(errors.OpendatasoftError)


# ---------------------------------------------------------------- as a process


def opendatasoft(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pulumi_opendatasoft.commands", *words],
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_process_has_plain_output_and_an_exit_code(portal: Portal, air: str) -> None:
    variables = {"OPENDATASOFT_DOMAIN": portal.url, "OPENDATASOFT_API_KEY": portal.key, "LC_ALL": "C"}
    done = opendatasoft("status", air, "--json", **variables)
    assert (done.returncode, json.loads(done.stdout)["status"], done.stderr) == (0, "idle", "")
    failed = opendatasoft("status", "nothing", **variables)
    assert (failed.returncode, failed.stdout) == (ExitCode.NOT_FOUND, "")
    assert failed.stderr.startswith("Error: ")


def test_project_has_a_script_of_that_name() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    module, _, function = scripts["opendatasoft"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_command_without_its_extra_names_the_remedy(tmp_path: Path) -> None:
    hidden = "import importlib.util as u; find = u.find_spec; u.find_spec = lambda n: None if n == 'rich' else find(n)"
    run = f"{hidden}; from pulumi_opendatasoft.commands.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr == "Error: the command opendatasoft needs the extra `cli`: `pip install rich`\n"
