"""Files of the program's folder: in the state a path, a hash and a size; the bytes are read when they are sent."""

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
    """A file on the machine where the program runs: `File("data/stations.csv")`.

    It is compared by content and name, never by its path: a laptop and a build server may keep it in other places.
    Raises `pulumi.RunError` where it cannot be read.
    """

    path: Member[str] = member(local=True)
    """Where it is, seen from the program's folder."""

    filename: Member[str] = member()
    """What the portal calls it; left out, the last part of the path."""

    sha256: Member[str] = member()
    """The hash of its content, computed where the program runs."""

    size: Member[int] = member()
    """Its size in bytes."""

    def __init__(self, path: str | os.PathLike[str], *, filename: str | None = None) -> None:
        place = Path(path)
        sha256, size = _digest(place)
        super().__init__(path=place.as_posix(), filename=filename or place.name, sha256=sha256, size=size)


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
    """How a read tells that the portal holds other bytes than the program's, whose content it does not know."""
    return {"filename": str(name), "sha256": "not the program's file", "size": 0}
