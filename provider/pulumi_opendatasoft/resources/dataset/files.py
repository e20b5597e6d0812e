"""The files that go with a dataset: attachments, and exports made elsewhere. The API tells neither content nor hash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ...errors import ResourceError
from ...lifecycle.context import Context
from ...lifecycle.operations import Reading, Response, Update
from ...lifecycle.results import State
from ...lifecycle.section import Progress, Section
from ...program.descriptors import Member, member
from ...program.file import File, other_file
from ...program.value import Value
from ...schema.canonical import equal
from .publication import patiently

Entry = Mapping[str, Any]
"""A file as the API tells it."""


class AlternativeExport(Value):
    """A file that readers may download instead of the portal's own exports. Its key in the program is its title."""

    file: Member[File] = member()
    """The file. It is uploaded again when its content changes."""

    description: Member[str | None] = member(default=None)
    """A description for readers."""


class FilesSection(Section):
    """Files under names. Which upload holds our bytes is remembered by its uid: another uid is another file."""

    path: ClassVar[str]
    uids: ClassVar[str]
    """The computed property that remembers them."""

    compared: ClassVar[tuple[str, ...]] = ("sha256", "size")
    """What of a file calls for another upload."""

    def file_of(self, desired: Any) -> Mapping[str, Any]:
        """The file of one entry of the program."""
        raise NotImplementedError

    def name_of(self, entry: Entry) -> str:
        """Under which name the program knows a live file."""
        raise NotImplementedError

    def decode(self, entry: Entry, file: Mapping[str, Any]) -> Any:
        """A live file in a program's words, given the words for its bytes."""
        raise NotImplementedError

    def entries(self, context: Context, id: str) -> list[dict[str, Any]]:
        """The files of this kind, oldest first."""
        return list(context.api.all(self.endpoint(id)))

    def upload(self, context: Context, id: str, name: str, desired: Any, look: Callable[[], Any]) -> Entry:
        """Send one; returns what the portal says of it."""
        raise NotImplementedError

    def amend(self, context: Context, id: str, there: Entry, name: str, desired: Any) -> None:
        """Change what can be changed without sending the file again."""

    def read(self, reading: Reading, response: Response) -> dict[str, Any]:
        """The files by name; the newest of a name counts."""
        state = reading.prior
        desired, uids = state.get(self.names[0]) or {}, state.get(self.uids) or {}
        found: dict[str, Any] = {}
        for entry in self.entries(reading.context, reading.id):
            name = self.name_of(entry)
            is_ours = name in desired and uids.get(name) == entry.get("uid")
            file = self.file_of(desired[name]) if is_ours else other_file(entry.get("filename") or entry.get("uid"))
            found[name] = self.decode(entry, file)
        return found

    def apply(self, update: Update, progress: Progress) -> State:
        """Send what is new or changed, then delete what is no longer desired."""
        context, id, prior = update.context, update.id, update.prior
        desired: dict[str, Any] = update.desired[self.names[0]]
        live = [] if progress.is_new else self.entries(context, id)
        uids: dict[str, str] = {}
        for name, value in desired.items():
            ours = (prior.get(self.uids) or {}).get(name) if self._same_bytes(prior, name, value) else None
            kept = [e for e in live if self.name_of(e) == name and e.get("uid") == ours]
            if kept:
                self.amend(context, id, kept[0], name, value)
                uids[name] = str(ours)
                continue
            context.progress(f"{self.names[0]}: sending {name}")
            look = self._look(context, id, name, {str(e.get("uid")) for e in live})
            uids[name] = str(self.upload(context, id, name, value, look)["uid"])
        for entry in live:
            # The portal may give a new file the uid of the one that it replaces.
            if entry.get("uid") not in uids.values():
                patiently(context, id, context.api.delete, f"{self.endpoint(id)}{entry['uid']}/")
        return {self.uids: uids or None}

    def endpoint(self, id: str) -> str:
        """Where the API keeps them."""
        return f"/datasets/{id}/{self.path}/"

    def sending(self, context: Context, name: str, file: Mapping[str, Any]) -> dict[str, Any]:
        """How the file itself is sent. Raises `Problem` where it is not there any more."""
        path = context.root / str(file.get("path", ""))
        if not path.is_file():
            raise ResourceError(f"{self.names[0]}.{name}: {path.as_posix()} is not there any more")
        return {"file": path, "sha256": str(file["sha256"]), "repeatable": False}

    def _same_bytes(self, prior: State, name: str, value: Any) -> bool:
        earlier = (prior.get(self.names[0]) or {}).get(name)
        if earlier is None:
            return False
        old, new = self.file_of(earlier), self.file_of(value)
        return all(old.get(n) == new.get(n) for n in self.compared)

    def _look(self, context: Context, id: str, name: str, known: set[str]) -> Callable[[], Any]:
        """Whether an upload that may have arrived did."""

        def look() -> Any:
            new = [e for e in self.entries(context, id) if self.name_of(e) == name and e.get("uid") not in known]
            return new[-1] if new else None

        return look


