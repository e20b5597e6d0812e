"""The upload of files."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path

import pytest
from pulumi_opendatasoft.client.uploads import CheckedFile
from pulumi_opendatasoft.errors import BadFile, Call, PortalFailed, Uncertain, Unreachable

from .conftest import Connect, Serve
from .scripted import Disconnect, NoResponse, Reply, Request, Response, in_turn, refusal

FILES = "/datasets/da_x/resources/files/"
CALL = Call("portal", "POST", FILES)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def parts_of(request: Request) -> dict[str, tuple[str | None, str, bytes]]:
    """Name -> (filename, content type, bytes) of a multipart body, read by the standard library."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)

    def content(part: Message) -> bytes:
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        return payload

    parts: dict[str, tuple[str | None, str, bytes]] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        parts[str(name)] = (part.get_filename(), part.get_content_type(), content(part))
    return parts


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "measures.csv"
    file.write_bytes(b"day;value\n" + b"2026-02-05;3\n" * 20_000)  # several chunks
    return file


def test_file_is_sent_whole_with_its_name_and_the_fields(serve: Serve, connect: Connect, table: Path) -> None:
    portal = serve(in_turn(Response({"uid": "measures.csv"}, 201)))
    response = connect(portal).upload(
        FILES,
        table,
        filename="Mesures d'été.csv",
        sha256=sha256(table.read_bytes()),
        fields={"type": "uploaded_file", "title": "Été"},
    )
    assert response == {"uid": "measures.csv"}
    parts = parts_of(portal.requests[0])
    assert parts["file"][1:] == ("text/csv", table.read_bytes())
    assert parts["type"][2] == b"uploaded_file"
    assert parts["title"][2] == "Été".encode()
    assert "Mesures d'été.csv".encode() in portal.requests[0].body
    assert portal.requests[0].headers["content-length"] == str(len(portal.requests[0].body))


def test_part_may_have_another_name(serve: Serve, connect: Connect, table: Path) -> None:
    portal = serve(in_turn(Response({}, 201)))
    connect(portal).upload("/medias/images/", table, filename="a.svg", part="image")
    assert parts_of(portal.requests[0])["image"][:2] == ("a.svg", "image/svg+xml")


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000])
def test_files_of_every_size_are_checked_and_sent(serve: Serve, connect: Connect, tmp_path: Path, size: int) -> None:
    file = tmp_path / "data.json"
    content = bytes(number % 251 for number in range(size))
    file.write_bytes(content)
    portal = serve(in_turn(Response({}, 201)))
    client = connect(portal)
    client.upload(FILES, file, filename="data.json", sha256=sha256(content))
    assert parts_of(portal.requests[0])["file"][2] == content
    with pytest.raises(BadFile):
        client.upload(FILES, file, filename="data.json", sha256=sha256(content + b"!"))
    assert len(portal.requests) == 1


def test_file_that_changed_since_the_program_is_not_sent(serve: Serve, connect: Connect, table: Path) -> None:
    seen = sha256(table.read_bytes())
    table.write_bytes(table.read_bytes() + b"2026-02-06;4\n")
    portal = serve(in_turn(Response({}, 201)))
    with pytest.raises(BadFile) as error:
        connect(portal).upload(FILES, table, filename="measures.csv", sha256=seen)
    assert portal.requests == []
    assert error.value.file == table
    assert str(error.value) == (
        f"{table}: it changed since the program was run; run it again to send what it holds now "
        f"(for POST {FILES} at {portal.host})"
    )


@pytest.mark.parametrize("change", [b"", b"2026-02-06;4\n"])
def test_file_whose_length_changes_while_read_is_not_sent(table: Path, change: bytes) -> None:
    with CheckedFile(table, None, CALL) as file:
        file.read(65_536)
        if change:
            with table.open("ab") as more:
                more.write(change)
        else:
            table.write_bytes(table.read_bytes()[:100_000])
        with pytest.raises(BadFile, match="it changed since the program was run"):
            deque(iter(lambda: file.read(65_536), b""))


def test_file_that_changes_between_two_tries_is_noticed(serve: Serve, connect: Connect, table: Path) -> None:
    seen = sha256(table.read_bytes())

    def script(_: Request) -> Reply:
        table.write_bytes(b"other")
        return Response(b"", 502)

    portal = serve(script)
    with pytest.raises(BadFile):
        connect(portal).upload(FILES, table, filename="measures.csv", sha256=seen)
    assert len(portal.requests) == 1


