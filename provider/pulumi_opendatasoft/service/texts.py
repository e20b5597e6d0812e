"""The texts of this machine: what was sent to portals or read from them, so that a preview shows the changed lines.

They lie beside Pulumi's own files, `$PULUMI_HOME/opendatasoft/texts/` (else `~/.pulumi/…`), one file for each, named by
its hash. A text that nothing has used for three months is deleted. Only long texts of the program are kept, such as
the HTML of a page; a run works without them.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import threading
import time
from pathlib import Path

from ..lifecycle.texts import Texts

KEPT_FOR = 90 * 86400
"""Seconds for which a text is kept after its last use."""

_HASH = re.compile(r"[0-9a-f]{64}")


class KeptTexts(Texts):
    """The texts in one folder. Those that cannot be written there are kept in memory, for this process alone.

    Safe for threads and for several processes.

    Args:
        folder: the folder, which is made when the first text is kept; None where there can be none.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._in_memory: dict[str, str] = {}
        self._lock = threading.Lock()
        self._has_cleared = False

    def find(self, hash: str) -> str | None:
        """A text; None where it is not known."""
        if self._folder is not None and _HASH.fullmatch(hash):
            file = self._folder / hash
            with contextlib.suppress(OSError, UnicodeDecodeError):
                text = file.read_bytes().decode("utf-8", "surrogatepass")
                os.utime(file)
                return text
        with self._lock:
            return self._in_memory.get(hash)

    def keep(self, hash: str, text: str) -> None:
        """Keep a text, unless one with this hash is kept already. A folder that cannot be written is no error."""
        if self._folder is not None and _HASH.fullmatch(hash):
            with contextlib.suppress(OSError):
                if not (self._folder / hash).exists():
                    self._write(self._folder, hash, text)
                return
        with self._lock:
            self._in_memory.setdefault(hash, text)

    def _write(self, folder: Path, hash: str, text: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, path = tempfile.mkstemp(dir=folder, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8", "surrogatepass"))
            os.replace(path, folder / hash)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(path)
            raise
        self._delete_unused(folder)

    def _delete_unused(self, folder: Path) -> None:
        """Delete the texts that nothing has used for long, once a process."""
        with self._lock:
            is_first, self._has_cleared = not self._has_cleared, True
        for file in folder.iterdir() if is_first else ():
            with contextlib.suppress(OSError):
                if time.time() - file.stat().st_mtime > KEPT_FOR:
                    file.unlink()


def texts_beside_pulumi() -> Texts:
    """The texts of this machine; only those of this process where there is no home folder."""
    try:
        home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    except RuntimeError:
        return KeptTexts(None)
    return KeptTexts(home / "opendatasoft" / "texts")
