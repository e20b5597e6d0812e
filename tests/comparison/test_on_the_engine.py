"""plan-cost, doctor, unmanaged and compare with what the real `pulumi` prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.commands.group import opendatasoft

from ..commands.conftest import Outcome
from ..conftest import Portal
from ..engine.stacks import Stack

PROGRAM = """
secret = pulumi.Config().require_secret("password")
editors = ods.Group("editors", title="Editors", permissions=["edit_dataset"])
ods.HTTPConnection(
    "files", url="https://files.example", auth=ods.BasicAuth(username="portal", password=secret),
    headers=pulumi.Output.secret({"x-token": "canary"}),
)
ods.User("ana", email="ana@city.example", groups=[editors.uid])
ods.Dataset(
    "air",
    metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air")),
    sources={"file": ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))},
    group_access=[ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset"])],
)
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Portal]:
    """A portal for this test alone."""
    with Emulator(tmp_path / "portal") as emulator:
        portal = Portal(emulator)
        yield portal
        portal.close()


def test_commands_read_what_the_engine_prints(
    own: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_engine: None
) -> None:
    stack = Stack(tmp_path / "stack", domain=own.url, key=own.key)
    secrets = {
        "password": "canary",
        "opendatasoft:portals.same.apiKey": own.key,
        "opendatasoft:domain": own.url,
        "opendatasoft:apiKey": own.key,
    }
    words = [word for name, value in secrets.items() for word in ("--secret", f"{name}={value}")]
    stack.run("config", "set-all", "--path", *words, "--plaintext", f"opendatasoft:portals.same.domain={own.url}")
    stack.program(PROGRAM)
    stack.file("air.csv", "city,pm\nLyon,3\n")
    monkeypatch.chdir(stack.folder)

    def call(*words: str, input: str | None = None, code: int = 0) -> Outcome:
        variables = {**stack.env, "OPENDATASOFT_DOMAIN": None, "OPENDATASOFT_API_KEY": None}
        result = CliRunner(env=variables).invoke(opendatasoft, words, input=input, catch_exceptions=False)
        assert result.exit_code == code, (words, result.stdout, result.stderr)
        assert "canary" not in result.stdout + result.stderr
        return Outcome(result.exit_code, result.stdout, result.stderr)

    preview = stack.preview("--json").out
    promised = call("plan-cost", "-", "--json", input=preview).json
    needs = call("doctor", "--preview", "-", input=preview).stdout.splitlines()[-1]
    own.forget()
    stack.up()

    assert (promised["unknown"], promised["looks"]) == ([], 0)
    assert promised["calls"] == len(own.requests())
    assert needs.startswith(
        "ok       program: by the preview it needs create_dataset, edit_dataset, edit_domain, manage"
    )

    own.post("/groups/", {"title": "By hand"})
    own.forget()
    found = call("unmanaged", "--json", code=3).json
    compared = call("compare", "--from", ".", "--to", "same")
    assert [(one["noun"], one["key"]) for one in found["unmanaged"]] == [("groups", "By hand")]
    assert found["managed"] == 4
    assert ". and same: 0 differ, 4 equal" in compared.stderr
    assert own.writes() == []
