"""The preloaded Python does what the usual one does, and ends as it does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ..engine.stacks import eventually
from .client import exit_code
from .python import preloaded

REPORT = """
    import json, os, sys

    print(json.dumps([sys.argv[1:], os.getcwd(), os.environ.get("WORD"), sys.path[0], __name__, sys.stdin.read()]))
    print("a complaint", file=sys.stderr)
    sys.exit(7)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script with the name by which the engine runs programs."""
    path = tmp_path / "bin" / "pulumi-language-python-exec"
    path.parent.mkdir()
    path.write_text(textwrap.dedent(REPORT))
    return path


def _run(python: str | Path, *args: str | Path, cwd: Path, **variables: str) -> tuple[int, str, str]:
    env = {**os.environ, "WORD": "a word", **variables}
    done = subprocess.run(
        [python, *args], cwd=cwd, env=env, input="a line", capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_a_script_runs_as_in_the_usual_python(script: Path, tmp_path: Path) -> None:
    usual = _run(sys.executable, script, "a", "b c", cwd=tmp_path)
    assert usual[0] == 7
    for name in ("python", "python3"):
        assert _run(preloaded().folder / name, script, "a", "b c", cwd=tmp_path) == usual


def test_modules_of_pythonpath_are_imported_as_usual(script: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text('import os\nos.environ["WORD"] = "another word"\n')
    usual, in_a_fork = (
        _run(python, script, "a", cwd=tmp_path, PYTHONPATH=str(site))
        for python in (sys.executable, preloaded().folder / "python")
    )
    assert "another word" in usual[1]
    assert in_a_fork == usual


def test_own_python_has_imported_nothing(script: Path, tmp_path: Path) -> None:
    script.write_text("import sys\nprint('pulumi_opendatasoft' in sys.modules)\n")
    python = preloaded().folder / "python"
    assert _run(python, script, "a", cwd=tmp_path) == (0, "True\n", "")
    assert _run(python, script, "a", cwd=tmp_path, OWN_PROVIDER="yes") == (0, "True\n", "")
    assert _run(python, script, "a", cwd=tmp_path, OWN_PYTHON="yes") == (0, "False\n", "")


def test_other_commands_run_in_the_usual_python(tmp_path: Path) -> None:
    python = preloaded().folder / "python"
    for args in (("--version",), ("-c", "import sys; sys.exit(len(sys.modules) > 500)")):
        assert _run(python, *args, cwd=tmp_path) == _run(sys.executable, *args, cwd=tmp_path)


def test_packages_are_not_searched_for_plugins(tmp_path: Path) -> None:
    answer = _run(preloaded().folder / "python", "-m", "pip", "list", "-v", "--format", "json", cwd=tmp_path)
    assert answer == (0, "[]\n", "")


@pytest.fixture
def sleeper(script: Path) -> Path:
    """A script that writes its number and ends only by a signal."""
    script.write_text("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n")
    return script


def _runs(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def test_a_killed_process_has_the_exit_code_of_its_signal(sleeper: Path) -> None:
    process, connection = preloaded().start(str(sleeper), cwd=sleeper.parent, env={}, files=[0, 1, 2])
    os.kill(process, signal.SIGKILL)
    assert exit_code(connection) == 128 + signal.SIGKILL
    assert not _runs(process)


def test_a_process_ends_when_its_connection_is_closed(sleeper: Path) -> None:
    process, connection = preloaded().start(str(sleeper), cwd=sleeper.parent, env={}, files=[0, 1, 2])
    connection.close()
    eventually(lambda: not _runs(process))


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_the_client_ends_the_process(sleeper: Path, sent: signal.Signals) -> None:
    python = str(preloaded().folder / "python")
    with subprocess.Popen([python, sleeper, "."], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None
        assert client.stderr is not None
        process = int(client.stdout.readline())
        assert process != client.pid
        client.send_signal(sent)
        assert ("KeyboardInterrupt" in client.stderr.read()) == (sent == signal.SIGINT)
        assert client.wait() == (-sent if sent == signal.SIGKILL else 128 + sent)
    eventually(lambda: not _runs(process))
