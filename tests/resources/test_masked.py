"""A secret of the program is masked wherever it is repeated: in an error, and in the outputs of a state."""

from __future__ import annotations

import json

import pulumi_opendatasoft as ods

from ..conftest import Portal
from ..engine_stub.engine import Engine

CANARY = 'canary<word>"of"gold'


def test_secret_in_a_processing_error_is_masked(engine: Engine, portal: Portal) -> None:
    def program() -> None:
        (engine.folder / "a.csv").write_text("a\n1\n")
        server = ods.HTTPConnection("server", url="https://files.example.com")
        source = ods.HTTPDatasource(connection=server.uid, relative_url="/", headers={"X-Token": CANARY})
        file = ods.UploadedFileDatasource(file=ods.File(engine.folder / "a.csv"))
        sources = {
            "web": ods.Source(type="csvfile", datasource=source),
            "file": ods.Source(type=CANARY, datasource=file),
        }
        ods.Dataset("air", sources=sources, published=True)

    failed = engine.up(program, ok=False)

    message = portal.get(f"/datasets/{portal.dataset('air')['uid']}/status/")["message"]
    assert "canary" in message, "the portal does repeat it"
    assert "canary" not in json.dumps([failed.errors, [line.text for line in failed.lines]])
    assert "[secret]" in failed.errors[0]
    engine.refresh()
    actual = engine.get("air").outputs["message"]
    assert "canary" not in actual
    assert "[secret]" in actual


def test_password_in_an_address_is_masked(engine: Engine, portal: Portal) -> None:
    url = "https://ana:canary@files.example.com"
    portal.post("/datasource_connections/", {"type": "http", "url": url})
    (refused,) = engine.up(lambda: ods.HTTPConnection("server", url=url), ok=False).errors
    assert "https://[secret]@files.example.com" in refused
    assert "canary" not in refused
