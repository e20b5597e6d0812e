"""The files of one source: those of an archive or a folder, unpacked, or the one that there is."""

import bz2
import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from .errors import UnreadableFile
from .fetching import MAX_FILE_BYTES, Fetched
from .signatures import compression_of, head_of, is_zip, office_document

_CHUNK = 256 * 1024
_MB = 1024 * 1024
_SYSTEM = ("__MACOSX", "Thumbs.db", "desktop.ini")
_SUFFIXES = {".gz": "", ".gzip": "", ".bz2": "", ".tgz": ".tar", ".tbz2": ".tar", ".tbz": ".tar"}
_OPEN: dict[str, Callable[[Path], IO[bytes]]] = {"gzip": gzip.GzipFile, "bzip2": bz2.BZ2File}  # type: ignore[dict-item]
_OF_ANY_TEXT = (".txt", ".dat")
_ENCRYPTED = 1
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Limits:
    """The limits of the unpacking of one source."""

    bytes: int = 4 * MAX_FILE_BYTES
    """The size of all members together, unpacked."""
    members: int = 1000
    ratio: int = 200
    """How many times larger than the file the members may be, if they are larger than `ratio_from`."""
    ratio_from: int = MAX_FILE_BYTES
    depth: int = 2
    """So many archives within one another are unpacked."""

    def exceeded(self, unpacked: int, packed: int) -> str | None:
        """The limit that a size is beyond, as the end of a message."""
        if unpacked > self.bytes:
            return f"larger than {self.bytes // _MB} MB when unpacked"
        if unpacked > max(self.ratio_from, self.ratio * packed):
            return f"more than {self.ratio} times larger when unpacked"
        return None


LIMITS = Limits()


@dataclass(frozen=True)
class Member:
    """One file of a source: its place on this machine, and its name, with the folders within its archive."""

    path: Path
    name: str
    charset: str | None = None
    """The charset that a server told for it."""
    source: str = ""
    """The title of its source."""


def members(fetched: Fetched, folder: Path, limits: Limits = LIMITS) -> list[Member]:
    """The files of a source, ordered by name. What is no archive, by its content, is one member as it is.

    Archives are unpacked into `folder`, under names of this function. Raises UnreadableFile for one that is broken,
    encrypted, empty, or beyond the limits.
    """
    if fetched.path.is_dir():
        return [replace(file, source=fetched.source) for file in _files_of(fetched.path, folder, limits)]
    unpacking = _Unpacking(folder / fetched.path.name, limits, fetched.path.stat().st_size)
    found = unpacking.members(fetched.path, fetched.filename, depth=0)
    if len(found) == 1 and found[0].path == fetched.path:
        return [Member(fetched.path, fetched.filename, fetched.charset, fetched.source)]
    if not found:
        raise UnreadableFile("the archive contains no files")
    return [replace(member, source=fetched.source) for member in sorted(found, key=lambda member: member.name)]


def suited(found: list[Member], suffixes: Collection[str]) -> list[Member]:
    """Those of several members whose names have one of these suffixes; all of them if none has.

    An archive often contains a description beside its data, perhaps a `README.txt`.
    """
    known = [member for member in found if suffix_of(member.name) in suffixes]
    return [member for member in known if suffix_of(member.name) not in _OF_ANY_TEXT] or known or found


def require_bounded(path: Path, limits: Limits = LIMITS) -> None:
    """Raise UnreadableFile for a spreadsheet that is a zip file and too large when unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        return
    if too_large := limits.exceeded(size, path.stat().st_size):
        raise UnreadableFile(f"the spreadsheet is {too_large}")


def suffix_of(name: str) -> str:
    """The suffix of a file's name in lower case, with its point."""
    return PurePosixPath(name).suffix.lower()


def _files_of(source: Path, folder: Path, limits: Limits) -> list[Member]:
    """The files of a folder, not of the folders within it."""
    paths = sorted(path for path in source.iterdir() if path.is_file() and not _is_hidden(path.name))
    if not paths:
        raise UnreadableFile("the folder contains no files")
    unpacking = _Unpacking(folder / source.name, limits, sum(path.stat().st_size for path in paths))
    return [member for path in paths for member in unpacking.members(path, path.name, depth=0)]


