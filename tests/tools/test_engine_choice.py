"""Which Pulumi engine is used: the user's own where it is new enough, and a clear word where there is none."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
Program = Callable[[str, str], Path]

INSTALL = (sys.executable, "-m", "tools.engine.install")


@pytest.fixture
def choose(run: Run, programs: Path) -> Callable[..., CompletedProcess[str]]:
    """Return what asks for an engine on a machine that has the stand-in programs only, or the folders given."""

    def ask(*folders: Path) -> CompletedProcess[str]:
        return run(*INSTALL, PATH=os.pathsep.join(map(str, folders or (programs,))))

    return ask


def test_a_pulumi_on_path_that_is_new_enough_is_used(choose: Run, program: Program, programs: Path) -> None:
    program("pulumi", "echo v3.220.0")
    program("pulumi-language-python", "")
    chosen = choose()
    assert (chosen.stdout.strip(), chosen.returncode) == (str(programs), 0)


@pytest.mark.parametrize("version", ["v3.219.9", "v2.300.0", "v4.0.0", "3.99.0-alpha.1"])
def test_a_pulumi_of_another_time_is_passed_over_with_its_version(choose: Run, program: Program, version: str) -> None:
    program("pulumi", f"echo {version}")
    program("pulumi-language-python", "")
    chosen = choose()
    assert chosen.returncode == 1
    assert chosen.stdout == ""
    assert f"it is {version.lstrip('v').split('-')[0]}; 3.220 or newer, below 4, is needed." in chosen.stderr


def test_a_pulumi_without_its_language_host_is_passed_over(choose: Run, program: Program) -> None:
    program("pulumi", "echo v3.259.0")
    chosen = choose()
    assert chosen.returncode == 1
    assert "its pulumi-language-python is missing" in chosen.stderr


def test_a_program_that_only_has_the_name_is_passed_over(choose: Run, program: Program) -> None:
    program("pulumi", "echo what; exit 3")
    program("pulumi-language-python", "")
    assert "it does not tell its version" in choose().stderr


def test_a_newer_pulumi_further_down_the_path_is_used(choose: Run, program: Program, programs: Path) -> None:
    program("old/pulumi", "echo v3.100.0")
    program("new/pulumi", "echo v3.300.1")
    program("new/pulumi-language-python", "")
    chosen = choose(programs / "old", programs / "new")
    assert (chosen.stdout.strip(), chosen.returncode) == (str(programs / "new"), 0)


def test_a_linked_pulumi_finds_the_language_host_beside_what_it_links_to(
    choose: Run, program: Program, programs: Path
) -> None:
    real = program("cellar/pulumi", "echo v3.260.0")
    program("cellar/pulumi-language-python", "")
    (programs / "pulumi").symlink_to(real)
    chosen = choose()
    assert (chosen.stdout.strip(), chosen.returncode) == (str(programs), 0)


def test_an_engine_that_was_got_before_is_used_again(choose: Run, checkout: Path, program: Program) -> None:
    own = checkout / ".state" / "engine" / "bin"
    own.mkdir(parents=True)
    for stand_in in (program("a", "echo v3.259.0"), program("b", "")):
        stand_in.rename(own / {"a": "pulumi", "b": "pulumi-language-python"}[stand_in.name])
    chosen = choose()
    assert (chosen.stdout.strip(), chosen.returncode) == (str(own), 0)
    assert chosen.stderr == ""


def test_where_nothing_works_the_message_says_what_to_do(choose: Run) -> None:
    chosen = choose()
    assert chosen.returncode == 1
    assert chosen.stderr.splitlines() == [
        "No pulumi on PATH that can be used. Trying the official installer...",
        "The official installer cannot be reached from here.",
        "There is no Go on this machine to build the engine with.",
        "No Pulumi engine could be had. Install pulumi 3.220 or newer (https://www.pulumi.com/docs/install/),",
        "or Go 1.25 or newer with a network that reaches the Go module proxy; then run this again.",
    ]


def test_a_build_that_fails_says_why_and_leaves_nothing(choose: Run, program: Program, checkout: Path) -> None:
    program("go", "echo 'go: a module: dial tcp: no route to host' >&2; exit 1")
    chosen = choose()
    assert chosen.returncode == 1
    assert "Go could not build the engine: go: a module: dial tcp: no route to host" in chosen.stderr
    assert "Traceback" not in chosen.stderr
    assert list((checkout / ".state" / "engine").iterdir()) == []
