"""Tests of the files of sources as they are, over the APIs: guessed, previewed and published."""

import gzip
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, body_of, new_dataset, publish, records


@pytest.fixture
def dataset(api: httpx.Client) -> str:
    return new_dataset(api)


def uploaded(api: httpx.Client, dataset: str, content: bytes, name: str) -> Body:
    """Upload a file; return a datasource for it."""
    files = {"file": (name, content)}
    file = body_of(api.post(f"/datasets/{dataset}/resources/files/", files=files), 201)
    return {"type": "uploaded_file", "file": {"uid": file["uid"]}}


def add(api: httpx.Client, dataset: str, datasource: Body, **more: object) -> None:
    body = {"type": "csvfile", "title": "Data", "datasource": datasource, **more}
    body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)


def zipped(files: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


GUESSED: list[tuple[str, bytes, list[Body]]] = [
    ("a.dat", "phrase\nL\u2019œuvre à 5 €\n".encode("cp1252"), [{"phrase": "L\u2019œuvre à 5 €"}]),
    ("a.csv", "sep=|\n\na|b\n1|x;y\n".encode("utf-16"), [{"a": 1, "b": "x;y"}]),
    ("a.csv", b"t\n12,5 kg\n13,7 kg\n", [{"t": "12,5 kg"}, {"t": "13,7 kg"}]),
    ("a.csv", b't,n\n"say \\"x, y\\"",1\n"z",2\n', [{"t": 'say "x, y"', "n": 1}, {"t": "z", "n": 2}]),
    ("a.csv.gz", gzip.compress(b"a;b\n1;x\n"), [{"a": 1, "b": "x"}]),
    (
        "a.zip",
        zipped({"1.csv": b"a;b\n1;x\n", "2.csv": "a,b\n2,é\n".encode("cp1252")}),
        [{"a": 1, "b": "x"}, {"a": 2, "b": "é"}],
    ),
]


@pytest.mark.parametrize(("name", "content", "expected"), GUESSED, ids=range(len(GUESSED)))
def test_guessed_parameters_read_the_file_like_none(
    emulator: Emulator, api: httpx.Client, dataset: str, name: str, content: bytes, expected: list[Body]
) -> None:
    datasource = uploaded(api, dataset, content, name)
    (extractor,) = api.post(f"/datasets/{dataset}/resources/guess_extractors/", json={"datasource": datasource}).json()
    body = {"type": extractor["type"], "datasource": datasource}
    params = body_of(api.post(f"/datasets/{dataset}/resources/guess_extractor_params/", json=body))["params"]

    previews = [
        body_of(api.post(f"/datasets/{dataset}/resources/preview/", json={**body, "params": given}))
        for given in (None, params)
    ]
    add(api, dataset, datasource, type=extractor["type"], params=params)
    publish(api, dataset)

    assert previews[0] == previews[1]
    assert previews[0]["records"] == records(emulator) == expected


def test_guessed_encoding_is_a_warning_of_the_status(emulator: Emulator, api: httpx.Client, dataset: str) -> None:
    add(api, dataset, uploaded(api, dataset, "ville\nOrléans\n".encode("cp1252"), "a.csv"))
    status = publish(api, dataset)
    assert (status["status"], status["message"]) == (
        "idle",
        'Source "Data": the encoding is not declared, cp1252 (Western European) was guessed; '
        'the parameter "encoding" sets it.',
    )
    assert records(emulator) == [{"ville": "Orléans"}]


def test_what_is_no_text_is_an_error_of_the_status(api: httpx.Client, dataset: str) -> None:
    add(api, dataset, uploaded(api, dataset, b"\x89PNG\r\n\x1a\n\x00\x00", "a.csv"))
    status = publish(api, dataset)
    assert (status["status"], status["message"]) == ("error", 'Source "Data": the file seems to be a PNG image')


BAD: list[tuple[str, Body, str, str]] = [
    ("guess_extractors", {}, "datasource", "the gzip file a.csv is broken"),
    ("guess_extractor_params", {"type": "csvfile"}, "datasource", "the gzip file a.csv is broken"),
    ("preview", {"type": "csvfile"}, "datasource", "the gzip file a.csv is broken"),
    ("preview", {"type": "crystalball"}, "type", "there is no extractor crystalball"),
    ("guess_extractor_params", {"type": "crystalball"}, "type", "there is no extractor crystalball"),
    ("preview", {"type": "csvfile", "params": {"first_row_no": "x"}}, "params", 'parameter "first_row_no" must be'),
]


@pytest.mark.parametrize(("call", "body", "member", "message"), BAD)
def test_bad_draft_is_a_validation_error_with_its_place(
    api: httpx.Client, dataset: str, call: str, body: Body, member: str, message: str
) -> None:
    datasource = uploaded(api, dataset, b"\x1f\x8b rubbish", "a.csv")
    response = api.post(f"/datasets/{dataset}/resources/{call}/", json={"datasource": datasource, **body})
    error = body_of(response, 400)
    assert error["error_code"] == "validation_error"
    assert message in error["detail"][member][0]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Emulator, httpx.Client]]:
    """A portal in a folder of its own, and its administrator's client."""
    with Emulator(tmp_path) as portal:
        headers = {"Authorization": f"apikey {portal.key}"}
        with httpx.Client(
            base_url=f"{portal.url}/api/automation/v1.0", headers=headers, verify=False, timeout=30
        ) as client:
            yield portal, client


def test_folder_of_an_ftp_server_is_one_source(own: tuple[Emulator, httpx.Client], tmp_path: Path) -> None:
    portal, api = own
    folder = tmp_path / "remote/ftp/example.org/air"
    folder.mkdir(parents=True)
    (folder / "1.csv").write_bytes(b"city;pm\nBasel;3\n")
    (folder / "2.csv.gz").write_bytes(gzip.compress(b"city,pm\nBern,4\n"))
    dataset = new_dataset(api)
    datasource = {"type": "ftp", "relative_url": "/air/", "connection": {"type": "ftp", "url": "ftp://example.org"}}
    add(api, dataset, datasource, type="files_csv", params={"extract_filename": True})

    assert publish(api, dataset)["message"] is None
    assert records(portal) == [
        {"city": "Basel", "pm": 3, "filename": "1.csv"},
        {"city": "Bern", "pm": 4, "filename": "2.csv"},
    ]
    guessed = api.post(f"/datasets/{dataset}/resources/guess_extractors/", json={"datasource": datasource}).json()
    assert [one["type"] for one in guessed] == ["files_csv"]
