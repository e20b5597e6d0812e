"""What a dataset is made of: its sources (the API's "resources"), kept under names of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from ...kernel import compare, wire
from ...kernel.declare import Value
from ...kernel.outcome import Problem, State
from ...kernel.run import Run
from ...kernel.section import SEEN, Section, Work
from ...kernel.shape import MapOf, Slot
from ...kernel.slots import MapMember, Member, member
from .. import headers
from ..file import File, other_file
from .publication import patiently


class HTTPDatasource(Value):
    """A file on a web server."""

    type: Member[Literal["http"]] = member(default="http")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="HTTPConnection.uid")
    """The uid of the connection to the server: `server.uid`."""

    relative_url: Member[str | None] = member(default=None)
    """Where the file is on that server, for example `"/measures.csv"`."""

    headers: MapMember[str] = member(default=None, secret=True)
    """HTTP headers for this file alone, by name; their values are kept secret."""


class UploadedFileDatasource(Value):
    """A file that is sent to the portal."""

    type: Member[Literal["uploaded_file"]] = member(default="uploaded_file")
    """Which kind of datasource it is."""

    file: Member[File] = member()
    """The file; it is sent again when its content changes."""


class Source(Value):
    """One place from which a dataset takes records (the API's "resource"). Its name in the program is its title.

    A source is changed in place, never deleted and made again: that would lose what was collected through it.
    """

    type: Member[Literal["csvfile", "jsonfile", "jsonlines", "xlsfile", "geojsonfile", "parquet"] | str] = member()
    """How the data is read (the API's extractor); the portal may know more."""

    datasource: Member[HTTPDatasource | UploadedFileDatasource] = member()
    """Where the data is."""

    params: Member[dict[str, Any] | None] = member(default=None, open=True, normalised=True, loose=True)
    """How it is read, for example `{"separator": ";"}`. Only what is named is compared; the portal guesses the rest."""


class SourcesSection(Section):
    """The sources, each found again by its title."""

    names = ("sources",)
    learns = ("source_uids", "file_uids")

    def live(self, run: Run, id: str, answer: Mapping[str, Any], state: State) -> Any:
        """The sources by title; a file is the program's own where the upload is the one that was made for it."""
        entries = run.api.all(_place(id))
        asked = state.get("sources") or {}
        uids = state.get("file_uids") or {}
        return {
            str(e.get("title")): self._told(e, asked.get(e.get("title")), uids.get(e.get("title"))) for e in entries
        }

    def report(self, run: Run, id: str, answer: Mapping[str, Any], state: State) -> State:
        """What the state should say, with the uids as they now are."""
        entries = run.api.all(_place(id))
        asked, uids = state["sources"], state.get("file_uids") or {}
        told = {
            str(e.get("title")): self._told(e, asked.get(e.get("title")), uids.get(e.get("title"))) for e in entries
        }
        report = compare.reported(self.slot, asked, told, state.get(SEEN) or {}, ("sources",))
        return {"sources": report, "source_uids": _uids(entries), "file_uids": uids or None}

    def tell(self, run: Run, id: str, answer: Mapping[str, Any]) -> State:
        """The sources and their uids, for somebody who does not manage them."""
        entries = run.api.all(_place(id))
        return {
            "sources": {str(e.get("title")): self._told(e, None, None) for e in entries},
            "source_uids": _uids(entries),
        }

    def apply(self, run: Run, id: str, answer: Mapping[str, Any], asked: State, before: State, work: Work) -> State:
        """New ones first, changed ones in place, and only then what is no longer wanted goes."""
        wanted: dict[str, dict[str, Any]] = asked["sources"]
        live = run.api.all(_place(id))
        leaving = [e for n, e in enumerate(live) if e.get("title") not in wanted or _is_twin(live[:n], e)]
        refuse_loss(leaving, asked, f"source {', '.join(str(e.get('title')) for e in leaving)}")
        told: dict[str, dict[str, Any]] = {}
        file_uids: dict[str, str] = {}
        for title, source in sorted(wanted.items()):  # the engine keeps no order, and the first one leads the schema
            there = [entry for entry in live if entry.get("title") == title]
            known = before.get("file_uids", {}).get(title) if _same_file(before, title, source) else None
            told[title] = self._make_so(run, id, title, source, there[0] if there else None, known, before)
            uid = _file_uid(told[title])
            if uid:
                file_uids[title] = uid
        for entry in leaving:
            patiently(run, id, run.api.delete, f"{_place(id)}{entry['uid']}/")
        shown = {title: self._told(entry, wanted[title], file_uids.get(title)) for title, entry in told.items()}
        seen = compare.seen(self.slot, wanted, shown, ("sources",))
        fingerprints = (work.state.get(SEEN) or {}) | seen
        return {
            "source_uids": {title: entry["uid"] for title, entry in told.items()} or None,
            "file_uids": file_uids or None,
            **({SEEN: fingerprints} if fingerprints else {}),
        }

    def _make_so(
        self,
        run: Run,
        id: str,
        title: str,
        source: dict[str, Any],
        there: dict[str, Any] | None,
        file_uid: str | None,
        before: State,
    ) -> dict[str, Any]:
        """One source as it is wanted; returns the portal's word for it."""
        file = source["datasource"].get("file")
        if there is not None and (file is None or (file_uid and _file_uid(there) == file_uid)):
            asked_before = (before.get("sources") or {}).get(title)
            fingerprints = before.get(SEEN) or {}
            told = self._told(there, source, file_uid)
            settled = compare.reported(self._item(), source, told, fingerprints, ("sources", title)) == source
            if settled and (asked_before is None or compare.same(self._item(), asked_before, source)):
                return there
        if file is not None and not file_uid:
            file_uid = self._upload(run, id, title, file)
        body = self._sent(title, source, file_uid)
        run.progress(f"source {title}: {'changing' if there else 'adding'}")
        if there is not None:
            answer = patiently(run, id, run.api.put, f"{_place(id)}{there['uid']}/", body)
        else:
            answer = patiently(run, id, run.api.post, _place(id), body, look=_look(run, id, title))
        return dict(answer)

    def _upload(self, run: Run, id: str, title: str, file: Mapping[str, Any]) -> str:
        run.progress(f"source {title}: sending {file['filename']} ({file['size']:,} bytes)")
        path = run.root / str(file.get("path", ""))
        if not Path(path).is_file():
            raise Problem(f"sources.{title}: {path.as_posix()} is not there any more (it was when the program ran)")
        answer = run.api.upload(f"{_place(id)}files/", path, filename=str(file["filename"]), sha256=str(file["sha256"]))
        return str(answer["uid"])

    def _item(self) -> Slot:
        assert isinstance(self.slot.kind, MapOf)
        return Slot("source", self.slot.kind.item, self.slot.behaviour)

    def _sent(self, title: str, source: Mapping[str, Any], file_uid: str | None) -> dict[str, Any]:
        body: dict[str, Any] = {"title": title} | wire.sent(self._item(), source)
        datasource = body["datasource"]
        if file_uid is not None:
            datasource["file"] = {"uid": file_uid}
        if isinstance(datasource.get("headers"), Mapping):
            datasource["headers"] = headers.pairs(datasource["headers"])
        return body

    def _told(self, entry: Mapping[str, Any], asked: Any, file_uid: str | None) -> Any:
        datasource = dict(entry.get("datasource") or {})
        if datasource.get("type") == "uploaded_file":
            uid = _file_uid(entry)
            file = datasource.get("file")
            name = file.get("filename") or uid if isinstance(file, Mapping) else uid
            ours = asked["datasource"].get("file") if asked and uid and uid == file_uid else None
            datasource["file"] = ours or other_file(name)
        if "headers" in datasource:
            datasource["headers"] = headers.mapping(datasource["headers"])
        told: dict[str, Any] = wire.told(self._item(), {**entry, "datasource": datasource or None})
        if ours_path := (asked or {}).get("datasource", {}).get("file", {}).get("path"):
            file = told.get("datasource", {}).get("file")
            if isinstance(file, dict) and file.get("sha256") == asked["datasource"]["file"].get("sha256"):
                file["path"] = ours_path
        return told


def is_realtime(source: Mapping[str, Any]) -> bool:
    """Whether records are pushed to it: then the portal has the only copy of them."""
    return not source.get("datasource")


def refuse_loss(sources: list[dict[str, Any]], asked: Mapping[str, Any], what: str) -> None:
    """Refuse to let records go that nothing could bring back. Raises `Problem`."""
    realtime = [str(s.get("title")) for s in sources if is_realtime(s)]
    if realtime and not asked.get("allow_data_loss"):
        raise Problem(
            f"{what}: records were pushed to {', '.join(realtime)}, and would be lost for good. Nothing was "
            "written; if they may go, set allow_data_loss=True and run `up` once before"
        )


def _place(id: str) -> str:
    return f"/datasets/{id}/resources/"


def _uids(entries: list[dict[str, Any]]) -> dict[str, str] | None:
    return {str(e.get("title")): str(e.get("uid")) for e in entries} or None


def _file_uid(entry: Mapping[str, Any]) -> str | None:
    file = (entry.get("datasource") or {}).get("file")
    uid = file.get("uid") if isinstance(file, Mapping) else file
    return str(uid) if uid else None


def _is_twin(earlier: list[dict[str, Any]], entry: Mapping[str, Any]) -> bool:
    """Whether a source repeats the title of one before it: what a retried POST once left."""
    return any(other.get("title") == entry.get("title") for other in earlier)


def _same_file(before: State, title: str, source: Mapping[str, Any]) -> bool:
    """Whether the upload made for a source is still the program's file."""
    earlier = ((before.get("sources") or {}).get(title) or {}).get("datasource", {}).get("file") or {}
    now = source["datasource"].get("file") or {}
    return all(earlier.get(n) == now.get(n) for n in ("sha256", "size", "filename"))


def _look(run: Run, id: str, title: str) -> Callable[[], Any]:
    def look() -> Any:
        return next((entry for entry in run.api.all(_place(id)) if entry.get("title") == title), None)

    return look
