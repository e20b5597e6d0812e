"""The files of the guide that use an emulator: each of their commands runs here; the services have never run them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml  # type: ignore[import-untyped]

from ..engine.stacks import ROOT, Stack, eventually

FOLDER = ROOT / "docs" / "guide" / "pipelines"
GITHUB = yaml.safe_load((FOLDER / "emulator-github-actions.yml").read_text())
GITLAB = yaml.safe_load((FOLDER / "emulator-gitlab-ci.yml").read_text())["try"]
PORT = "8765"


def free_port() -> str:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextmanager
def background(command: str | list[str], folder: Path, env: dict[str, str]) -> Iterator[None]:
    """Run a command while the block runs."""
    process = subprocess.Popen(command, shell=isinstance(command, str), cwd=folder, env=env, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def test_both_services_run_the_same_commands() -> None:
    steps = [step["run"] for step in GITHUB["jobs"]["try"]["steps"] if "run" in step]

    assert steps == ["pip install -r requirements.txt", *GITLAB["script"]]
    assert GITLAB["before_script"][-1] == steps[0]
    assert GITLAB["variables"] == GITHUB["env"]
    assert GITHUB["permissions"] == {"contents": "read"}
    assert "secrets." not in (FOLDER / "emulator-github-actions.yml").read_text()


def test_engine_is_the_one_that_the_project_is_tested_with() -> None:
    (pinned,) = re.findall(r'"pulumi==([\d.]+)"', (ROOT / "pyproject.toml").read_text())

    assert GITLAB["image"]["name"] == f"pulumi/pulumi-python:{pinned}"
    assert f"pulumi-version: {pinned}\n" in (FOLDER / "emulator-github-actions.yml").read_text()


def test_commands_of_the_job_try_a_program(another_stack: Callable[..., Stack]) -> None:
    stack, port = another_stack("ci"), free_port()
    stack.program('ods.Group("editors", title="Editors")')
    own = {name: str(value).replace(PORT, port) for name, value in GITLAB["variables"].items()}
    env = {**{k: v for k, v in stack.env.items() if not k.startswith("OPENDATASOFT_")}, **own}
    served, *commands = [command.replace(PORT, port) for command in GITLAB["script"]]
    assert served.endswith(" &")
    with background(f"exec {served.removesuffix(' &')}", stack.folder, env):
        for command in commands:
            # The stack of the test exists, in a folder that is logged in to.
            if not command.startswith(("pulumi login", "pulumi stack init")):
                done = subprocess.run(
                    command, shell=True, cwd=stack.folder, env=env, capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, (command, done.stdout, done.stderr)
        requests = httpx.get(f"http://127.0.0.1:{port}/_emulator/requests", timeout=30).json()
    assert [one["method"] for one in requests if one["path"] == "/groups/editors/"][-1] == "DELETE"


def test_container_serves_and_is_healthy(tmp_path: Path) -> None:
    instructions = dict(
        line.split(" ", 1) for line in (FOLDER / "Dockerfile").read_text().splitlines() if line and line[0] != "#"
    )
    port = free_port()
    entry = [
        word.replace(PORT, port).replace("/data", str(tmp_path)) for word in json.loads(instructions["ENTRYPOINT"])
    ]
    check = json.loads(instructions["HEALTHCHECK"].partition(" CMD ")[2].replace(PORT, port))
    env = {name: value for name, value in os.environ.items() if not name.startswith("OPENDATASOFT")}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"  # with the command `opendatasoft-emulator`

    def is_healthy() -> bool:
        return subprocess.run(check, env=env, capture_output=True, check=False).returncode == 0

    def listens() -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", int(port))) == 0

    assert not is_healthy()
    with background(entry, tmp_path, env):
        eventually(listens)  # each look at the health is a process
        eventually(is_healthy)
    for name in instructions["COPY"].split()[:-1]:
        assert (ROOT / name).exists()
