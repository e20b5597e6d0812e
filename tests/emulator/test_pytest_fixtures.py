"""The fixtures of pytest that the package registers: a portal of its own for each test of a program."""

import os
from pathlib import Path

from opendatasoft_emulator.server import Emulator

from .calls import body_of, new_group
from .processes import Ended, Forked
from .test_ci_portal import client_of

TESTS = """
import os
import httpx
import pytest


def groups(portal, key):
    headers = {"Authorization": f"apikey {key}"}
    return httpx.get(f"{portal.url}/api/automation/v1.0/groups/", headers=headers, timeout=30)


@pytest.mark.parametrize("number", [1, 2])
def test_portal_begins_anew(opendatasoft_portal, number):
    assert os.environ["OPENDATASOFT_DOMAIN"] == opendatasoft_portal.url
    assert os.environ["OPENDATASOFT_API_KEY"] == opendatasoft_portal.key
    listed = groups(opendatasoft_portal, opendatasoft_portal.key).json()["results"]
    assert [group["title"] for group in listed] == TITLES
    headers = {"Authorization": f"apikey {opendatasoft_portal.key}"}
    url = f"{opendatasoft_portal.url}/api/automation/v1.0/groups/"
    assert httpx.post(url, json={"title": "Readers"}, headers=headers, timeout=30).status_code == 201
    assert opendatasoft_portal.requests() == [("GET", "/groups/"), ("POST", "/groups/")]


def test_user_has_a_key(opendatasoft_portal):
    assert groups(opendatasoft_portal, opendatasoft_portal.key_of("admin")).status_code == 200
    with pytest.raises(KeyError):
        opendatasoft_portal.key_of("nobody")


def test_environment_is_as_before():
    assert "OPENDATASOFT_DOMAIN" not in os.environ
"""


def run(folder: Path, titles: list[str]) -> Ended:
    """Run the tests in a folder of their own, with the plugins that are installed."""
    (folder / "test_program.py").write_text(TESTS.replace("TITLES", repr(titles)))
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OPENDATASOFT", "PYTEST"))}
    left_out = [f"-pno:{name}" for name in ("cacheprovider", "schemathesis", "hypothesispytest", "xdist")]
    return Forked("-m", "pytest", "-q", *left_out, str(folder), cwd=folder, env=env).wait(120)


def test_each_test_has_an_empty_portal(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    done = run(tmp_path, titles=[])

    assert "4 passed" in done.stdout, done.stdout + done.stderr


def test_each_test_has_the_portal_of_the_seed(tmp_path: Path) -> None:
    with Emulator(tmp_path / "seed") as portal, client_of(portal) as api:
        new_group(api, "Editors")
        body_of(api.get("/groups/"))
    (tmp_path / "switches.json").write_text('{"second_rule": "replace"}')
    (tmp_path / "pytest.ini").write_text("[pytest]\nopendatasoft_seed = seed\nopendatasoft_settings = switches.json\n")

    done = run(tmp_path, titles=["Editors"])

    assert "4 passed" in done.stdout, done.stdout + done.stderr
