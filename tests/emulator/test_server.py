"""Tests of the emulator as a process: its command line, its key, its state after stops and kills."""

import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..engine.stacks import eventually
from .calls import Body, add_csv, body_of, new_dataset, new_group, new_user, publish, upload, wait_for_status
from .processes import Ended, Forked

READY = re.compile(r"Opendatasoft emulator: (http://127\.0\.0\.1:\d+) \(state in (.+)\)\n")
Run = Callable[..., "Process"]


class Process:
    """An emulator in a process of its own, which is ready to serve."""

    def __init__(self, data: Path, port: int = 0) -> None:
        self.data = data
        self._process = Forked("-m", "opendatasoft_emulator", "serve", "--port", str(port), "--data", str(data))
        self.pid = self._process.pid
        line = self._process.stdout.readline()
        ready = READY.fullmatch(line)
        if not ready:
            self._process.send_signal(signal.SIGKILL)
        assert ready, (line, self._process.wait(60))
        self.url = ready[1]
        assert ready[2] == str(data)

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        key = (self.data / "api-key").read_text().strip()
        with httpx.Client(
            base_url=f"{self.url}/api/automation/v1.0",
            headers={"Authorization": f"apikey {key}"},
            verify=False,
            timeout=30,
        ) as client:
            yield client

    def control(self, path: str, body: Body) -> None:
        httpx.post(f"{self.url}/_emulator{path}", json=body, verify=False, timeout=30).raise_for_status()

    def end(self, number: int, within: float = 60.0) -> Ended:
        """Send a signal; return the exit code and the rest of the output."""
        self._process.send_signal(number)
        return self._process.wait(within)


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts emulators, and kills the remaining ones at the end of the test."""
    with ExitStack() as stack:

        def start(data: Path, port: int = 0) -> Process:
            process = Process(data, port)
            stack.callback(process.end, signal.SIGKILL)
            return process

        yield start


def run_serve(*arguments: str) -> Ended:
    """Run the command, which must exit by itself."""
    return Forked("-m", "opendatasoft_emulator", "serve", *arguments).wait(30)


def test_command_of_a_user_serves_until_ctrl_c(tmp_path: Path) -> None:
    """The only test of this module whose process imports everything by itself, as a user's does."""
    command = [sys.executable, "-m", "opendatasoft_emulator", "serve", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = READY.fullmatch(process.stdout.readline())
        try:
            assert ready
            assert httpx.get(f"{ready[1]}/health", timeout=30).json() == {"status": "ok"}
        finally:
            process.send_signal(signal.SIGINT)
            ended = process.communicate(timeout=60)

    assert (process.returncode, *ended) == (0, "", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(run: Run, tmp_path: Path, number: int) -> None:
    assert run(tmp_path / "new" / "data").end(number) == (0, "", "")


def test_process_ends_quickly_during_a_publish(run: Run, tmp_path: Path) -> None:
    process = run(tmp_path)
    with process.client() as api:
        process.control("/settings", {"processing_ms": 600_000})
        uid = new_dataset(api)
        body_of(api.post(f"/datasets/{uid}/publish/"))
        wait_for_status(api, uid, "processing")

        assert process.end(signal.SIGTERM) == (0, "", "")


def test_key_file_is_readable_by_its_owner_only(run: Run, tmp_path: Path) -> None:
    first = run(tmp_path)
    key = (tmp_path / "api-key").read_text()
    first.end(signal.SIGTERM)

    second = run(tmp_path)

    assert re.fullmatch(r"[0-9a-f]{56}\n", key)
    assert stat.S_IMODE((tmp_path / "api-key").stat().st_mode) == 0o600
    assert (tmp_path / "api-key").read_text() == key
    with second.client() as api:
        assert api.get("/users/admin/").status_code == 200


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        ended = run_serve("--port", str(port), "--data", str(tmp_path))

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"opendatasoft-emulator: cannot listen on 127.0.0.1:{port}: address already in use; choose another --port\n"
    )


def test_a_folder_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    ended = run_serve("--port", "0", "--data", str(tmp_path / "file"))

    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert f"{tmp_path / 'file'} cannot hold the state of a portal" in ended.stderr


def test_a_folder_that_is_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with Emulator(tmp_path):
        ended = run_serve("--port", "0", "--data", str(tmp_path))

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"opendatasoft-emulator: {tmp_path} is in use by another emulator; stop that one or choose another folder\n"
    )


