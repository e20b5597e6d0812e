"""Files in the program's folder. The state has path, hash and size; the bytes are read when they are sent."""

from __future__ import annotations

import functools
import hashlib
import os
from pathlib import Path
from typing import Any

from .descriptors import Member, member
from .resource import Refusal
from .value import Value


class File(Value):
    """A file on the machine that runs the program: `File("data/stations.csv")`.

    Files are compared by their content and name, never by their path: a laptop and a build server may keep them in
    different folders. Raises `pulumi.RunError` if the file cannot be read.
    """

    path: Member[str] = member(local=True)
    """The path, relative to the program's folder."""

    filename: Member[str] = member()
    """Its name on the portal; left out, the last part of the path."""

    sha256: Member[str] = member()
    """The SHA-256 of its content, computed where the program runs."""

    size: Member[int] = member()
    """Its size in bytes."""

    def __init__(self, path: str | os.PathLike[str], *, filename: str | None = None) -> None:
        file = Path(path)
        sha256, size = _digest(file)
        super().__init__(path=file.as_posix(), filename=filename or file.name, sha256=sha256, size=size)


def _digest(path: Path) -> tuple[str, int]:
    try:
        stat = path.stat()
        return _digest_of(path.absolute(), stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise Refusal(
            f'File("{path.as_posix()}") cannot be read: {error.strerror} (looked for in {Path.cwd().as_posix()})'
        ) from None


@functools.lru_cache(maxsize=4096)
def _digest_of(path: Path, _changed: int, size: int) -> tuple[str, int]:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest(), size


def other_file(name: Any) -> dict[str, Any]:
    """The value that a read puts into the state for a file of unknown content, which is not the program's."""
    return {"filename": str(name), "sha256": "not the program's file", "size": 0}