def test_file_without_an_expected_hash_is_sent_as_it_is(serve: Serve, connect: Connect, table: Path) -> None:
    portal = serve(in_turn(Response({}, 201)))
    connect(portal).upload(FILES, table, filename="measures.csv")
    assert parts_of(portal.requests[0])["file"][2] == table.read_bytes()


def test_missing_file_and_folder_are_named(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    portal = serve(in_turn(Response({}, 201)))
    client = connect(portal)
    for file, reason in ((tmp_path / "none.csv", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(BadFile, match=f"{file}: it cannot be read: {reason}"):
            client.upload(FILES, file, filename="none.csv")
    assert portal.requests == []


def test_file_that_stops_being_readable_is_named(table: Path) -> None:
    class Failing(CheckedFile):
        def peek(self, size: int = 0, /) -> bytes:
            raise OSError(5, "Input/output error")

    with Failing(table, None, CALL) as file, pytest.raises(BadFile, match="it cannot be read: Input/output error"):
        file.read(10)


@pytest.mark.parametrize("reply", [Disconnect(), Response(b"", 502), refusal(429, "throttled")])
def test_upload_is_sent_again_from_its_beginning(serve: Serve, connect: Connect, table: Path, reply: Reply) -> None:
    portal = serve(in_turn(reply, Response({"uid": "measures.csv"}, 201)))
    connect(portal).upload(FILES, table, filename="measures.csv", sha256=sha256(table.read_bytes()))
    assert [parts_of(request)["file"][2] for request in portal.requests] == [table.read_bytes()] * 2


def test_upload_that_is_not_repeatable_is_looked_up(serve: Serve, connect: Connect, table: Path) -> None:
    def script(request: Request) -> Reply:
        return Response([{"uid": "at_1"}]) if request.method == "GET" else Disconnect()

    portal = serve(script)
    client = connect(portal)
    path = "/datasets/da_x/attachments/"
    found = client.upload(
        path, table, filename="m.csv", repeatable=False, look=lambda: next(iter(client.all(path)), None)
    )
    assert found == {"uid": "at_1"}
    assert portal.calls() == [f"POST {path}", f"GET {path}"]
    with pytest.raises(Uncertain):
        client.upload(path, table, filename="m.csv", repeatable=False)


def test_refusal_before_the_whole_upload_is_read(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    big.write_bytes(b"x" * 5_000_000)
    portal = serve(in_turn(refusal(413, "too_large", "Too large.")))
    with pytest.raises(Exception, match=r"Too large\."):
        connect(portal).upload(FILES, big, filename="big.csv")


@pytest.mark.parametrize(("size", "most"), [(1_000_001, 2), (1_000_000, 6)])
def test_at_most_two_large_files_are_uploaded_at_once(
    serve: Serve, connect: Connect, tmp_path: Path, size: int, most: int
) -> None:
    table = tmp_path / "measures.csv"
    table.write_bytes(bytes(size))
    changed = threading.Condition()
    inside = peak = 0

    def script(_: Request) -> Reply:
        nonlocal inside, peak
        with changed:
            inside += 1
            peak = max(peak, inside)
            changed.notify_all()
            changed.wait_for(lambda: peak >= most, timeout=60)
            changed.wait(0.02)  # so that one more would be seen
            inside -= 1
        return Response({}, 201)

    client = connect(serve(script), concurrency=8)
    threads = [
        threading.Thread(target=client.upload, args=(FILES, table), kwargs={"filename": "m.csv"}) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert peak == most


def test_slow_upload_has_more_time_than_another_call(serve: Serve, connect: Connect, table: Path) -> None:
    never = threading.Event()

    def script(request: Request) -> Reply:
        if request.method == "GET":
            return NoResponse()
        never.wait(0.5)
        return Response({"uid": "m.csv"}, 201)

    client = connect(serve(script), timeout=0.2, retries=0)
    assert client.upload(FILES, table, filename="m.csv") == {"uid": "m.csv"}
    with pytest.raises(Unreachable):
        client.get("/groups/")


def test_failed_upload_is_an_error_like_any_other(serve: Serve, connect: Connect, table: Path) -> None:
    client = connect(serve(in_turn(refusal(500, "internal_error"))), retries=0)
    with pytest.raises(PortalFailed, match="internal_error"):
        client.upload(FILES, table, filename="m.csv")
