"""The demo on the real engine: up, unchanged, moved to another port, down.

`make test` runs its programs in preloaded processes, and leaves out the second `up` on the same port; `make trust` and
`.ci/run` run the demo as a user does.
"""

import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import httpx
import pytest

from tests.engine.stacks import engine_folder
from tests.preloaded.python import preloaded

Run = Callable[..., CompletedProcess[str]]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
START = "import sys; sys.executable = sys.argv.pop(1); from tools import demo; sys.exit(demo.main())"
"""Runs a word of the demo, which has its programs and its portal run by another Python."""


@pytest.fixture(params=["preloaded", pytest.param("own", marks=pytest.mark.trust)])
def python(request: pytest.FixtureRequest) -> str:
    """The Python of the demo's programs: a preloaded one, or the one of a user."""
    return str(preloaded().folder / "python") if request.param == "preloaded" else sys.executable


@pytest.fixture
def demo(run: Run, checkout: Path, python: str, real_engine: None) -> Iterator[Run]:
    """Return what runs a word of the demo in a checkout with the real example and the real engine."""
    engine = engine_folder()
    assert engine is not None, "no Pulumi engine on this machine: make setup"
    shutil.copytree(EXAMPLES, checkout / "examples", ignore=shutil.ignore_patterns("__pycache__"))

    def word(*words: str) -> CompletedProcess[str]:
        # No command needs so much memory that collecting garbage before is worth its time.
        cheap = {"GOGC": "off", "GOMEMLIMIT": "1GiB"}
        return run(sys.executable, "-c", START, python, *words, PATH=f"{engine}:/usr/bin:/bin", **cheap)

    yield word
    word("stop")


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_demo_comes_up_follows_its_portal_and_goes_down(demo: Run, checkout: Path, python: str) -> None:
    first = free_port()
    up = demo("up", "--port", str(first))
    assert up.returncode == 0, up.stderr
    assert "The stack has changed: 2 created" in up.stdout
    line = re.search(r"^  seattle-weather: (.+), ([\d,]+) records$", up.stdout, re.MULTILINE)
    assert line, up.stdout
    rows = (EXAMPLES / "quickstart" / "data" / "seattle-weather.csv").read_text().splitlines()[1:]
    assert int(line[2].replace(",", "")) == len(rows)
    public = f"Public datasets of the portal at http://127.0.0.1:{first}:\n"
    assert f"{public}  weather-of-the-region: Weather of the region, 6 records\n" in up.stdout

    if python == sys.executable:
        again = demo("up")
        assert again.returncode == 0, again.stderr
        assert "The stack is unchanged: all 2 resources match the program." in again.stdout
        assert f"http://127.0.0.1:{first}" in again.stdout

    demo("stop")
    second = free_port()
    moved = demo("up", "--port", str(second))
    assert moved.returncode == 0, moved.stderr
    assert f"its portal has moved from port {first}" in moved.stdout
    assert "The stack is unchanged: all 2 resources match the program." in moved.stdout
    assert f"Public datasets of the portal at http://127.0.0.1:{second}:" in moved.stdout

    demo("stop")
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", second))
        server.listen()
        down = demo("down")
    assert down.returncode == 0, down.stderr
    assert "2 deleted" in down.stdout
    assert not list((checkout / ".state" / "pulumi").rglob("demo.json"))
    assert demo("down").stdout == "Nothing to take down.\n"
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{second}", timeout=30)
