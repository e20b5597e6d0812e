"""The encoding of a text file: requested, marked, told by the server, or guessed."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from ..parameters import WrongParameter
from .errors import UnreadableFile
from .signatures import require_text, wide_encoding

_HEAD = 64 * 1024
_CHUNK = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Windows files are often declared with this name, which Python does not know.
_NAMES = {"sloppy-windows-1252": "cp1252"}
# Browsers read these as Windows' encoding, which has letters where they have control characters.
_WESTERN = ("iso8859-1", "ascii")
_WINDOWS = "cp1252"
_LATIN_9 = "iso-8859-15"
_OTHER_SCRIPTS = (
    ["cp1251", "koi8_r", "cp866", "cp1253", "cp1256"],
    ["cp932", "gb18030", "big5", "euc_kr", "euc_jp"],
)
_OTHER_SYSTEMS = (["big5", "cp932", "mac_roman", "cp850", "cp866"],)
_LANGUAGES = {
    "cp1252": "Western European",
    "cp1250": "Central European",
    "cp1251": "Cyrillic",
    "koi8-r": "Cyrillic",
    "cp866": "Cyrillic",
    "cp1253": "Greek",
    "cp1256": "Arabic",
    "cp932": "Japanese",
    "mac-roman": "Western European",
    "cp850": "Western European",
}

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_AROUND = 40
# Of Latin-9, the letters by which it differs from Latin-1 (Œ, œ, Š, š, Ž, ž, Ÿ within words, €).
_OF_LATIN_9 = re.compile(
    rb"\xa4|[A-Za-z\xc0-\xff][\xa6\xa8\xb4\xb8\xbc-\xbe]|[\xa6\xa8\xb4\xb8\xbc-\xbe][a-z\xe0-\xff]"
)
_CONTROLS = re.compile(rb"[\x80-\x9f]")
# Of Windows-1252, undefined bytes, and signs within words or beside one another.
_NOT_OF_WINDOWS = re.compile(
    rb"[\x81\x8d\x8f\x90\x9d]|[a-z][\x80-\x84\x86-\x8c\x8e\x95\x98\x99\x9b\x9f][a-z]|[\xa1-\xbf]{2}"
)
# Of Windows-1250, the Polish letters for which Windows-1252 has signs.
_POLISH = re.compile(rb"[a-z][\xb3\xb9\xbf][a-z]")


@dataclass(frozen=True)
class Encoding:
    """An encoding by its Python name, and a note if it was guessed. `utf-8` may begin with a byte order mark."""

    name: str
    note: str | None = None


def encoding_of(path: Path, requested: str | None, charset: str | None) -> Encoding:
    """The encoding of a text file.

    The requested one is taken as it is. Else a byte order mark or the places of NULs decide, then whether the file is
    valid UTF-8, then the server's charset if the file is valid in it. Else it is guessed.

    Args:
        path: The file.
        requested: The encoding that the resource declares.
        charset: The charset of the server's Content-Type.

    Raises:
        WrongParameter: The requested encoding is not known.
        UnreadableFile: The file is UTF-8 but for a few bytes, or in no encoding that can be guessed.
    """
    if requested:
        return _requested(path, requested)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None) or wide_encoding(head)
    if marked:
        return Encoding(marked)
    broken = _first_error(path, "utf-8")
    if broken is None:
        return Encoding("utf-8")
    told = _known(charset) if charset else None
    if told in _WESTERN:
        told = _WINDOWS
    if told and told != "utf-8" and (told == _WINDOWS or _first_error(path, told) is None):
        return Encoding(told)
    if _is_damaged_utf8(path):
        raise UnreadableFile(
            f'line {broken} is not UTF-8, though the rest is; mend that line, or set the parameter "encoding"'
        )
    return _guessed(_sample_around(path))


def chunks(path: Path) -> Iterator[bytes]:
    """The content of a file, in parts."""
    with path.open("rb") as file:
        while content := file.read(_CHUNK):
            yield content


def open_text(path: Path, encoding: str) -> TextIO:
    """Open a text file for reading, its ends of lines unchanged; a byte order mark is no part of its text.

    Windows' encoding leaves five bytes undefined; a portal does not refuse a file for them.
    """
    errors = "replace" if encoding == _WINDOWS else "strict"
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    return path.open(encoding=name, errors=errors, newline="")


def json_encoding(path: Path) -> str:
    """The encoding of JSON: UTF-8, unless a byte order mark or its NULs show another one; none is guessed.

    Raises UnreadableFile for a file that is not UTF-8, or no text.
    """
    require_text(path, json=True)
    encoding = encoding_of(path, None, None)
    if encoding.note:
        raise UnreadableFile("the file is not UTF-8")
    return encoding.name


@contextmanager
def decoding(path: Path, encoding: str) -> Iterator[None]:
    """Raise UnreadableFile, with the line, for bytes of a file that are not of an encoding."""
    try:
        yield
    except UnicodeError:
        line = _first_error(path, encoding)
        place = f"line {line}" if line else "the file"
        raise UnreadableFile(f"{place} is not {encoding}, choose another encoding") from None


def _requested(path: Path, requested: str) -> Encoding:
    name = _known(requested)
    if name is None:
        raise WrongParameter(f'parameter "encoding": {requested} is not known')
    if name == "iso8859-1" and _has_controls_of_latin_1(path):
        return Encoding(_WINDOWS, f"the file is not {requested} as declared but cp1252, by bytes that only that has")
    return Encoding(name)


def _known(name: str) -> str | None:
    """Python's own name of an encoding of texts; None for an unknown one."""
    name = _NAMES.get(name.strip().lower(), name.strip())
    try:
        "".encode(name)
        return codecs.lookup(name).name.replace("utf-8-sig", "utf-8")
    except (LookupError, ValueError):
        return None