def test_invalid_state_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "portal.sqlite").write_text("This is no database, but a text that is long enough." * 100)

    ended = run_serve("--port", "0", "--data", str(tmp_path))

    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "portal.sqlite cannot be opened as the state of a portal" in ended.stderr


def all_objects(api: httpx.Client, dataset: str) -> dict[str, Body]:
    """Every object of the portal, as the API returns it."""
    parts = ("", "metadata/", "resources/", "fields/", "processors/", "security/users/", "security/groups/")
    paths = [f"/datasets/{dataset}/{part}" for part in parts]
    paths += ["/groups/", "/users/", "/datasource_connections/", "/apikeys/", "/datasets/"]
    return {path: body_of(api.get(path)) for path in paths}


def fill_portal(api: httpx.Client) -> str:
    """Create objects of every type; return the uid of the dataset."""
    group = new_group(api, "Editors", permissions=["edit_dataset"])["uid"]
    new_user(api, "louise@example.org", groups=[{"uid": group}])
    body_of(api.post("/datasource_connections/", json={"type": "http", "url": "https://example.org"}), 201)
    uid = new_dataset(api)
    add_csv(api, uid)
    body_of(api.post(f"/datasets/{uid}/fields/", json={"type": "delete", "field": "size"}), 201)
    body_of(api.post(f"/datasets/{uid}/security/groups/", json={"group": {"uid": group}}), 201)
    return uid


def without_links(found: dict[str, Body]) -> dict[str, Body]:
    """The same objects without their links, which contain the port."""
    return {path: {**body, "next": None, "previous": None} for path, body in found.items()}


def test_a_kill_loses_nothing(run: Run, tmp_path: Path) -> None:
    first = run(tmp_path)
    with first.client() as api:
        uid = fill_portal(api)
        assert publish(api, uid)["is_published"] is True
        first.control("/settings", {"second_rule": "replace"})
        before = all_objects(api, uid)
    first.end(signal.SIGKILL)

    second = run(tmp_path)
    with second.client() as api:
        assert without_links(all_objects(api, uid)) == without_links(before)
        assert api.get(f"/datasets/{uid}/resources/files/data.csv/download/").text == "city,size\nBasel,3\nBern,4\n"
    explore = f"{second.url}/api/explore/v2.1/catalog/datasets/air/records"
    assert body_of(httpx.get(explore, verify=False, timeout=30))["total_count"] == 2
    assert httpx.get(f"{second.url}/_emulator/settings", verify=False, timeout=30).json()["second_rule"] == "replace"


def test_write_acknowledged_just_before_a_kill_survives(run: Run, tmp_path: Path) -> None:
    acknowledged: list[str] = []
    for turn in range(3):
        process = run(tmp_path)
        with process.client() as api:
            assert [group["title"] for group in body_of(api.get("/groups/?limit=1000&sort=created_at"))["results"]] == (
                acknowledged
            )
            for number in range(3):
                title = f"Group {turn}-{number}"
                new_group(api, title)
                acknowledged.append(title)
            uid = new_dataset(api, f"set-{turn}")
            upload(api, uid, f"content {turn}")
            process.end(signal.SIGKILL)
    last = run(tmp_path)
    with last.client() as api:
        groups = body_of(api.get("/groups/?limit=1000&sort=created_at"))["results"]
        assert [group["title"] for group in groups] == acknowledged
        datasets = body_of(api.get("/datasets/"))["results"]
        assert len(datasets) == 3
        for turn, dataset in enumerate(datasets):
            path = f"/datasets/{dataset['uid']}/resources/files/data.csv/download/"
            assert api.get(path).text == f"content {turn}"


