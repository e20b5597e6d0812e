"""Tests of the dialect of tables: encoding, separator, quoting and first row, guessed and declared."""

import csv
import io
from pathlib import Path
from typing import Any, Literal

import pytest
from opendatasoft_emulator.processing.files import UnreadableFile, dialect_of, lines
from opendatasoft_emulator.processing.files.detection import params_of

Rows = list[list[str]]


def written(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "data"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, charset: str | None = None, **params: Any) -> Rows:
    """The records of a file in its dialect."""
    dialect = dialect_of(path, params, charset)
    text = io.StringIO("".join(lines(path, dialect)), newline="")
    escape = None if dialect.escape == dialect.quote else dialect.escape
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE
    reader = csv.reader(
        text,
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        escapechar=escape,
        quoting=quoting,
        skipinitialspace=True,
    )
    return [row for row in reader if row]


TABLES: dict[str, tuple[str, Rows]] = {
    "separators in quoted titles": (
        '"Nom, prénom, service";"Âge"\n"A, B, C";12',
        [["Nom, prénom, service", "Âge"], ["A, B, C", "12"]],
    ),
    "one field of decimals": ("temperature\n12,5\n13,7", [["temperature"], ["12,5"], ["13,7"]]),
    "one field of texts": ("name\nhello, world\nfoo\na;b\n", [["name"], ["hello, world"], ["foo"], ["a;b"]]),
    "one field of every separator": ("t\na,b;c\td|e\nf\n", [["t"], ["a,b;c\td|e"], ["f"]]),
    "one field, a comma in its title": ("Nom, prénom\nDupont\nMartin\n", [["Nom, prénom"], ["Dupont"], ["Martin"]]),
    "one field of prose": (
        "comment, if any\n" + "yes\nwell, no\nor, perhaps, both\nred, green, blue, all\nnone\n" * 3,
        [["comment, if any"], *[["yes"], ["well, no"], ["or, perhaps, both"], ["red, green, blue, all"], ["none"]] * 3],
    ),
    "a separator at the end of records": ("a;b\n" + "1;2;\n" * 20, [["a", "b"], *[["1", "2", ""]] * 20]),
    "one title": ("a\n", [["a"]]),
    "titles alone": ("a;b;c\n", [["a", "b", "c"]]),
    "decimal commas": ("a;b\n1,5;2,5\n3,5;4,5\n", [["a", "b"], ["1,5", "2,5"], ["3,5", "4,5"]]),
    "decimal commas and a comma in a title": ("a,b;c\n1,5;2\n3,5;4\n", [["a,b", "c"], ["1,5", "2"], ["3,5", "4"]]),
    "commas in texts and titles": ("id;a, b\n1;x, y\n2;z, k\n", [["id", "a, b"], ["1", "x, y"], ["2", "z, k"]]),
    "ends of lines within quotes": (
        'id;text\r\n1;"a, b\r\nc, d\r\n, e"\r\n2;"f"\r\n',
        [["id", "text"], ["1", "a, b\r\nc, d\r\n, e"], ["2", "f"]],
    ),
    "tabs within quotes": ('a,b\n"x\ty",1\n"z\tw",2\n', [["a", "b"], ["x\ty", "1"], ["z\tw", "2"]]),
    "tabs": ("a\tb\n1,5\t2\n", [["a", "b"], ["1,5", "2"]]),
    "bars": ("a|b\n1|2;3\n", [["a", "b"], ["1", "2;3"]]),
    "carriage returns alone": ("a,b\r1,2\r3,4\r", [["a", "b"], ["1", "2"], ["3", "4"]]),
    "a declared separator": ("sep=;\na;b\n1,2;3,4\n", [["a", "b"], ["1,2", "3,4"]]),
    "empty lines first": ("\n;;;\n\r\na;b\n1;2\n", [["a", "b"], ["1", "2"]]),
    "ragged records": ("a,b\n1\n\n1,2,3\n", [["a", "b"], ["1"], ["1", "2", "3"]]),
    "doubled quotes": ('a,b\n"say ""x, y""",1\n', [["a", "b"], ['say "x, y"', "1"]]),
    "quotes after a backslash": ('a,b\n"x \\"y\\", z",2\n"k",3\n', [["a", "b"], ['x "y", z', "2"], ["k", "3"]]),
    "single quotes": ("a,b\n'x, y',2\n'z',3\n", [["a", "b"], ["x, y", "2"], ["z", "3"]]),
    "single quotes, mostly needless": (
        "a,b\n'x, y',2\n" + "'z',3\n" * 300,
        [["a", "b"], ["x, y", "2"], *[["z", "3"]] * 300],
    ),
    "apostrophes": ("a,b\n'tis,2\nz,3\n", [["a", "b"], ["'tis", "2"], ["z", "3"]]),
    "quotes within fields": ('size;n\n5" pipe;1\n6" pipe;2\n', [["size", "n"], ['5" pipe', "1"], ['6" pipe', "2"]]),
    "a quote that is never closed": ('n;t\n1;"x\n2;y\n3;z\n', [["n", "t"], ["1", '"x'], ["2", "y"], ["3", "z"]]),
    "spaces before quotes": ('"a", "b"\n1, "x, y"\n2, "z"\n', [["a", "b"], ["1", "x, y"], ["2", "z"]]),
    "points": ("nom;lat,lon\nA;48.2,2.3\nB;49.3,2.4\n", [["nom", "lat,lon"], ["A", "48.2,2.3"], ["B", "49.3,2.4"]]),
    "points alone": ("point\n48.2,2.3\n49.3,2.4\n", [["point"], ["48.2,2.3"], ["49.3,2.4"]]),
    "a separator in quotes": ('"sep=;"\na;b\n1;2\n', [["a", "b"], ["1", "2"]]),
    "a long line": ("a;b\n1;" + "x" * 300_000 + "\n2;y\n", [["a", "b"], ["1", "x" * 300_000], ["2", "y"]]),
    "a title line": ("Report\na;b\n1;2\n", [["Report"], ["a;b"], ["1;2"]]),
}
"""Files by what is special in them, and their records."""


