"""The folder of an exported project: what the last export wrote there, and what the user has edited since."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import ConfigurationError

OWN = ".opendatasoft"
"""The folder of the export itself, inside that of the project."""


@dataclass
class Written:
    """The result of a write of the project's files, by their paths."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    kept: list[str] = field(default_factory=list)
    """The files that the user has edited, and of which the portal has nothing new."""

    beside: list[str] = field(default_factory=list)
    """The files that the user has edited, beside which the new content is written as `.new`."""

    removed: list[str] = field(default_factory=list)
    """The files of the last export of which the portal has nothing any more."""


class Folder:
    """The folder of an exported project.

    Args:
        path: the folder, which may not exist yet.

    Raises:
        ConfigurationError: it contains files that no export wrote.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.own = path / OWN
        self._manifest = self.own / "exported.json"
        self._known: dict[str, str] = {}
        self.is_new = not self._manifest.exists()
        """Whether no export has ended here yet."""
        if path.exists() and not path.is_dir():
            raise ConfigurationError(f"{path} is a file: an export needs a folder")
        if not self.is_new:
            self._known = self._read()
        elif path.exists() and not self.reads.exists() and any(not one.name.startswith(".") for one in path.iterdir()):
            raise ConfigurationError(f"{path} is not empty, and no export made it: choose another folder")
        self.own.mkdir(parents=True, exist_ok=True)
        self.own.chmod(0o700)

    def _read(self) -> dict[str, str]:
        with suppress(OSError, ValueError):
            found: Any = json.loads(self._manifest.read_text())
            if isinstance(found, dict):
                return {str(path): str(sha256) for path, sha256 in found.items()}
        raise ConfigurationError(f"{self._manifest} cannot be read: export into another folder")

    @property
    def reads(self) -> Path:
        """The file of what an export has read; it exists while one is under way, or was interrupted."""
        return self.own / "reads.jsonl"

    @property
    def staging(self) -> Path:
        """The folder of downloads that are not part of the project yet."""
        return self.own / "files"

    def write(self, files: Mapping[str, bytes | Path]) -> Written:
        """Write the files of the project; of those that the user has edited, `.new` ones beside them.

        Args:
            files: the contents by their paths in the folder; a `Path` is a file that is moved there.
        """
        done = Written()
        known: dict[str, str] = {}
        for path, content in sorted(files.items()):
            sha256 = known[path] = _hash(content)
            present = _hash(self.path / path) if (self.path / path).is_file() else ""
            if present == sha256:
                done.unchanged.append(path)
            elif present and present != self._known.get(path):
                if sha256 == self._known.get(path):
                    done.kept.append(path)
                else:
                    self._put(f"{path}.new", content)
                    done.beside.append(path)
            else:
                self._put(path, content)
                done.written.append(path)
        for path in sorted(self._known.keys() - files.keys()):
            old = self.path / path
            if old.is_file() and _hash(old) == self._known[path]:
                old.unlink()
                done.removed.append(path)
        self._manifest.write_text(json.dumps(known, indent=1))
        return done

    def _put(self, path: str, content: bytes | Path) -> None:
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            shutil.copyfile(content, file)
        else:
            file.write_bytes(content)

    def private(self, name: str, content: str) -> Path:
        """Write a file of the export itself, which only the user can read."""
        file = self.own / name
        file.unlink(missing_ok=True)
        file.touch(0o600)
        file.write_text(content)
        return file

    def end(self) -> None:
        """Remove what an interrupted export would need."""
        shutil.rmtree(self.staging, ignore_errors=True)


def _hash(content: bytes | Path) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