@pytest.mark.parametrize(
    ("number", "setting"),
    [(signal.SIGKILL, "processing_ms"), (signal.SIGKILL, "queued_after_ms"), (signal.SIGTERM, "processing_ms")],
)
def test_interrupted_publish_is_executed_at_the_next_start(run: Run, tmp_path: Path, number: int, setting: str) -> None:
    first = run(tmp_path)
    with first.client() as api:
        uid = new_dataset(api)
        add_csv(api, uid)
        first.control("/settings", {setting: 600_000})
        body_of(api.post(f"/datasets/{uid}/publish/"))
        wait_for_status(api, uid, "processing" if setting == "processing_ms" else "idle")
        time.sleep(2)  # The run is waiting already: the new setting counts for the next start only.
        first.control("/settings", {setting: 0})
        assert body_of(api.get(f"/datasets/{uid}/status/"))["is_published"] is False
    first.end(number)

    second = run(tmp_path)
    with second.client() as api:
        eventually(lambda: body_of(api.get(f"/datasets/{uid}/status/"))["is_published"])
    explore = f"{second.url}/api/explore/v2.1/catalog/datasets/air/records"
    assert body_of(httpx.get(explore, verify=False, timeout=30))["total_count"] == 2


def test_no_secret_is_printed(run: Run, tmp_path: Path) -> None:
    process = run(tmp_path)
    key = (tmp_path / "api-key").read_text().strip()
    with process.client() as api:
        login = {"type": "basic_auth", "username": "portal", "password": "s3cret-canary"}
        body = {"type": "http", "url": "https://example.org", "auth": login}
        body_of(api.post(f"/datasource_connections/?apikey={key}", json=body), 201)
        api.post("/datasource_connections/", json={**body, "url": 5})

    _, out, err = process.end(signal.SIGTERM)

    assert "s3cret-canary" not in out + err
    assert key not in out + err


def test_two_portals_in_one_process_are_independent(tmp_path: Path) -> None:
    with Emulator(tmp_path / "one") as one, Emulator(tmp_path / "two") as two:
        for portal, title in ((one, "One"), (two, "Two")):
            headers = {"Authorization": f"apikey {portal.key}"}
            url = f"{portal.url}/api/automation/v1.0/groups/"
            body_of(httpx.post(url, json={"title": title}, headers=headers, verify=False, timeout=30), 201)
            assert body_of(httpx.get(url, headers=headers, verify=False, timeout=30))["total_count"] == 1

        assert one.key != two.key
        assert one.url != two.url


def test_the_state_outlives_the_portal(tmp_path: Path) -> None:
    with Emulator(tmp_path) as first:
        headers = {"Authorization": f"apikey {first.key}"}
        body_of(
            httpx.post(
                f"{first.url}/api/automation/v1.0/groups/",
                json={"title": "Editors"},
                headers=headers,
                verify=False,
                timeout=30,
            ),
            201,
        )

    with Emulator(tmp_path) as second:
        assert second.key == first.key
        assert [group["uid"] for group in second.portal.public_view.groups()] == ["editors"]


def test_invalid_records_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "records.duckdb").write_text("This is no database, but a text that is long enough." * 100)

    ended = run_serve("--port", "0", "--data", str(tmp_path))

    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "records.duckdb cannot be opened as records" in ended.stderr


def test_lost_key_file_is_created_anew(tmp_path: Path) -> None:
    with Emulator(tmp_path) as first:
        old = first.key
    (tmp_path / "api-key").unlink()

    with Emulator(tmp_path) as second:
        url = f"{second.url}/api/automation/v1.0/groups/"
        assert second.key != old
        assert (
            httpx.get(url, headers={"Authorization": f"apikey {second.key}"}, verify=False, timeout=30).status_code
            == 200
        )


def test_deleted_administrator_is_not_created_again(tmp_path: Path) -> None:
    with Emulator(tmp_path) as first:
        headers = {"Authorization": f"apikey {first.key}"}
        with httpx.Client(
            base_url=f"{first.url}/api/automation/v1.0", headers=headers, verify=False, timeout=30
        ) as api:
            new_user(api, "boss@example.org", permissions=["edit_domain"])
            assert api.delete("/users/admin/").status_code == 204

    with Emulator(tmp_path) as second:
        assert [user["username"] for user in second.portal.public_view.users()] == ["boss"]