def _first_error(path: Path, encoding: str) -> int | None:
    """The line of the first bytes that are not of this encoding; None if there are none."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    for content in chain(chunks(path), [b""]):
        try:
            line += decoder.decode(content, final=not content).count("\n")
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].decode(encoding, "replace").count("\n")
    return None


def _is_damaged_utf8(path: Path) -> bool:
    """Whether a file is UTF-8 but for some bytes: a valid character beyond ASCII for each invalid one, at least."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    valid = invalid = 0
    for content in chunks(path):
        text = decoder.decode(content)
        lost = text.count("\ufffd")
        invalid += lost
        valid += len(text) - len(text.encode("ascii", "ignore")) - lost
    return valid >= max(1, invalid)


def _has_controls_of_latin_1(path: Path) -> bool:
    return any(_CONTROLS.search(content) for content in chunks(path))


def _sample_around(path: Path) -> bytes:
    """The bytes of a file around those that are not ASCII, at most a sample of them; all bytes of a small file."""
    if path.stat().st_size <= _HEAD:
        return path.read_bytes()
    sample, size = list[bytes](), 0
    for content in chunks(path):
        position = 0
        while found := _BEYOND_ASCII.search(content, position):
            position = found.end() + _AROUND
            part = content[max(0, found.start() - _AROUND) : position]
            sample.append(part)
            size += len(part)
            if size > _HEAD:
                return b"\n".join(sample)
    return b"\n".join(sample)


def _guessed(sample: bytes) -> Encoding:
    """The likeliest encoding of lines that are not UTF-8, with a note."""
    if _is_of_another_script(sample):
        found = _best_of(_OTHER_SCRIPTS, sample)
        if found is None:
            raise UnreadableFile('it is not UTF-8, and no other encoding fits; set the parameter "encoding"')
    else:
        found = _best_of(_OTHER_SYSTEMS, sample) if _NOT_OF_WINDOWS.search(sample) else None
    if found:
        name = found
    elif _POLISH.search(sample):
        name = "cp1250"
    else:
        name = _LATIN_9 if _OF_LATIN_9.search(sample) and not _CONTROLS.search(sample) else _WINDOWS
    language = f" ({_LANGUAGES[name]})" if name in _LANGUAGES else ""
    return Encoding(
        name, f'the encoding is not declared, {name}{language} was guessed; the parameter "encoding" sets it'
    )


def _best_of(groups: tuple[list[str], ...], sample: bytes) -> str | None:
    """The encoding of the first of these groups in which a text makes sense."""
    # It takes a fiftieth of a second to load, and few files need it.
    import charset_normalizer  # noqa: PLC0415

    matches = (charset_normalizer.from_bytes(sample, cp_isolation=names).best() for names in groups)
    return next((match.encoding.replace("_", "-") for match in matches if match), None)


def _is_of_another_script(sample: bytes) -> bool:
    """Whether most words with letters beyond ASCII consist of nothing else, as in Cyrillic or Greek."""
    words = [word for word in re.findall(rb"[A-Za-z\xa8\xb8\xc0-\xff]{2,}", sample) if re.search(rb"[\xc0-\xff]", word)]
    whole = [word for word in words if not re.search(rb"[A-Za-z]", word)]
    return bool(words) and len(whole) >= 0.8 * len(words)
