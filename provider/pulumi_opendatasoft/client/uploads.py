"""The body of an upload: a file that is sent as the program read it, or not at all."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

from ..errors import BadFile, Call

LARGE_AT_ONCE = 2
"""So many large files are uploaded at once.

Two fill a line. More would only share it, so that each takes longer and is likelier to exceed its time; and they would
occupy all places for requests (`maxConcurrency`), so that short calls wait for minutes.
"""

SMALL = 1_000_000
"""Bytes. A file of up to this size is sent like any other request: on a slow line (10 Mbit/s) in less than a second."""


def is_small(file: Path) -> bool:
    """Whether a file may be sent beside any number of others. One that cannot be read is not sent at all."""
    try:
        return file.stat().st_size <= SMALL
    except OSError:
        return True


class CheckedFile(io.BufferedReader):
    """A file that is hashed while it is read, once from its start to its end.

    Its last bytes are returned only if the whole has the expected SHA-256 (lower-case hex; None: any): a request with
    this file as its body is then never complete with other bytes. Raises BadFile where the file cannot be read or has
    another content.
    """

    def __init__(self, file: Path, sha256: str | None, call: Call) -> None:
        self._file = file
        self._call = call
        try:
            super().__init__(io.FileIO(file))
        except OSError as error:
            raise BadFile(call, f"it cannot be read: {error.strerror or error}", file=file) from error
        self._expected = sha256
        self._hash = hashlib.sha256()
        # The request's Content-Length is this length, sent before the first byte.
        self._left = os.fstat(self.fileno()).st_size

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes. Raises BadFile instead of the last ones if the content is not the expected one."""
        try:
            chunk = super().read(size)
            at_end = not self.peek(1)
        except OSError as error:
            raise BadFile(self._call, f"it cannot be read: {error.strerror or error}", file=self._file) from error
        self._hash.update(chunk)
        self._left -= len(chunk)
        if at_end or self._left < 0:
            self._check_end()
        return chunk

    def _check_end(self) -> None:
        changed = self._expected is not None and self._hash.hexdigest() != self._expected
        if changed or self._left:
            reason = "it changed since the program was run; run it again to send what it holds now"
            raise BadFile(self._call, reason, file=self._file)
