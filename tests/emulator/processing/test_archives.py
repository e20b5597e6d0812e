"""Tests of sources that are archives, compressed files, folders, or no text."""

import bz2
import gzip
import io
import json
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from opendatasoft_emulator.processing import ProcessingError, Source, Uploaded
from opendatasoft_emulator.processing.files import LIMITS, Fetched, Limits, UnreadableFile, members, require_bounded

from .conftest import Bench, types
from .workbooks import xlsx

CODES = b"code,name\n01001,A\n"
OTHERS = b"code,name\n01002,B\n"


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def tarred(files: dict[str, bytes], mode: Any = "w") -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode=mode) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return content.getvalue()


def named(bench: Bench, content: bytes, name: str, type: str = "csvfile", **params: Any) -> Source:
    """A source of an uploaded file with this name."""
    source = bench.source(content, type, **params)
    assert isinstance(source.datasource, Uploaded)
    return replace(source, datasource=replace(source.datasource, filename=name))


PACKED = {
    "c.csv.gz": gzip.compress(CODES),
    "c.gzip": gzip.compress(CODES),
    "c.csv.bz2": bz2.compress(CODES),
    "c.zip": zipped({"c.csv": CODES}),
    "c.tar": tarred({"c.csv": CODES}),
    "c.tar.gz": tarred({"c.csv": CODES}, "w:gz"),
    "c.tgz": tarred({"c.csv": CODES}, "w:gz"),
    "c.tar.bz2": tarred({"c.csv": CODES}, "w:bz2"),
    "gz in a zip": zipped({"c.csv.gz": gzip.compress(CODES)}),
    "tar.gz in a zip": zipped({"c.tar.gz": tarred({"c.csv": CODES}, "w:gz")}),
    "zip in a gz": gzip.compress(zipped({"c.csv": CODES})),
    "beside files of the system": zipped(
        {"__MACOSX/._c.csv": b"\x00", ".DS_Store": b"\x00", "a/": b"", "a/c.csv": CODES, "Thumbs.db": b"\x00"}
    ),
}


@pytest.mark.parametrize("name", PACKED)
def test_packed_file_is_read_as_if_it_were_not(bench: Bench, name: str) -> None:
    result = bench.process(named(bench, PACKED[name], name))
    assert bench.rows == [{"code": "01001", "name": "A"}]
    assert (result.records_errors, result.notes) == ([], [])


def test_packed_file_is_recognised_by_its_content(bench: Bench) -> None:
    bench.process(named(bench, gzip.compress(CODES), "data.csv"), named(bench, OTHERS, "others.csv.gz"))
    assert bench.column("name") == ["A", "B"]


JSON: list[tuple[str, bytes]] = [
    ("jsonfile", json.dumps([{"a": 1}]).encode()),
    ("jsonlines", b'{"a": 1}\n'),
    (
        "geojsonfile",
        json.dumps(
            {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None, "properties": {"a": 1}}]}
        ).encode(),
    ),
]


@pytest.mark.parametrize(("type", "content"), JSON)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_json_is_unpacked_and_decoded(bench: Bench, type: str, content: bytes, encoding: str) -> None:
    bench.process(named(bench, zipped({"a": content.decode().encode(encoding)}), "a.zip", type))
    assert bench.column("a") == [1]


def test_spreadsheet_is_no_archive_but_may_be_in_one(bench: Bench) -> None:
    book = xlsx([["a"], [1]])
    bench.process(named(bench, book, "a.xlsx", "xlsfile"), named(bench, zipped({"b.xlsx": book}), "b.zip", "xlsfile"))
    assert bench.column("a") == [1, 1]


def test_members_of_an_archive_follow_one_another_by_name(bench: Bench) -> None:
    content = zipped({"b/2.csv": OTHERS, "a/1.csv": CODES})
    result = bench.process(named(bench, content, "c.zip", extract_filename=True))
    assert types(result) == {"code": "text", "name": "text", "filename": "text"}
    assert [(row["code"], row["filename"]) for row in bench.rows] == [("01001", "a/1.csv"), ("01002", "b/2.csv")]


def test_each_member_has_a_dialect_of_its_own(bench: Bench) -> None:
    content = zipped({"1.csv": CODES, "2.csv": "code;name\n01002;É\n".encode("utf-16")})
    bench.process(named(bench, content, "c.zip"))
    assert bench.column("name") == ["A", "É"]


def test_other_files_of_an_archive_are_left_out_with_a_note(bench: Bench) -> None:
    result = bench.process(named(bench, zipped({"c.csv": CODES, "read me.pdf": b"%PDF-1.7"}), "c.zip"))
    assert bench.column("name") == ["A"]
    assert result.notes == ["These files of c.zip are left out: read me.pdf."]