class _Unpacking:
    """The unpacking of one source, with the sizes so far."""

    def __init__(self, base: Path, limits: Limits, packed: int) -> None:
        """Unpack a source of `packed` bytes into files whose paths begin with `base`."""
        self._base = base
        self._limits = limits
        self._packed = packed
        self._written = 0
        self._files = 0
        self._members = 0

    def members(self, path: Path, name: str, depth: int) -> list[Member]:
        """The members of a file that may be an archive."""
        head = head_of(path)
        compression = compression_of(head)
        if compression:
            inner = _without_suffix(name)
            with _guarded(f"the {compression} file {name}"), _OPEN[compression](path) as opened:
                copy = self._copy(opened)
            if not _is_tar(copy):
                return self._inside(copy, inner, depth + 1)
            return self._tar(copy, inner, depth + 1)
        if is_zip(head) and zipfile.is_zipfile(path) and not office_document(path):
            return self._zip(path, name, depth + 1)
        if _is_tar(path):
            return self._tar(path, name, depth + 1)
        self._count()
        return [Member(path, name)]

    def _zip(self, path: Path, name: str, depth: int) -> list[Member]:
        found: list[Member] = []
        with _guarded(f"the zip archive {name}"), zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.is_dir() or _is_hidden(entry.filename):
                    continue
                if entry.flag_bits & _ENCRYPTED:
                    raise UnreadableFile(f"the zip archive {name} is encrypted")
                with archive.open(entry) as file:
                    copy = self._copy(file)
                found += self._inside(copy, entry.filename, depth)
        return found

    def _tar(self, path: Path, name: str, depth: int) -> list[Member]:
        found: list[Member] = []
        with _guarded(f"the tar archive {name}"), tarfile.open(path, "r:") as archive:
            for entry in archive:
                if _is_hidden(entry.name):
                    continue
                if entry.islnk() or entry.issym():
                    _require_target(archive, entry)
                elif file := archive.extractfile(entry):
                    found += self._inside(self._copy(file), entry.name, depth)
        return found

    def _inside(self, path: Path, name: str, depth: int) -> list[Member]:
        """The members of a file of an archive, which may be an archive itself."""
        if depth >= self._limits.depth:
            head = head_of(path)
            if compression_of(head) or _is_tar(path) or (is_zip(head) and not office_document(path)):
                raise UnreadableFile(f"{name} is an archive too deep within other archives")
        return self.members(path, name, depth)

    def _copy(self, file: IO[bytes]) -> Path:
        """A copy of an unpacked file within the limits."""
        self._files += 1
        path = self._base.with_name(f"{self._base.name}.{self._files}")
        with path.open("wb") as copy:
            while content := file.read(_CHUNK):
                self._written += len(content)
                if too_large := self._limits.exceeded(self._written, self._packed):
                    raise UnreadableFile(f"the archive is {too_large}")
                copy.write(content)
        return path

    def _count(self) -> None:
        self._members += 1
        if self._members > self._limits.members:
            raise UnreadableFile(f"the archive contains more than {self._limits.members} files")


def _require_target(archive: tarfile.TarFile, link: tarfile.TarInfo) -> None:
    """Raise UnreadableFile for a link out of an archive. One within it adds no data, so it is not followed."""
    try:
        archive.extractfile(link)
    except KeyError:
        raise UnreadableFile(f"{link.name} is a link to {link.linkname}, which the archive does not contain") from None


@contextmanager
def _guarded(what: str) -> Iterator[None]:
    """Raise UnreadableFile for an archive that is broken, or packed in a way that cannot be unpacked."""
    try:
        yield
    except _BROKEN as error:
        raise UnreadableFile(f"{what} is broken ({error or type(error).__name__})") from None


def _is_tar(path: Path) -> bool:
    """Whether a file is a tar archive, by the sum of its header."""
    try:
        with path.open("rb") as file:
            tarfile.TarInfo.frombuf(file.read(tarfile.BLOCKSIZE), tarfile.ENCODING, "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _is_hidden(name: str) -> bool:
    """Whether a file is one of the system, or hidden."""
    return any(part.startswith(".") or part in _SYSTEM for part in PurePosixPath(name).parts if part not in ("..", "."))


def _without_suffix(name: str) -> str:
    """The name of a compressed file without its suffix."""
    suffix = suffix_of(name)
    return name[: len(name) - len(suffix)] + _SUFFIXES[suffix] if suffix in _SUFFIXES else name
