"""Which Pulumi engine is used: the user's own where it is new enough, and a clear word where there is none."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tools.engine.install import PINNED

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
def test_pulumi_of_an_unsupported_version_is_passed_over(choose: Run, program: Program, version: str) -> None:
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


def test_linked_pulumi_finds_the_language_host_of_its_target(choose: Run, program: Program, programs: Path) -> None:
    real = program("cellar/pulumi", "echo v3.260.0")
    program("cellar/pulumi-language-python", "")
    (programs / "pulumi").symlink_to(real)
    chosen = choose()
    assert (chosen.stdout.strip(), chosen.returncode) == (str(programs), 0)


@pytest.fixture
def cache(programs: Path) -> Path:
    """Return where engines are kept by the user of `run`, whose home is the folder of programs."""
    return programs / ".cache" / "pulumi-opendatasoft" / "engine" / PINNED


@pytest.fixture
def go(program: Program, tmp_path: Path) -> None:
    """Put a Go on PATH that builds at once: a pulumi that prints its version, and beside it what belongs to it."""
    sources = tmp_path / "sources"
    for script in ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python"):
        (sources / script).parent.mkdir(parents=True)
        (sources / script).touch()
    program(
        "go",
        f"""[ "$1" = list ] && echo '{sources}' && exit
while [ "$1" != -o ]; do shift; done
/bin/mkdir -p "${{2%/*}}"
echo '#!/bin/sh' > "$2"
echo 'echo v{PINNED}' >> "$2"
/bin/chmod +x "$2"
""",
    )


@pytest.mark.usefixtures("go")
def test_an_engine_is_built_once_for_all_checkouts(
    choose: Run, run: Run, checkout: Path, programs: Path, cache: Path
) -> None:
    built = choose()
    assert (built.stdout.strip(), built.returncode) == (str(cache / "bin"), 0), built.stderr
    assert f"Built into {cache / 'bin'}." in built.stderr
    assert [path.name for path in cache.iterdir()] == ["bin"]
    assert not (checkout / ".state").exists()

    (programs / "go").unlink()
    other = shutil.copytree(checkout, checkout.parent / "another checkout")
    again = run("sh", "-c", 'cd "$0" && exec "$@"', other, *INSTALL)
    assert (again.stdout, again.returncode) == (built.stdout, 0)
    assert again.stderr == ""


def test_an_engine_of_another_release_is_left_alone(choose: Run, program: Program, cache: Path) -> None:
    older = cache.parent / "3.220.0" / "bin"
    older.mkdir(parents=True)
    program("a", "echo v3.220.0").rename(older / "pulumi")
    program("b", "").rename(older / "pulumi-language-python")
    assert choose().returncode == 1
    assert (older / "pulumi").exists()


@pytest.mark.usefixtures("go")
def test_the_cache_is_where_the_user_has_caches(run: Run, programs: Path, tmp_path: Path, cache: Path) -> None:
    elsewhere = tmp_path / "caches"
    built = run(*INSTALL, XDG_CACHE_HOME=str(elsewhere))
    assert built.stdout.strip() == str(elsewhere / "pulumi-opendatasoft" / "engine" / PINNED / "bin")
    assert not cache.exists()
    assert run(*INSTALL, XDG_CACHE_HOME="relative").stdout.strip() == str(cache / "bin")


def test_a_cache_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "caches").write_text("not a folder")
    failed = run(*INSTALL, XDG_CACHE_HOME=str(tmp_path / "caches"), PATH="/usr/bin:/bin")
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1] == (
        f"The engine's folder {tmp_path / 'caches' / 'pulumi-opendatasoft' / 'engine' / PINNED} cannot be made: "
        "Not a directory. XDG_CACHE_HOME can name another place."
    )


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


def test_a_build_that_fails_says_why_and_leaves_nothing(choose: Run, program: Program, cache: Path) -> None:
    program("go", "echo 'go: a module: dial tcp: no route to host' >&2; exit 1")
    chosen = choose()
    assert chosen.returncode == 1
    assert "Go could not build the engine: go: a module: dial tcp: no route to host" in chosen.stderr
    assert "Traceback" not in chosen.stderr
    assert list(cache.iterdir()) == []
