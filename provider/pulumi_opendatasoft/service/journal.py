"""The journal of this machine: the intents of creates, so that the `up` after an interrupted one finishes them.

It lies beside Pulumi's own files, `$PULUMI_HOME/opendatasoft/begun/` (else `~/.pulumi/…`), with one small file for each
create that was begun and that no state is known to contain. A file's name is the digest of the portal's host and the
resource type, and that of the backend and the URN; it contains times, digests and the uid that the portal gave. No
secret, no e-mail address and no value of the program is in it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ..lifecycle.intents import Begun, Intent, digest_of

BELIEVED = 30 * 86400
"""Seconds for which an entry is believed: after a month, what it names may have become somebody else's."""

Warn = Callable[[str], None]


class Journal:
    """The entries of one folder. Safe for threads and for several processes; each entry is of one resource.

    Args:
        folder: the folder, which is made when the first entry is written.
        backend: the backend that contains the stacks, because two of them may contain one URN.
    """

    def __init__(self, folder: Path, backend: str) -> None:
        self._folder, self._backend = folder, backend
        self._lock = threading.Lock()
        self._has_warned = False

    def entry(self, host: str, urn: str, warn: Warn) -> Intent:
        """The entry of a resource on one portal; `warn` is called once a process if the folder cannot be written."""
        if not urn:
            return Intent()
        # The entries of one type on one portal are found together: objects of two types may have the same slug.
        kind = urn.rpartition("::")[0].rpartition("::")[2].rpartition("$")[2]
        of_type = digest_of(f"{host} {kind}")
        return Entry(self, f"{of_type}-{digest_of(f'{self._backend} {urn}')}", warn)

    def read(self, name: str) -> Begun | None:
        """An entry; None where there is none, or one that is too old or cannot be read."""
        file = self._folder / name
        try:
            if time.time() - file.stat().st_mtime > BELIEVED:
                return None
            return _decoded(json.loads(file.read_text()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, name: str, begun: Begun, warn: Warn) -> None:
        """Write an entry so that it survives a kill and a power cut. Where that fails, warn once and go on."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, path = tempfile.mkstemp(dir=self._folder, prefix=".")
            try:
                with os.fdopen(handle, "w") as file:
                    json.dump(_encoded(begun), file)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(path, self._folder / name)
            except OSError:
                with contextlib.suppress(OSError):
                    os.unlink(path)
                raise
        except OSError as error:
            with self._lock:
                is_first, self._has_warned = not self._has_warned, True
            if is_first:
                warn(
                    f"{self._folder} cannot be written ({error.strerror or error}): if this `up` is killed, the next "
                    "one does not recognise what it was creating. Make the folder writable, or set PULUMI_HOME"
                )

    def drop(self, name: str) -> None:
        """Remove an entry, if it exists."""
        with contextlib.suppress(OSError):
            (self._folder / name).unlink()

    def objects_of_others(self, name: str) -> set[str]:
        """The digests of the objects that all other entries of the same type and portal name."""
        of_type = name.partition("-")[0]
        with contextlib.suppress(OSError):
            others = [other for other in os.listdir(self._folder) if other.startswith(f"{of_type}-") and other != name]
            return {begun.made for begun in map(self.read, others) if begun and begun.made}
        return set()


class Entry(Intent):
    """The entry of one resource."""

    def __init__(self, journal: Journal, name: str, warn: Warn) -> None:
        self._journal, self._name, self._warn = journal, name, warn

    def begun(self) -> Begun | None:
        """The create that an earlier run of this resource began; None where there is none."""
        return self._journal.read(self._name)

    def others(self) -> Collection[str]:
        """The digests of the ids of objects of this type that the creates of other resources are known to have made."""
        return self._journal.objects_of_others(self._name)

    def begin(self, at: datetime, key: str, known: Iterable[str]) -> None:
        """Note the intent, right before the POST."""
        self._journal.write(self._name, Begun(at, digest_of(key), tuple(map(digest_of, known))), self._warn)

    def made(self, id: str, created_at: object, *, is_private: bool) -> None:
        """Note which object was made, if the intent is noted."""
        begun = self.begun()
        if begun is not None:
            made = dataclasses.replace(
                begun, made=digest_of(id), created_at=str(created_at or ""), id="" if is_private else id
            )
            self._journal.write(self._name, made, self._warn)

    def drop(self) -> None:
        """Remove the entry: nothing was made."""
        self._journal.drop(self._name)

    def recorded(self, id: str) -> None:
        """Remove the entry if it is on this object. (A replacement has an old object in the state, and a new one.)"""
        begun = self.begun()
        if begun is not None and begun.made == digest_of(id):
            self.drop()


def _encoded(begun: Begun) -> dict[str, Any]:
    entry = {**dataclasses.asdict(begun), "at": begun.at.isoformat()}
    return {name: value for name, value in entry.items() if value}


def _decoded(entry: Mapping[str, Any]) -> Begun:
    texts = {name: str(entry.get(name, "")) for name in ("key", "made", "created_at", "id")}
    return Begun(datetime.fromisoformat(entry["at"]), known=tuple(map(str, entry.get("known", ()))), **texts)


# ---------------------------------------------------------------- beside Pulumi

_IN_PROJECT = re.compile(r"""(?mx) ^backend: [ \t]* (?: \{ [^}]*? | (?: \#.* )? \n (?: [ \t]+ .* \n )*? [ \t]+ )
    url: [ \t]* ["']? ([^\s"',}]+)""")
"""The backend's address in a Pulumi.yaml."""


def beside_pulumi() -> Journal:
    """The journal of this machine, for the backend of the stack whose provider this process is."""
    try:
        home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    except RuntimeError:
        home = Path(os.devnull)  # no home folder: the first entry warns that nothing can be written
    try:
        folder = Path.cwd()
    except OSError:
        folder = Path(os.sep)  # it was deleted meanwhile
    backend = os.environ.get("PULUMI_BACKEND_URL") or _of_project(folder) or _logged_in(home)
    if backend.startswith("file://") and not backend.startswith(("file:///", "file://~")):
        backend += f" in {folder}"
    return Journal(home / "opendatasoft" / "begun", backend)


def _of_project(folder: Path) -> str:
    """The backend of the nearest Pulumi.yaml; empty where it names none."""
    for place in (folder, *folder.parents):
        for name in ("Pulumi.yaml", "Pulumi.yml"):
            with contextlib.suppress(OSError, UnicodeDecodeError):
                found = _IN_PROJECT.search((place / name).read_text())
                return found[1] if found else ""
    return ""


def _logged_in(home: Path) -> str:
    """The backend of the last `pulumi login`; empty where there was none."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return str(json.loads((home / "credentials.json").read_text()).get("current") or "")
    return ""
