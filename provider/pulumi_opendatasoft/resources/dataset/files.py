"""The uploaded files beside a dataset, attachments and alternative exports.

The API returns neither their content nor a hash of it, so the state remembers the uid of each upload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ...errors import ResourceError
from ...lifecycle.context import Context
from ...lifecycle.operations import Reading, Response, Update, has_uid
from ...lifecycle.places import writing
from ...lifecycle.results import State
from ...lifecycle.section import Progress, Section
from ...program.descriptors import Member, member
from ...program.file import File, other_file
from ...program.value import Value
from ...schema.canonical import equal
from .publication import patiently

Entry = Mapping[str, Any]
"""A file as the API returns it."""


class AlternativeExport(Value):
    """A file that readers may download instead of the portal's own exports. Its key in the program is its title."""

    file: Member[File] = member()
    """The file. It is uploaded again when its content changes."""

    description: Member[str | None] = member(default=None)
    """A description for readers."""


@dataclass(frozen=True)
class DesiredFile:
    """A file of a dataset that is to be uploaded or amended."""

    context: Context
    dataset: str
    """The uid of the dataset."""

    name: str
    """The key of the file in the program."""

    value: Any
    """The entry of the program: the file, or an object that contains it."""


class FilesSection(Section):
    """Files by their names. The uid of an upload identifies its content: another uid is another content."""

    path: ClassVar[str]
    """The endpoint of the files below the dataset: `attachments`."""

    uids: ClassVar[str]
    """The computed property with the uids of the uploads, by name."""

    compared: ClassVar[tuple[str, ...]] = ("sha256", "size")
    """The members of a file whose change needs another upload."""

    def file_of(self, desired: Any) -> Mapping[str, Any]:
        """The file in an entry of the program."""
        raise NotImplementedError

    def name_of(self, entry: Entry) -> str:
        """The key in a program of a file on the portal."""
        raise NotImplementedError

    def decode(self, entry: Entry, file: Mapping[str, Any]) -> Any:
        """A file on the portal in a program's spelling; `file` stands for its content."""
        raise NotImplementedError

    def entries(self, context: Context, id: str) -> list[dict[str, Any]]:
        """The files of this kind on the portal, oldest first."""
        return list(context.api.all(self.endpoint(id)))

    def upload(self, desired: DesiredFile, look: Callable[[], Any]) -> Entry:
        """Upload a file; returns it as the portal has it. `look` finds it again after a lost response."""
        raise NotImplementedError

    def amend(self, desired: DesiredFile, existing: Entry) -> None:
        """Change the properties of a file that need no other upload."""

    def read(self, reading: Reading, response: Response) -> dict[str, Any]:
        """The files by their names; the newest of each name."""
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
        """Upload new and changed files, then delete those that are not desired."""
        context, id, prior = update.context, update.id, update.prior
        desired: dict[str, Any] = update.desired[self.names[0]]
        existing = [] if progress.is_new else self.entries(context, id)
        uids: dict[str, str] = {}
        for name, value in desired.items():
            uid = (prior.get(self.uids) or {}).get(name) if self._same_content(prior, name, value) else None
            kept = [e for e in existing if self.name_of(e) == name and e.get("uid") == uid]
            file = DesiredFile(context, id, name, value)
            with writing(f"{self.names[0]}.{name}"):
                if kept:
                    self.amend(file, kept[0])
                    uids[name] = str(uid)
                    continue
                context.progress(f"{self.names[0]}: sending {name}")
                look = self._find_lost(file, {str(e.get("uid")) for e in existing})
                uids[name] = str(self.upload(file, look)["uid"])
        for entry in existing:
            # The portal may give a new file the uid of the one that it replaces.
            if entry.get("uid") not in uids.values():
                patiently(context, id, context.api.delete, f"{self.endpoint(id)}{entry['uid']}/")
        return {self.uids: uids or None}

    def endpoint(self, id: str) -> str:
        """The path of the files of one dataset."""
        return f"/datasets/{id}/{self.path}/"

    def content_of(self, desired: DesiredFile) -> dict[str, Any]:
        """The arguments of an upload that send the content. Raises `ResourceError` if the file no longer exists."""
        file = self.file_of(desired.value)
        path = desired.context.root / str(file.get("path", ""))
        if not path.is_file():
            raise ResourceError(f"{path.as_posix()} no longer exists: a file must stay until `up` has ended")
        return {"file": path, "sha256": str(file["sha256"]), "repeatable": False}

    def _same_content(self, prior: State, name: str, value: Any) -> bool:
        entry = (prior.get(self.names[0]) or {}).get(name)
        if entry is None:
            return False
        old, new = self.file_of(entry), self.file_of(value)
        return all(old.get(n) == new.get(n) for n in self.compared)

    def _find_lost(self, desired: DesiredFile, known: set[str]) -> Callable[[], Any]:
        """The look-up after an upload whose response was lost: a file of this name with a uid that is not known."""

        def find_lost() -> Any:
            entries = self.entries(desired.context, desired.dataset)
            new = [e for e in entries if self.name_of(e) == desired.name and e.get("uid") not in known]
            return new[-1] if new else None

        return find_lost