DOUBTFUL = ("a title line", "a quote that is never closed", "one field of prose")


@pytest.mark.parametrize("name", TABLES)
def test_records_are_divided_as_they_were_written(tmp_path: Path, name: str) -> None:
    content, rows = TABLES[name]
    assert read(written(tmp_path, content)) == rows


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_guessed_parameters_read_a_file_identically(tmp_path: Path, name: str, encoding: str) -> None:
    path = written(tmp_path, TABLES[name][0].encode(encoding))
    guessed = params_of(dialect_of(path, {}, None))
    assert read(path, **guessed) == read(path)


FRENCH = "Nom;Prénom\nLefèvre;Zoé\nŒuvre à 5 €;L\u2019été\n"
LATIN_9 = "Prix;Nom\n5 €;Cœur d'Œdipe\n7 €;à Žilina\n"
RUSSIAN = "номер;название\n1;Москва\n2;Нижний Новгород\n"
GREEK = "πόλη;οδός\nΑθήνα;Ερμού\n"  # noqa: RUF001

ENCODED: list[tuple[str, str, str | None, str, bool]] = [
    ("id;nom\n1;É", "utf-16", None, "utf-16", True),
    ("id;nom\n1;É", "utf-16-le", None, "utf-16-le", True),
    ("id;nom\n1;É", "utf-16-be", None, "utf-16-be", True),
    (RUSSIAN, "utf-16", None, "utf-16", True),
    (RUSSIAN, "utf-16-le", None, "utf-16-le", True),
    (RUSSIAN, "utf-16-be", None, "utf-16-be", True),
    (FRENCH, "utf-32", None, "utf-32", True),
    (FRENCH, "utf-32-be", None, "utf-32-be", True),
    (FRENCH, "utf-8", None, "utf-8", True),
    (FRENCH, "utf-8-sig", None, "utf-8", True),
    (FRENCH, "utf-8", "iso-8859-1", "utf-8", True),
    (FRENCH, "cp1252", None, "cp1252", False),
    (FRENCH, "cp1252", "windows-1252", "cp1252", True),
    (FRENCH, "cp1252", "iso-8859-1", "cp1252", True),
    (FRENCH, "cp1252", "utf-8", "cp1252", False),
    (FRENCH, "cp1252", "no-such", "cp1252", False),
    ("ville\nOrléans\n", "latin-1", None, "cp1252", False),
    ("id;nom\n1;É\n", "cp1252", None, "cp1252", False),
    ("ÉTÉ;HIVER\nÀ;Ç\n", "cp1252", None, "cp1252", False),
    ("Straße;Größe\nÄpfel;schön\n", "cp1252", None, "cp1252", False),
    ("année;m²;n°\n2020;3½;5\n", "cp1252", None, "cp1252", False),
    (LATIN_9, "iso-8859-15", None, "iso-8859-15", False),
    (LATIN_9, "iso-8859-15", "ISO-8859-15", "iso-8859-15", True),
    (RUSSIAN, "cp1251", None, "cp1251", False),
    ("id;имя\n1;Пётр\n", "cp1251", None, "cp1251", False),
    (RUSSIAN, "koi8-r", None, "koi8-r", False),
    (RUSSIAN, "koi8-r", "koi8-r", "koi8-r", True),
    (GREEK, "cp1253", None, "cp1253", False),
    ("城市;名称\n北京;故宫\n上海;外滩\n", "gb18030", None, "gb18030", False),
    ("도시;이름\n서울;경복궁\n", "euc_kr", None, "euc-kr", False),
    ("番号,名前\n1,東京都\n2,大阪府\n3,北海道札幌市\n4,カタカナ\n", "cp932", None, "cp932", False),
    ("id,city\n1,臺北市\n2,高雄市\n3,臺中市\n", "big5", None, "big5", False),
    ("id;ville\n1;Besançon\n2;Orléans\n3;Évry\n", "mac_roman", None, "mac-roman", False),
    ("id;ville\n1;Besançon\n2;Orléans\n3;Évry\n", "cp850", None, "cp850", False),
    ("id;город\n1;Москва\n2;Санкт-Петербург\n3;Нижний Новгород\n", "cp866", None, "cp866", False),
    ("id;city\n1;القاهرة\n2;الإسكندرية\n", "cp1256", None, "cp1256", False),
    ("id;miasto\n1;Białystok\n2;Kraków\n3;Gdańsk\n", "cp1250", None, "cp1250", False),
]
"""A text, its encoding, the charset that a server told, the encoding that is found, and whether it is certain."""


