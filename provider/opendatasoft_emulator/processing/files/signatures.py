"""The kind of a file, by its first bytes."""

import re
import zipfile
from pathlib import Path

from .errors import UnreadableFile

_HEAD = 4096
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPREADSHEETS = ("an xlsx spreadsheet", "an OpenDocument file, such as an ods spreadsheet")
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"%PDF-", "a PDF document"),
    (b"\x7fELF", "an executable"),
    (_OLE2, "a document of an old Microsoft Office, such as an xls spreadsheet"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\x04\x22\x4d\x18", "an LZ4 file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"{\\rtf", "an RTF document"),
    (b"\x00\x00\x27\x0a", "a shapefile"),
)
_COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2"}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HTML = re.compile(
    rb"(?:<\?xml[^>]*>|<!--(?:[^-]|-(?!->))*+-->|\s)*+<(?:!doctype\s+html|html|head|body|title|script|meta)\b", re.I
)
_MARKUP = re.compile(rb"\s*<[a-z][^<>\n]*>\s*<", re.I)
_XML = re.compile(rb"\s*<\?xml\b", re.I)
_JSON = re.compile(r"\s*(?:\{\s*(?:\"|\})|\[\s*[\{\]])")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Everything below the space but tab, line feed, vertical tab, form feed, carriage return, end of file, and escape.
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})
_MAX_CONTROLS = 0.005


def require_text(path: Path, *, json: bool) -> None:
    """Raise UnreadableFile, which names what the file seems to be, unless it is a text.

    Args:
        path: The file.
        json: Whether the text may be JSON, which is no table.
    """
    head = head_of(path)
    found = seems_to_be(path, head)
    if found:
        raise UnreadableFile(f"the file seems to be {found}")
    if not json and _JSON.match(head.decode("utf-8", "replace").lstrip("\ufeff")):
        raise UnreadableFile("the file seems to be JSON; is its extractor jsonfile, jsonlines or geojsonfile?")


def seems_to_be(path: Path, head: bytes) -> str | None:
    """The kind of a file that is no text, or a text of no records; None for any other text."""
    for start, kind in _SIGNATURES:
        if head.startswith(start):
            return kind
    if head.startswith(_ZIP):
        return office_document(path) or "a zip archive, and broken"
    if head.startswith(b"MZ") and b"\x00" in head:
        return "an executable"
    text = head
    for mark in _BOMS:
        text = text.removeprefix(mark)
    text = text.replace(b"\x00", b"")
    if _HTML.match(text):
        return "an HTML page, perhaps a login page; is the address public?"
    if _XML.match(text):
        return "an XML document"
    if _MARKUP.match(text):
        return "a page or another document with tags"
    return "binary data" if _is_binary(head) else None


def head_of(path: Path) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as file:
        return file.read(_HEAD)


def compression_of(head: bytes) -> str | None:
    """`gzip` or `bzip2` for a file that begins with these bytes; None for another one."""
    return next((kind for start, kind in _COMPRESSED.items() if head.startswith(start)), None)


def is_zip(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a zip file, perhaps an office document."""
    return head.startswith(_ZIP)


def office_document(path: Path) -> str | None:
    """Which office document a zip file is; None for an archive, or a file that cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return None
    if "[Content_Types].xml" in names:
        return _SPREADSHEETS[0] if any(name.startswith("xl/") for name in names) else "an Office document"
    if "mimetype" in names and "content.xml" in names:
        return _SPREADSHEETS[1]
    return None


def _is_binary(head: bytes) -> bool:
    """Whether bytes are no text in any encoding, UTF-16 and UTF-32 included."""
    if head.startswith(_BOMS[1:]) or wide_encoding(head):
        return False
    return len(head) - len(head.translate(None, _CONTROLS)) > max(1, _MAX_CONTROLS * len(head))


def wide_encoding(head: bytes) -> str | None:
    """The UTF-16 or UTF-32 of a text without a byte order mark, which the places of its NULs show.

    Commas, digits, and ends of lines have NULs in every language.
    """
    whole = head[: len(head) - len(head) % 4] if len(head) >= 4 else head[: len(head) - len(head) % 2]
    nuls = [whole[place::4].count(0) for place in range(4)]
    total, characters = sum(nuls), len(whole) // 4
    if total < max(2, len(whole) // 40):
        return None
    if characters and nuls[3] == characters and nuls[2] > characters * 0.9:
        return "utf-32-le"
    if characters and nuls[0] == characters and nuls[1] > characters * 0.9:
        return "utf-32-be"
    for name, odd in (("utf-16-le", nuls[1] + nuls[3]), ("utf-16-be", nuls[0] + nuls[2])):
        if odd >= total * 0.95 and _decodes(whole, name):
            return name
    return None


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        # The sample may end within a character of four bytes.
        return error.start >= len(content) - 2
    return "\x00" not in text


def extractor_by_content(path: Path) -> str | None:
    """The type of the extractor that a file's signature names; None for any other file."""
    head = head_of(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    is_spreadsheet = head.startswith(_OLE2) or (is_zip(head) and office_document(path) in _SPREADSHEETS)
    return "xlsfile" if is_spreadsheet else None


def text_type(path: Path) -> str:
    """The likeliest extractor of a text."""
    head = head_of(path)
    if not _JSON.match(head.decode("utf-8", "replace").lstrip("\ufeff")):
        return "csvfile"
    if b'"FeatureCollection"' in head or b'"Feature"' in head:
        return "geojsonfile"
    return "jsonlines" if re.match(rb"\s*\{.*\}\s*\n\s*\{", head) else "jsonfile"