def test_folder_of_csv_files_is_read_by_its_extractor(bench: Bench) -> None:
    folder = bench.folder / "stations"
    folder.mkdir()
    (folder / "b.csv.gz").write_bytes(gzip.compress(OTHERS))
    (folder / "a.csv").write_bytes(CODES)
    (folder / ".hidden").write_bytes(b"\x00")
    source = Source("re_1", "stations", "files_csv", {"extract_filename": True}, Uploaded(folder, "stations"))
    bench.process(source)
    assert [(row["name"], row["filename"]) for row in bench.rows] == [("A", "a.csv"), ("B", "b.csv")]
    with pytest.raises(ProcessingError) as caught:
        bench.process(replace(source, type="csvfile"))
    assert caught.value.message == (
        'Source "stations": stations is a folder, whose files the extractor files_csv reads'
    )


def test_an_archive_may_hold_the_folder_of_csv_files(bench: Bench) -> None:
    bench.process(named(bench, zipped({"a.csv": CODES, "b.csv": OTHERS}), "c.zip", "files_csv"))
    assert bench.column("name") == ["A", "B"]


def encrypted() -> bytes:
    """A zip archive whose only file is marked as encrypted."""
    content = bytearray(zipped({"c.csv": CODES}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


REFUSED: list[tuple[bytes, str]] = [
    (gzip.compress(CODES * 100)[:-20], "the gzip file c is broken ("),
    (b"\x1f\x8b" + b"rubbish" * 10, "the gzip file c is broken ("),
    (bz2.compress(CODES)[:-5], "the bzip2 file c is broken ("),
    (zipped({"c.csv": CODES * 100})[:-30], "the file seems to be a zip archive, and broken"),
    (zipped({"c.csv": CODES}, zipfile.ZIP_STORED).replace(b"01001", b"01009"), "the zip archive c is broken ("),
    (encrypted(), "the zip archive c is encrypted"),
    (tarred({"c.csv": CODES * 1000})[:2000], "the tar archive c is broken ("),
    (zipped({}), "the archive contains no files"),
    (
        zipped({"b.zip": zipped({"a.zip": zipped({"c.csv": CODES})})}),
        "a.zip is an archive too deep within other archives",
    ),
    (b"7z\xbc\xaf\x27\x1c\x00\x04", "the file seems to be a 7-Zip archive"),
    (b"\x89PNG\r\n\x1a\n\x00", "the file seems to be a PNG image"),
]


@pytest.mark.parametrize(("content", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_cannot_be_unpacked_is_an_error_that_says_why(bench: Bench, content: bytes, message: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(named(bench, content, "c"))
    assert caught.value.message.startswith(f'Source "source 1": {message}')


BOUNDED: list[tuple[bytes, Limits, str]] = [
    (gzip.compress(bytes(3 * 1024**2)), replace(LIMITS, bytes=2 * 1024**2), "larger than 2 MB when unpacked"),
    (zipped({"a": bytes(10**6)}), replace(LIMITS, ratio_from=10**5), "more than 200 times larger when unpacked"),
    (tarred({"a": b"", "b": b"", "c": b""}), replace(LIMITS, members=2), "more than 2 files"),
]


@pytest.mark.parametrize(("content", "limits", "message"), BOUNDED, ids=[message for *_, message in BOUNDED])
def test_unpacking_is_bounded(tmp_path: Path, content: bytes, limits: Limits, message: str) -> None:
    path = tmp_path / "packed"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=message):
        members(Fetched(path, "packed"), tmp_path, limits)


def test_the_name_of_a_member_is_never_a_path(tmp_path: Path) -> None:
    path, folder = tmp_path / "packed", tmp_path / "in"
    folder.mkdir()
    path.write_bytes(zipped({"../../out.csv": CODES, "/root.csv": OTHERS}))
    found = members(Fetched(path, "packed"), folder)
    assert [member.path.parent for member in found] == [folder, folder]
    assert {entry.name for entry in tmp_path.iterdir()} == {"packed", "in"}


def test_spreadsheet_is_bounded_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped({"[Content_Types].xml": b"", "xl/workbook.xml": bytes(10**6)}))
    require_bounded(path)
    with pytest.raises(UnreadableFile, match="the spreadsheet is more than 200 times larger when unpacked"):
        require_bounded(path, replace(LIMITS, ratio_from=10**5))


def test_a_description_beside_the_data_is_left_out(bench: Bench) -> None:
    result = bench.process(bench.source(zipped({"README.txt": b"read me", "codes.csv": CODES})))
    assert "These files of file1.dat are left out: README.txt." in result.notes
    assert bench.column("code") == ["01001"]


def test_a_link_out_of_an_archive_is_an_error(bench: Bench) -> None:
    def linked(target: str) -> bytes:
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w") as archive:
            entry = tarfile.TarInfo("codes.csv")
            entry.size = len(CODES)
            archive.addfile(entry, io.BytesIO(CODES))
            link = tarfile.TarInfo("latest.csv")
            link.type, link.linkname = tarfile.SYMTYPE, target
            archive.addfile(link)
        return file.getvalue()

    bench.process(bench.source(linked("codes.csv")))
    assert bench.column("code") == ["01001"]
    with pytest.raises(
        ProcessingError, match=r"latest\.csv is a link to /etc/hosts, which the archive does not contain"
    ):
        bench.process(bench.source(linked("/etc/hosts")))
