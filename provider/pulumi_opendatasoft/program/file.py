"""Files of a program. The state has path, name, hash and size; the bytes are read when they are sent."""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import time
import weakref
from pathlib import Path
from typing import Any, Final

import pulumi
from pulumi.runtime.settings import get_monitor

from ..schema import carried
from .descriptors import Member, member
from .inputs import Refusal
from .value import Value


class File(Value):
    """A file on the machine that runs the program: `File("data/stations.csv")`.

    The path is resolved and the content is hashed when this is called. Files are compared by their content and name,
    never by their path: a laptop and a build server may keep them in different folders. The file is sent after the
    program has run, so it must stay as it is until then.

    Raises `pulumi.RunError` if the file cannot be read, or if its content is no longer the one that an earlier `File`
    of this program has.
    """

    path: Member[str] = member(local=True)
    """The path, relative to the folder of the program."""

    filename: Member[str] = member()
    """Its name on the portal; left out, the last part of the path."""

    sha256: Member[str] = member()
    """The SHA-256 of its content, computed where the program runs."""

    size: Member[int] = member()
    """Its size in bytes."""

    def __init__(self, path: str | os.PathLike[str], *, filename: str | None = None) -> None:
        given = given_path(path, "File")
        full = Path.cwd() / given
        content = _digest(given, full)
        same_as_before("File", given, full, content)
        sha256, size = content
        super().__init__(path=kept_path(given, full), filename=filename or given.name, sha256=sha256, size=size)


def other_file(name: Any) -> dict[str, Any]:
    """The value that a read puts into the state for a file of unknown content, which is not the program's."""
    return {"filename": str(name), "sha256": "not the program's file", "size": 0}


# ---------------------------------------------------------------- the path


def given_path(given: Any, kind: str) -> Path:
    """The path that a program gave to a `File` or `TextFile`. Raises `pulumi.RunError` for anything else."""
    if isinstance(given, pulumi.Output):
        raise Refusal(
            f"ods.{kind} needs a path that the program knows, and this one is an Output: give text, or write "
            f"path.apply(ods.{kind}), which reads the file as soon as the path is known"
        )
    if not isinstance(given, str | os.PathLike) or not isinstance(os.fspath(given), str) or not os.fspath(given):
        raise Refusal(f'ods.{kind} needs the path of a file, such as "data/stations.csv": it is {given!r}')
    found = carried.reason(os.fspath(given))
    if found == carried.NOT_KNOWN:
        raise Refusal(
            f"the path of an ods.{kind} contains an Output as text: write pulumi.Output.concat(…).apply(ods.{kind}), "
            "which reads the file as soon as the path is known"
        )
    if found:
        raise Refusal(f"the path of an ods.{kind} {found}")
    return Path(given)


def kept_path(given: Path, full: Path) -> str:
    """The path of a file for the state and the provider, which runs in the folder of the program.

    It is relative, so that no state contains someone's home folder. Only a file that was given by an absolute path,
    and is neither below the program's folder nor in the same home folder, keeps that.
    """
    folder = Path(os.path.realpath(_program_folder()))
    if ".." in full.parts or not full.is_relative_to(folder):
        full = Path(os.path.realpath(full.parent), full.name)
    if full.is_relative_to(folder):
        return full.relative_to(folder).as_posix()
    home = Path(os.path.realpath(os.path.expanduser("~")))
    if given.is_absolute() and not (full.is_relative_to(home) and folder.is_relative_to(home)):
        return full.as_posix()
    return Path(os.path.relpath(full, folder)).as_posix()


_STARTED_IN: Final = os.path.abspath(os.curdir)
"""The folder of this process when the package was imported, before a program changes to another one."""


def _program_folder() -> str:
    """The folder in which Pulumi starts a program, and its provider.

    Pulumi's language host names it on the command line. In a program within a script (the Automation API) it is the
    folder of the script's process.
    """
    words = sys.orig_argv
    return words[words.index("--pwd") + 1] if "--pwd" in words[:-1] else _STARTED_IN


# ---------------------------------------------------------------- the content

SETTLED_NS: Final = 2_000_000_000
"""Nanoseconds after which the time of a change tells two contents apart on every file system."""

_Content = tuple[str, int]
"""SHA-256 and size."""

_seen: weakref.WeakKeyDictionary[Any, dict[tuple[str, Path], _Content]] = weakref.WeakKeyDictionary()
"""For each run of a program, by its connection to the engine, the files that it has read, by class and path."""


def same_as_before(kind: str, given: Path, full: Path, content: _Content) -> None:
    """Raise `pulumi.RunError` where an earlier `File` of this run has another content of the same path.

    Args:
        kind: the class of the file.
        given: the path in the program.
        full: the same path from the root.
        content: the hash and the size of the content.
    """
    monitor = get_monitor()
    if monitor is None:
        return  # outside a run, such as in a unit test of one function
    if _seen.setdefault(monitor, {}).setdefault((kind, full), content) != content:
        raise Refusal(
            f'{kind}("{given.as_posix()}"): the content has changed since an earlier {kind} of this path. The bytes '
            "are sent after the program has run, so every content needs a path of its own"
            + ("; filename= sets the name on the portal" if kind == "File" else "")
        )


def _digest(given: Path, full: Path) -> _Content:
    try:
        stat = full.stat()
        # A file that changed a moment ago may change again without another time of its change.
        is_settled = time.time_ns() - stat.st_mtime_ns > SETTLED_NS
        digest = _digest_of if is_settled else _digest_of.__wrapped__
        return digest(full, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise unreadable("File", given, error) from None


def unreadable(kind: str, given: Path, error: OSError) -> Refusal:
    """The error for a file that cannot be read."""
    hint = ". Python leaves ~ as it is: write Path(…).expanduser()" if given.parts[0].startswith("~") else ""
    place = Path.cwd().as_posix()
    return Refusal(f'{kind}("{given.as_posix()}") cannot be read: {error.strerror} (looked for in {place}){hint}')


@functools.lru_cache(maxsize=4096)
def _digest_of(path: Path, _changed: int, size: int) -> _Content:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest(), size
