"""The targets of make: listed, known, and with a clear message when something is missing."""

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
Program = Callable[[str, str], Path]

WORDS = ["setup", "demo", "down", "shell", "env", "test", "trust", "check", "bench", "lock", "docs", "clean"]


@pytest.fixture
def engine(program: Program) -> None:
    """Put a stand-in for a new enough engine on PATH: these tests are not about what pulumi does."""
    program("pulumi", "echo v3.259.0")
    program("pulumi-language-python", "")


def test_help_is_what_make_alone_says_and_lists_each_word(run: Run) -> None:
    said = run("make")
    assert said.returncode == 0
    assert re.findall(r"^make (\w+) ", said.stdout, re.MULTILINE) == WORDS
    assert run("make", "help").stdout == said.stdout


@pytest.mark.parametrize("word", WORDS)
def test_each_word_of_the_help_is_known_to_make(run: Run, word: str) -> None:
    assert run("make", "--dry-run", word).returncode == 0


@pytest.mark.parametrize("version", ["3.10", "3.6", "3.15"])
def test_unsupported_python_is_named_with_the_remedy(run: Run, program: Program, version: str) -> None:
    program("python3", f"echo {version}")
    said = run("make", "setup", "PYTHON=python3")
    assert said.returncode != 0
    assert (
        f"'python3' is Python {version}; Python 3.11 to 3.14 is needed. "
        "Name one, for example: make setup PYTHON=python3.12"
    ) in said.stderr


def test_missing_python_is_named_with_the_remedy(run: Run) -> None:
    said = run("make", "setup", "PYTHON=python3.99")
    assert said.returncode != 0
    assert "'python3.99' does not run here; Python 3.11 to 3.14 is needed." in said.stderr


def test_a_python_without_venv_is_told_what_to_install(run: Run, program: Program) -> None:
    program("python3.12", 'case "$1" in -c) echo 3.12 ;; *) exit 1 ;; esac')
    said = run("make", "setup", "PYTHON=python3.12")
    assert said.returncode != 0
    assert "apt-get install python3.12-venv" in said.stderr


@pytest.mark.usefixtures("engine")
def test_what_is_set_up_is_not_set_up_again(run: Run) -> None:
    said = run("make", "setup")
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("name", ["requirements/developer.txt", "pyproject.toml"])
def test_a_lock_that_is_newer_than_the_environment_is_installed(
    run: Run, checkout: Path, program: Program, name: str
) -> None:
    program("python3", "echo 3.10")
    assert "'python3'" not in run("make", "setup").stderr
    later = (checkout / ".venv" / ".complete").stat().st_mtime + 1
    os.utime(checkout / name, (later, later))
    assert "'python3' is Python 3.10" in run("make", "setup").stderr


@pytest.mark.usefixtures("engine")
def test_env_prints_only_exports_and_they_hold_in_a_shell(run: Run, checkout: Path, programs: Path) -> None:
    said = run("make", "env")
    assert (said.returncode, said.stderr) == (0, "")
    exports = [shlex.split(line) for line in said.stdout.splitlines()]
    assert {words[0] for words in exports} == {"export"}
    assert {words[1].split("=")[0] for words in exports} == {
        "PATH",
        "PULUMI_BACKEND_URL",
        "PULUMI_CONFIG_PASSPHRASE",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
        "PULUMI_HOME",
        "PULUMI_PYTHON_CMD",
        "PULUMI_SKIP_UPDATE_CHECK",
    }
    held = run(
        "sh", "-c", 'eval "$(make env)"; command -v python; command -v pulumi; echo "$PULUMI_BACKEND_URL"'
    ).stdout
    assert held.splitlines() == [
        str(checkout / ".venv" / "bin" / "python"),
        str(programs / "pulumi"),
        f"file://{checkout / '.state' / 'pulumi'}",
    ]


@pytest.mark.usefixtures("engine")
def test_env_holds_in_a_checkout_whose_path_has_blanks(run: Run, checkout: Path) -> None:
    elsewhere = checkout.rename(checkout.parent / "my own $checkout")
    checkout.mkdir()
    said = run("sh", "-c", 'cd "$0"; eval "$(make env)"; echo "$PULUMI_HOME"', elsewhere)
    assert said.stdout.strip() == str(elsewhere / ".state" / "pulumi-home")


@pytest.mark.usefixtures("engine")
def test_shell_opens_the_shell_of_the_user_in_that_environment(run: Run, program: Program, checkout: Path) -> None:
    shell = program("my-shell", 'echo "backend $PULUMI_BACKEND_URL"')
    said = run("make", "shell", SHELL=str(shell))
    assert f"backend file://{checkout / '.state' / 'pulumi'}" in said.stdout


def test_clean_removes_what_the_words_made(run: Run, checkout: Path) -> None:
    made = checkout / ".state" / "pulumi" / ".pulumi" / "stacks" / "opendatasoft-quickstart" / "demo.json"
    made.parent.mkdir(parents=True)
    made.touch()
    assert run("make", "clean").returncode == 0
    assert sorted(path.name for path in checkout.iterdir()) == [
        "Makefile",
        "Pulumi.yaml",
        "pyproject.toml",
        "requirements",
        "tools",
    ]


def test_clean_keeps_the_state_of_a_stack_of_the_user(run: Run, checkout: Path) -> None:
    own = checkout / ".state" / "pulumi" / ".pulumi" / "stacks" / "opendatasoft-quickstart" / "production.json"
    own.parent.mkdir(parents=True)
    own.touch()
    said = run("make", "clean")
    assert said.returncode != 0
    assert "production.json" in said.stderr
    assert "Destroy or export them first" in said.stderr
    assert own.exists()
    assert (checkout / ".venv").exists()


def test_the_scripts_of_the_shell_are_sound() -> None:
    tools = Path(__file__).resolve().parents[2]
    for script in ("tools/setup.sh", "tools/clean.sh", ".ci/run"):
        subprocess.run(["bash", "-n", tools / script], check=True)