@pytest.mark.parametrize(("text", "encoding", "charset", "found", "certain"), ENCODED)
def test_encoding_is_marked_told_or_guessed_with_a_note(
    tmp_path: Path, text: str, encoding: str, charset: str | None, found: str, certain: bool
) -> None:
    path = written(tmp_path, text.encode(encoding))
    dialect = dialect_of(path, {}, charset)
    assert dialect.encoding.replace("iso8859", "iso-8859") == found
    assert ["was guessed" in note for note in dialect.notes] == [True] * (not certain)
    assert "".join(lines(path, dialect)) == text


def test_declared_latin_1_with_letters_of_windows_is_windows(tmp_path: Path) -> None:
    path = written(tmp_path, FRENCH.encode("cp1252"))
    dialect = dialect_of(path, {"encoding": "iso-8859-1"}, None)
    assert "".join(lines(path, dialect)) == FRENCH
    assert dialect.notes == ("the file is not iso-8859-1 as declared but cp1252, by bytes that only that has",)


def test_declared_parameters_take_precedence(tmp_path: Path) -> None:
    path = written(tmp_path, "x\na,b;c\n1,2;3\n")
    params = {"separator": ",", "first_row_no": 2, "headers_first_row": False, "escapechar": "\\", "encoding": "cp1252"}
    dialect = dialect_of(path, params, "utf-8")
    assert (dialect.separator, dialect.first_row, dialect.has_header) == (",", 2, False)
    assert (dialect.escape, dialect.encoding) == ("\\", "cp1252")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "é\n".encode() * 20 + b"\xe9\n",
            'line 21 is not UTF-8, though the rest is; mend that line, or set the parameter "encoding"',
        ),
        (b"\xff\xfea\x00\n\x00\x00\xd8\n\x00", "line 2 is not utf-16, choose another encoding"),
    ],
)
def test_undecodable_bytes_are_named_by_their_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(UnreadableFile) as caught:
        dialect_of(path, {}, None)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('a;b\n"x;y";1\n"z;w";2\n3;"open\n4;k\n', 4),
        ("a;b\n" + '"x;y";1\n' * 50_000 + '1;"open\n' + "1;x\n" * 100, 50_002),
    ],
    ids=["small", "large"],
)
def test_a_quote_that_would_hold_all_other_lines_is_an_error(tmp_path: Path, content: str, line: int) -> None:
    with pytest.raises(UnreadableFile) as caught:
        dialect_of(written(tmp_path, content), {}, None)
    assert str(caught.value) == f"the quote that begins a field in line {line} is never closed"


