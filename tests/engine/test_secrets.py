"""No secret is told in plain text: not by the engine, not in the state, not by the portal on this machine.

What a program exports is its own matter: with `--debug` Pulumi's SDK prints the exports, secrets among them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx

from ..conftest import Portal
from .stacks import Stack

PROGRAM = """
    token = pulumi.Config().require_secret("token")
    server = ods.HTTPConnection(
        "server",
        url="http://127.0.0.1:9",
        headers={{"X-Token": token, "X-Plain": "canary-plain-header-{turn}"}},
        auth=ods.BasicAuth(username="portal", password="canary-password-{turn}"),
    )
    source = ods.HTTPDatasource(
        connection=server.uid, relative_url="/air.csv", headers={{"X-Source": "canary-source-header-{turn}"}}
    )
    air = ods.Dataset("air", sources={{"day": ods.Source(type="csvfile", datasource=source)}}{more})
    live = {{"live": ods.Source(type="realtime")}}
    pushed = ods.Dataset("pushed", sources=live, published=True, allow_data_loss=True)
"""


def test_no_secret_appears_in_plain_text(stack: Stack, portal: Portal, tmp_path: Path) -> None:
    key = stack.env.pop("OPENDATASOFT_API_KEY")
    stack.run("config", "set", "--secret", "opendatasoft:apiKey", key)
    stack.run("config", "set", "--secret", "token", "canary-config-token")
    told: list[str] = []

    def tell(*words: str, ok: bool = True) -> None:
        told.append(stack.run(*words, "-v=8", "--logtostderr", "--debug", ok=ok).text)

    stack.program(PROGRAM.format(turn=1, more=", published=True"))
    tell("up", "--yes", "--skip-preview", ok=False)  # nothing listens there
    stack.program(PROGRAM.format(turn=2, more=""))
    tell("preview", "--diff")
    tell("up", "--yes", "--skip-preview")
    uid = stack.ids()["server"]
    auth = {"type": "basic_auth", "username": "somebody", "password": "canary-behind-its-back"}
    headers = [{"name": "X-Token", "value": "canary-header-behind-its-back"}]
    portal.put(
        f"/datasource_connections/{uid}/",
        {"type": "http", "url": "http://127.0.0.1:9", "auth": auth, "headers": headers},
    )
    tell("preview", "--refresh", "--diff")
    tell("refresh", "--yes", "--skip-preview")
    portal.fail({"method": "PUT", "path": "/datasource_connections/.*", "nth": 1, "fault": "garbage"})
    tell("up", "--yes", "--skip-preview", ok=False)
    tell("up", "--yes", "--skip-preview")
    told.append(stack.run("stack", "export").text)
    told += [path.read_text() for path in stack.folder.rglob("*.json*") if path.is_file()]
    told.append(portal.control.get("/requests").text)
    pages = ("/", "/explore/dataset/air/", "/explore/dataset/pushed/")
    told += [httpx.get(portal.url + page, timeout=30).raise_for_status().text for page in pages]
    push_key = portal.all(f"/datasets/{stack.ids()['pushed']}/resources/")[0]["url"].partition("pushkey=")[2]
    tell("destroy", "--yes", "--skip-preview")

    text = "\n".join(told)
    assert '"X-Token"' in text
    assert [line for line in text.splitlines() if "canary" in line] == []
    assert key not in text
    assert push_key
    assert push_key not in text


def test_new_passphrase_opens_what_the_old_one_did(another_stack: Callable[..., Stack]) -> None:
    stack = another_stack("dev", passphrase=True)
    stack.run("config", "set", "--secret", "opendatasoft:apiKey", stack.env.pop("OPENDATASOFT_API_KEY"))
    stack.program('ods.Group("editors", title="Editors")')
    stack.up()

    subprocess.run(
        ["pulumi", "stack", "change-secrets-provider", "passphrase"],
        cwd=stack.folder,
        env=stack.env,
        input="a new passphrase\na new passphrase\n",
        capture_output=True,
        text=True,
        check=True,
    )

    assert "incorrect passphrase" in stack.preview(ok=False).text
    stack.env["PULUMI_CONFIG_PASSPHRASE"] = "a new passphrase"
    stack.preview("--refresh", "--expect-no-changes")