class AttachmentsSection(FilesSection):
    """Attachments, known by their file names. There is no PUT: another content is another upload."""

    names = ("attachments",)
    computes = ("attachment_uids",)
    path, uids = "attachments", "attachment_uids"

    def file_of(self, desired: Any) -> Mapping[str, Any]:
        """The entry is the file."""
        return desired if isinstance(desired, Mapping) else {}

    def name_of(self, entry: Entry) -> str:
        """The file name."""
        return str(entry.get("filename") or entry.get("uid"))

    def decode(self, entry: Entry, file: Mapping[str, Any]) -> Any:
        """The entry is the file."""
        return dict(file)

    def upload(self, context: Context, id: str, name: str, desired: Any, look: Callable[[], Any]) -> Entry:
        """Send it under the name of the program."""
        sending = self.sending(context, name, desired)
        response: Entry = patiently(
            context, id, context.api.upload, self.endpoint(id), filename=name, look=look, **sending
        )
        return response


class AlternativeExportsSection(FilesSection):
    """Exports made elsewhere, known by their titles. Those that are links are the portal's own and left alone."""

    names = ("alternative_exports",)
    computes = ("export_uids",)
    path, uids = "alternative_exports", "export_uids"
    compared = ("sha256", "size", "filename")

    def entries(self, context: Context, id: str) -> list[dict[str, Any]]:
        """The uploaded ones."""
        return [entry for entry in super().entries(context, id) if entry.get("type") == "uploaded_file"]

    def file_of(self, desired: Any) -> Mapping[str, Any]:
        """The file within."""
        return (desired or {}).get("file") or {}

    def name_of(self, entry: Entry) -> str:
        """The title."""
        return str(entry.get("title"))

    def decode(self, entry: Entry, file: Mapping[str, Any]) -> Any:
        """File and description."""
        description = {"description": entry["description"]} if entry.get("description") else {}
        return {"file": dict(file)} | description

    def upload(self, context: Context, id: str, name: str, desired: Any, look: Callable[[], Any]) -> Entry:
        """Send it with its title and description."""
        file = self.file_of(desired)
        fields = self._words(name, desired)
        sending = self.sending(context, name, file)
        response: Entry = patiently(
            context,
            id,
            context.api.upload,
            self.endpoint(id),
            filename=str(file["filename"]),
            fields=fields,
            look=look,
            **sending,
        )
        return response

    def amend(self, context: Context, id: str, there: Entry, name: str, desired: Any) -> None:
        """The description can be changed by itself."""
        if not equal(there.get("description") or "", desired.get("description") or ""):
            words = {"description": ""} | self._words(name, desired)
            patiently(context, id, context.api.put, f"{self.endpoint(id)}{there['uid']}/", words)

    @staticmethod
    def _words(name: str, desired: Mapping[str, Any]) -> dict[str, str]:
        words = {"type": "uploaded_file", "title": name}
        return words | ({"description": desired["description"]} if desired.get("description") else {})
