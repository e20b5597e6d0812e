"""Tests of what a portal in a CI needs: a seed, a key, switches, its names, its health, and the view of other users."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from opendatasoft_emulator.__main__ import main
from opendatasoft_emulator.portal import Options
from opendatasoft_emulator.server import Emulator
from opendatasoft_emulator.state.settings import Settings
from opendatasoft_emulator.state.store import StateUnusable

from .calls import add_csv, body_of, new_dataset, new_group, new_user, public, publish, records
from .conftest import Connect

KEY = "a-key-of-the-pipeline"


@contextmanager
def client_of(portal: Emulator) -> Iterator[httpx.Client]:
    """A client of the Automation API with the administrator's key."""
    headers = {"Authorization": f"apikey {portal.key}"}
    with httpx.Client(
        base_url=f"{portal.url}/api/automation/v1.0", headers=headers, verify=False, timeout=30
    ) as client:
        yield client


def control(portal: Emulator, path: str, body: object = None, **headers: str) -> httpx.Response:
    """The response to a control call."""
    return httpx.post(f"{portal.url}/_emulator{path}", json=body, headers=headers, verify=False, timeout=30)


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a portal with a published dataset, a group and a switch."""
    folder = tmp_path_factory.mktemp("seed")
    with Emulator(folder) as portal, client_of(portal) as api:
        uid = new_dataset(api)
        add_csv(api, uid)
        publish(api, uid)
        new_group(api, "Editors")
        control(portal, "/settings", {"second_rule": "replace"})
    return folder


def test_health_needs_no_key(emulator: Emulator) -> None:
    assert httpx.get(f"{emulator.url}/health", verify=False, timeout=30).json() == {"status": "ok"}


def test_portal_begins_with_its_seed_and_returns_to_it(seed: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in sorted(seed.rglob("*")) if path.is_file()}
    with Emulator(tmp_path, options=Options(seed=seed)) as portal, client_of(portal) as api:
        assert portal.key == (seed / "api-key").read_text().strip()
        assert records(portal) == [{"city": "Basel", "size": 3}, {"city": "Bern", "size": 4}]
        air = body_of(api.get("/datasets/"))["results"][0]["uid"]
        add_csv(api, air, "city,size\nChur,5\n")
        publish(api, air)
        body_of(api.post("/groups/", json={"title": "Readers"}), 201)
        other = new_dataset(api, "other")
        add_csv(api, other)
        publish(api, other)
        control(portal, "/settings", {"second_rule": "refuse"})

        assert control(portal, "/reset").status_code == 204

        assert [one["dataset_id"] for one in body_of(api.get("/datasets/"))["results"]] == ["air"]
        assert [one["title"] for one in body_of(api.get("/groups/"))["results"]] == ["Editors"]
        assert records(portal) == [{"city": "Basel", "size": 3}, {"city": "Bern", "size": 4}]
        assert public(portal, "/other").status_code == 404
        assert portal.portal.settings.second_rule == "replace"
        # The files of the seed are there again: the dataset can be processed.
        assert publish(api, air)["status"] == "idle"
        assert len(records(portal)) == 2
    assert {path: path.stat().st_mtime_ns for path in sorted(seed.rglob("*")) if path.is_file()} == before


def test_changed_portal_keeps_its_content_at_a_restart(seed: Path, tmp_path: Path) -> None:
    options = Options(seed=seed, key=KEY)
    with Emulator(tmp_path, options=options) as portal, client_of(portal) as api:
        assert portal.key == KEY
        new_group(api, "Readers")

    with Emulator(tmp_path, options=options) as portal, client_of(portal) as api:
        assert [one["title"] for one in body_of(api.get("/groups/"))["results"]] == ["Editors", "Readers"]


def test_folder_without_a_portal_is_no_seed(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(StateUnusable, match=r"empty is no data folder of an emulator \(it has no portal.sqlite\)"):
        Emulator(tmp_path / "data", options=Options(seed=tmp_path / "empty")).__enter__()


def test_seed_of_a_running_portal_is_refused(emulator: Emulator, tmp_path: Path) -> None:
    with pytest.raises(StateUnusable, match="is in use by another emulator; stop that one, then use its folder"):
        Emulator(tmp_path, options=Options(seed=emulator.portal.folder)).__enter__()


def test_folder_of_another_version_names_the_remedy(tmp_path: Path) -> None:
    with Emulator(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "portal.sqlite") as file:
        file.execute("PRAGMA user_version = 7")
    file.close()

    with pytest.raises(StateUnusable, match=r"layout 7, this one reads 1\); install that version, or choose another"):
        Emulator(tmp_path).__enter__()


def test_switches_of_the_start_come_back_at_a_reset(tmp_path: Path) -> None:
    with Emulator(tmp_path, options=Options(settings=Settings(second_rule="replace"))) as portal:
        control(portal, "/settings", {"second_rule": "refuse", "latency_ms": 1})
        control(portal, "/reset")

        assert portal.portal.settings == Settings(second_rule="replace")


def test_key_of_a_user_shows_the_portal_as_that_user(api: httpx.Client, emulator: Emulator, connect: Connect) -> None:
    uid = new_dataset(api)
    add_csv(api, uid)
    publish(api, uid)
    ada = new_user(api, "ada@example.org")["username"]
    rule = {
        "user": {"username": ada},
        "permissions": [],
        "security": {"is_data_visible": True, "filter_query": "size > 3"},
    }
    body_of(api.post(f"/datasets/{uid}/security/users/", json=rule), 201)

    made = control(emulator, "/keys", {"username": ada}).raise_for_status().json()

    assert made["username"] == ada
    assert public(emulator, f"/air/records?apikey={made['key']}").json()["results"] == [{"city": "Bern", "size": 4}]
    assert connect(made["key"]).get("/groups/").status_code == 403
    assert control(emulator, "/keys", {"username": "nobody"}).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:80"}, 403),
        ({"Host": "[::"}, 403),
        ({"Host": ""}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://203.0.113.7"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "localhost:8765"}, 200),
        ({"Host": "192.0.2.7:8765"}, 200),
        ({"Host": "portal.localhost"}, 200),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Host": "192.0.2.7:8765", "Origin": "http://192.0.2.7:8765"}, 200),
    ],
    ids=str,
)
def test_control_calls_of_foreign_sites_are_refused(emulator: Emulator, headers: dict[str, str], status: int) -> None:
    response = httpx.get(f"{emulator.url}/_emulator/requests", headers=headers, verify=False, timeout=30)

    assert response.status_code == status
    assert ("--allowed-host" in response.text) == (status == 403)


def test_named_host_may_control_the_portal(tmp_path: Path) -> None:
    with Emulator(tmp_path, allowed_hosts=["Portal"]) as portal:
        assert control(portal, "/reset", Host="portal:8765", Origin="http://portal:8765").status_code == 204
        assert control(portal, "/reset", Host="portals:8765").status_code == 403


def test_foreign_names_may_use_the_apis(emulator: Emulator) -> None:
    for path in ("/", "/health", "/api/explore/v2.1/catalog/datasets"):
        assert httpx.get(emulator.url + path, headers={"Host": "a.example"}, verify=False, timeout=30).is_success


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--key", "short"], "a key has 8 to 200 letters, digits, - and _"),
        (["--federate", "city"], "'city' is not DOMAIN_ID=URL"),
        (["--settings", "{list}"], "contains no object of switches"),
        (["--settings", "{broken}"], "is no JSON"),
        (["--settings", "{unknown}"], "latency: Extra inputs are not permitted"),
        (["--seed", "{missing}"], "does not exist"),
    ],
    ids=str,
)
def test_mistaken_option_is_named(arguments: list[str], words: str, tmp_path: Path) -> None:
    for name, content in (("list", "[]"), ("broken", "{"), ("unknown", json.dumps({"latency": 5}))):
        (tmp_path / name).write_text(content)
    places = {name: str(tmp_path / name) for name in ("list", "broken", "unknown", "missing")}

    ended = CliRunner().invoke(
        main, ["serve", "--port", "0", "--data", str(tmp_path / "data"), *(one.format(**places) for one in arguments)]
    )

    assert ended.exit_code == 2
    assert words in ended.output
