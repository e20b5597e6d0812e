"""The download of files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi_opendatasoft.errors import NotAPortal, NotFound, Unreachable

from .conftest import Connect, Serve
from .scripted import Disconnect, Response, in_turn, refusal

FILE = "/datasets/da_x/resources/files/a b.csv/download/"
CONTENT = bytes(range(256)) * 5000


def test_content_is_written_byte_by_byte(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    portal = serve(lambda request: Response(CONTENT))
    connect(portal).download(FILE, tmp_path / "deep" / "a.csv")
    assert (tmp_path / "deep" / "a.csv").read_bytes() == CONTENT
    (request,) = portal.requests
    assert (request.method, request.path, request.headers["accept-encoding"]) == ("GET", FILE, "identity")


def test_broken_download_is_begun_anew(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    portal = serve(in_turn(Disconnect(Response(CONTENT), after=700_000), Response(CONTENT)))
    connect(portal).download(FILE, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == CONTENT


def test_failed_download_leaves_the_file_as_it_was(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"earlier")
    client = connect(serve(lambda request: Disconnect(Response(CONTENT), after=700_000)), retries=1)
    with pytest.raises(Unreachable):
        client.download(FILE, tmp_path / "a.csv")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.csv", b"earlier")]


def test_missing_file_is_not_found(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    client = connect(serve(lambda request: refusal(404, "not_found")))
    with pytest.raises(NotFound):
        client.download(FILE, tmp_path / "a.csv")


@pytest.mark.parametrize(
    "response",
    [
        Response(b"packed", headers={"Content-Encoding": "gzip"}),
        Response(None, 303, {"Location": "https://elsewhere.example/a.csv"}),
    ],
    ids=["packed", "redirect"],
)
def test_other_answers_are_no_file(serve: Serve, connect: Connect, tmp_path: Path, response: Response) -> None:
    portal = serve(lambda request: response)
    client = connect(portal)
    with pytest.raises(NotAPortal):
        client.download(FILE, tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()
    assert len(portal.requests) == 1