class AttachmentsSection(FilesSection):
    """Attachments, identified by their file names. The API has no PUT: another content is another upload."""

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

    def upload(self, desired: DesiredFile, look: Callable[[], Any]) -> Entry:
        """Upload the file under the name in the program."""
        context, id = desired.context, desired.dataset
        content = self.content_of(desired)
        response: Entry = patiently(
            context,
            id,
            context.api.upload,
            self.endpoint(id),
            filename=desired.name,
            look=look,
            is_usable=has_uid,
            **content,
        )
        return response


class AlternativeExportsSection(FilesSection):
    """Alternative exports, identified by their titles. Links are the portal's own and are not managed."""

    names = ("alternative_exports",)
    computes = ("export_uids",)
    path, uids = "alternative_exports", "export_uids"
    compared = ("sha256", "size", "filename")

    def entries(self, context: Context, id: str) -> list[dict[str, Any]]:
        """The uploaded exports."""
        return [entry for entry in super().entries(context, id) if entry.get("type") == "uploaded_file"]

    def file_of(self, desired: Any) -> Mapping[str, Any]:
        """The file in the entry."""
        return (desired or {}).get("file") or {}

    def name_of(self, entry: Entry) -> str:
        """The title."""
        return str(entry.get("title"))

    def decode(self, entry: Entry, file: Mapping[str, Any]) -> Any:
        """The file and the description."""
        description = {"description": entry["description"]} if entry.get("description") else {}
        return {"file": dict(file)} | description

    def upload(self, desired: DesiredFile, look: Callable[[], Any]) -> Entry:
        """Upload the file with its title and description."""
        context, id = desired.context, desired.dataset
        filename = str(self.file_of(desired.value)["filename"])
        named: dict[str, Any] = {"filename": filename, "fields": self._properties(desired), "is_usable": has_uid}
        content = self.content_of(desired)
        response: Entry = patiently(context, id, context.api.upload, self.endpoint(id), look=look, **named, **content)
        return response

    def amend(self, desired: DesiredFile, existing: Entry) -> None:
        """Change the description, if it differs."""
        if not equal(existing.get("description") or "", desired.value.get("description") or ""):
            endpoint = f"{self.endpoint(desired.dataset)}{existing['uid']}/"
            body = {"description": ""} | self._properties(desired)
            patiently(desired.context, desired.dataset, desired.context.api.put, endpoint, body)

    @staticmethod
    def _properties(desired: DesiredFile) -> dict[str, str]:
        properties = {"type": "uploaded_file", "title": desired.name}
        description = desired.value.get("description")
        return properties | ({"description": description} if description else {})