NOTED: list[tuple[str, str]] = [
    (
        TABLES["one field of prose"][0],
        "each record is read as one field, though ',' divides some of them as the titles",
    ),
    ("Report\na;b\n1;2\n", "each record is read as one field, though ';' divides most of them but not the titles"),
    (
        "Report\nof 2024\n\na;b\n1;2\n3;4\n",
        "each record is read as one field, though ';' divides most of them but not the titles",
    ),
    ("# by A, B\na,b,c\n1,2,3\n4,5,6\n", 'most records have more fields than the titles; perhaps "first_row_no"'),
    ("a b c\n1 2 3\n4 5 6\n", "each record is read as one field, though ' ' divides all of them as the titles"),
    ("1;2;3", 'the titles (1, 2, 3) look like data; perhaps "headers_first_row" is false'),
    ("1,2\n3,4\n", 'the titles (1, 2) look like data; perhaps "headers_first_row" is false'),
    ('n;t\n1;"x\n2;y\n', "a quote is never closed, so quotes are read as plain characters"),
]


@pytest.mark.parametrize(("content", "note"), NOTED)
def test_a_doubt_about_a_table_is_a_note(tmp_path: Path, content: str, note: str) -> None:
    (found,) = dialect_of(written(tmp_path, content), {}, None).notes
    assert found.startswith(note)


@pytest.mark.parametrize("name", [name for name in TABLES if name not in DOUBTFUL])
def test_a_table_without_doubts_has_no_notes(tmp_path: Path, name: str) -> None:
    assert dialect_of(written(tmp_path, TABLES[name][0]), {}, None).notes == ()


NO_TEXT: list[tuple[bytes, str]] = [
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG image"),
    (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
    (b"\x7fELF\x02\x01\x01\x00", "an executable"),
    (b"MZ\x90\x00\x03\x00", "an executable"),
    (b"\n<!DOCTYPE html>\n<html><body>Login</body>", "an HTML page, perhaps a login page; is the address public?"),
    (b"\xef\xbb\xbf<HTML lang='fr'>", "an HTML page, perhaps a login page; is the address public?"),
    (b'<?xml version="1.0"?><Error/>', "an XML document"),
    (b"<svg width='1'>\n<path/></svg>", "a page or another document with tags"),
    (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7-Zip archive"),
    (b"PAR1\x15\x04", "a Parquet file"),
    (b"\x00\x00\x27\x0a" + bytes(100), "a shapefile"),
    (bytes(range(256)) * 4, "binary data"),
    (b"PK\x03\x04 and then nothing", "a zip archive, and broken"),
    (b'[{"a": 1}]', "JSON; is its extractor jsonfile, jsonlines or geojsonfile?"),
    (b'{"error": "not authorised"}', "JSON; is its extractor jsonfile, jsonlines or geojsonfile?"),
]


@pytest.mark.parametrize(("content", "kind"), NO_TEXT)
def test_no_table_is_named_by_what_it_seems_to_be(tmp_path: Path, content: bytes, kind: str) -> None:
    with pytest.raises(UnreadableFile, match="seems to be") as caught:
        dialect_of(written(tmp_path, content), {}, None)
    assert str(caught.value) == f"the file seems to be {kind}"


@pytest.mark.parametrize(
    "content", ["MZ;nom\n1;2\n", "BZ,x\n1,2\n", "GIF;a\n", "<5;>5\n1;2\n", "{a};b\n1;2\n", "a;b\n\x1b;\x00\n"]
)
def test_a_text_that_begins_oddly_is_a_table(tmp_path: Path, content: str) -> None:
    assert len(read(written(tmp_path, content))[0]) == 2
