"""What a dataset is made of: its sources (the API's "resources"), kept under names of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from ...errors import ResourceError
from ...lifecycle.context import Context
from ...lifecycle.operations import Reading, Response, Update
from ...lifecycle.ownership import mark_of
from ...lifecycle.results import State
from ...lifecycle.section import SEEN, Progress, Section
from ...program.descriptors import Member, member
from ...program.file import other_file
from ...program.value import Value
from ...schema import codec, comparison, secrets
from ...schema.types import MapOf, Slot
from ...schema.validation import Failure
from .. import connection_headers
from .datasources import (
    AmazonS3Datasource,
    AzureBlobStorageDatasource,
    FederatedDatasource,
    FTPDatasource,
    GoogleDriveDatasource,
    HTTPDatasource,
    OtherDatasource,
    SharepointDatasource,
    UploadedFileDatasource,
)
from .publication import patiently

Entry = Mapping[str, Any]
"""A source as the API tells it."""


class Source(Value):
    """A source of records (the API's "resource").

    Its key in the program is its title. A source is changed in place, so that the records that were collected through
    it are kept.
    """

    type: Member[Literal["csvfile", "jsonfile", "jsonlines", "xlsfile", "geojsonfile", "parquet"] | str] = member()
    """The extractor: how the data are read, for example `"csvfile"`. A portal may have further ones.

    It is independent of the `type` of the `datasource`, which determines where the data come from.
    """

    datasource: Member[
        HTTPDatasource
        | FTPDatasource
        | SharepointDatasource
        | GoogleDriveDatasource
        | AmazonS3Datasource
        | AzureBlobStorageDatasource
        | FederatedDatasource
        | UploadedFileDatasource
        | OtherDatasource
        | None
    ] = member(default=None)
    """The location of the data. Left out, the source is realtime: records are pushed to its address in `push_urls`."""

    params: Member[dict[str, Any] | None] = member(default=None, open=True, normalised=True, loose=True)
    """Parameters of the extractor, for example `{"separator": ";"}`. Only those that the program names are compared;
    the portal detects the others.
    """

    enabled: Member[bool | None] = member(default=None, write_only=True)
    """(realtime) Whether records may be pushed. The portal does not return it, so a change in the back office is not
    detected.
    """


class SourcesSection(Section):
    """The sources, each found again by its title."""

    names = ("sources",)
    computes = ("source_uids", "file_uids", "push_urls")

    def read(self, reading: Reading, response: Response) -> Any:
        """The sources by title."""
        return self._by_title(_entries(reading.context, reading.id), reading.prior)

    def report(self, reading: Reading, response: Response) -> State:
        """What the state should contain, with the uids and push addresses as they now are."""
        state = reading.prior
        entries = _entries(reading.context, reading.id)
        actual = self._by_title(entries, state)
        report = comparison.report(self.slot, state["sources"], actual, state.get(SEEN) or {}, ("sources",))
        uids = state.get("file_uids")
        return {"sources": report, "file_uids": uids, **_computed(_keyed(entries, state["sources"]))}

    def read_unmanaged(self, reading: Reading, response: Response) -> State:
        """The sources and their uids, for a program that does not manage them."""
        entries = _entries(reading.context, reading.id)
        return {"sources": self._by_title(entries, {}), **_computed(_keyed(entries, {}))}

    def check(self, desired: State) -> list[Failure]:
        """Two files of one name: where the portal keeps one file of a name, the last one would be read twice."""
        first: dict[str, tuple[str, Any]] = {}
        failures = []
        for title, source in sorted(_known(desired.get("sources")).items()):
            file = _known(_known(_known(source).get("datasource")).get("file"))
            name, content = file.get("filename"), file.get("sha256")
            if not isinstance(name, str):
                continue
            other, other_content = first.setdefault(name, (title, content))
            if content != other_content:
                reason = f"sources.{other} has another file of the same name: give one of the two another filename"
                failures.append(Failure(f"sources.{title}.datasource.file.filename", reason))
        return failures

    def apply(self, update: Update, progress: Progress) -> State:
        """Add new ones, change others in place, and only then delete what is no longer desired."""
        context, id, prior = update.context, update.id, update.prior
        desired: dict[str, dict[str, Any]] = update.desired["sources"]
        entries = [] if progress.is_new else _entries(context, id)
        live = _keyed(entries, desired)
        leaving = [e for e in entries if not any(e is live.get(title) for title in desired)]
        becoming = [live[t] for t, s in desired.items() if t in live and not is_realtime(s)]
        refuse_loss([*leaving, *becoming], update.desired, "changing the sources")
        actual: dict[str, Entry] = {}
        file_uids: dict[str, str] = {}
        for title, source in sorted(desired.items()):  # the engine keeps no order, and the first leads the schema
            known = (prior.get("file_uids") or {}).get(title) if _same_file(prior, title, source) else None
            actual[title] = self._write(update, title, live.get(title), known)
            if uid := _file_uid(actual[title]):
                file_uids[title] = uid
            if context.urn and not prior and is_federated(source):
                # The link brought the remote title along; an interrupted create is found again by its mark.
                mark = {"value": mark_of(context.urn), "override_remote_value": True}
                patiently(context, id, context.api.put, f"/datasets/{id}/metadata/default/title/", mark)
        for entry in leaving:
            patiently(context, id, context.api.delete, f"{_endpoint(id)}{entry['uid']}/")
        shown = {title: self._decode(entry, desired[title], file_uids.get(title)) for title, entry in actual.items()}
        others = {p: m for p, m in (progress.state.get(SEEN) or {}).items() if not p.startswith("sources.")}
        fingerprints = others | comparison.fingerprints_of(self.slot, desired, shown, ("sources",))
        return {"file_uids": file_uids or None, **_computed(actual), SEEN: fingerprints or None}

    def _write(self, update: Update, title: str, live: Entry | None, file_uid: str | None) -> Entry:
        """Write one source, where it is not as desired; `file_uid` is that of the upload made for it.

        Returns the source as the portal has it.
        """
        context, id = update.context, update.id
        known = self._decode(live, update.desired["sources"][title], file_uid) if live is not None else None
        source = secrets.unmask(self._item(), update.desired["sources"][title], known, ("sources", title))
        prior = (update.prior.get("sources") or {}).get(title)
        file = (source.get("datasource") or {}).get("file")
        has_file = file is None or (file_uid is not None and live is not None and _file_uid(live) == file_uid)
        response: Entry
        if live is not None and has_file and self._is_so(update, title, source, known):
            response = live
        else:
            if file is not None and not file_uid:
                file_uid = _upload(context, id, title, file)
            body = self._encode(title, source, file_uid)
            context.progress(f"source {title}: {'changing' if live else 'adding'}")
            if live is not None:
                response = patiently(context, id, context.api.put, f"{_endpoint(id)}{live['uid']}/", body)
            else:
                look = _look(context, id, title, source)
                response = patiently(context, id, context.api.post, _endpoint(id), body, look=look)
        enabled = source.get("enabled")
        is_written = live is not None and prior is not None and enabled == prior.get("enabled")
        if enabled is not None and not is_written:
            action = "enable" if enabled else "disable"
            patiently(context, id, context.api.post, f"{_endpoint(id)}{response['uid']}/{action}/", repeatable=True)
        return response

    def _is_so(self, update: Update, title: str, source: dict[str, Any], actual: Any) -> bool:
        """Whether an actual source is as desired, and was desired before: a new desire is written in any case."""
        prior = (update.prior.get("sources") or {}).get(title)
        # What the portal made of an earlier desire proves nothing of this one, if that is not known any more.
        fingerprints = (update.prior.get(SEEN) or {}) if prior is not None else {}
        settled = comparison.report(self._item(), source, actual, fingerprints, ("sources", title)) == source
        return settled and (prior is None or comparison.same(self._item(), prior, source))

    def _item(self) -> Slot:
        assert isinstance(self.slot.kind, MapOf)
        return Slot("source", self.slot.kind.item, self.slot.behaviour)

    def _encode(self, title: str, source: Mapping[str, Any], file_uid: str | None) -> dict[str, Any]:
        body: dict[str, Any] = {"title": title} | codec.encode(self._item(), source)
        body.pop("enabled", None)
        datasource = body.get("datasource")
        if datasource is None:
            return body
        if file_uid is not None:
            datasource["file"] = {"uid": file_uid}
        if isinstance(datasource.get("headers"), Mapping):
            datasource["headers"] = connection_headers.pairs(datasource["headers"])
        datasource |= datasource.pop("params", None) or {}
        return body

    def _by_title(self, entries: list[dict[str, Any]], state: State) -> dict[str, Any]:
        desired, uids = state.get("sources") or {}, state.get("file_uids") or {}
        keyed = _keyed(entries, desired)
        return {title: self._decode(entry, desired.get(title), uids.get(title)) for title, entry in keyed.items()}

    def _decode(self, entry: Entry, desired: Any, file_uid: str | None) -> Any:
        """A source in a program's words; a file is the program's own where the upload is the one made for it."""
        datasource = dict(entry.get("datasource") or {})
        kind = datasource.get("type")
        if kind == "uploaded_file":
            uid, file = _file_uid(entry), datasource.get("file")
            name = (file.get("filename") if isinstance(file, Mapping) else None) or uid
            ours = ((desired or {}).get("datasource") or {}).get("file") if uid and uid == file_uid else None
            datasource["file"] = ours or other_file(name)
        if "headers" in datasource:
            datasource["headers"] = connection_headers.mapping(datasource["headers"])
        if kind is not None and kind not in _known_kinds():
            datasource = {"type": kind, "params": {n: v for n, v in datasource.items() if n != "type"}}
        actual: dict[str, Any] = codec.decode(self._item(), {**entry, "datasource": datasource or None})
        if kind == "uploaded_file":
            actual["datasource"]["file"] = datasource["file"]
        return actual


def is_realtime(source: Mapping[str, Any]) -> bool:
    """Whether records are pushed to it: then the portal has the only copy of them."""
    return not source.get("datasource")


def is_federated(source: Entry | None) -> bool:
    """Whether it is a dataset of another portal: then the portal calls the source by its uid."""
    return ((source or {}).get("datasource") or {}).get("type") == "federated"


def refuse_loss(sources: Sequence[Entry], desired: Mapping[str, Any], what: str) -> None:
    """Refuse to let records go that nothing could bring back. Raises `Problem`."""
    realtime = [str(s.get("title")) for s in sources if is_realtime(s)]
    if realtime and not desired.get("allow_data_loss"):
        raise ResourceError(
            f"{what}: records were pushed to {', '.join(realtime)}, and would be lost for good. Nothing was "
            "written; if they may go, set allow_data_loss=True and run `up` once before"
        )


def _known_kinds() -> set[str]:
    kinds = (
        HTTPDatasource,
        FTPDatasource,
        SharepointDatasource,
        GoogleDriveDatasource,
        AmazonS3Datasource,
        AzureBlobStorageDatasource,
        FederatedDatasource,
        UploadedFileDatasource,
    )
    return {str(kind.shape()["type"].behaviour.default) for kind in kinds}


def _endpoint(id: str) -> str:
    return f"/datasets/{id}/resources/"


def _entries(context: Context, id: str) -> list[dict[str, Any]]:
    return list(context.api.all(_endpoint(id)))


def _known(value: Any) -> Mapping[str, Any]:
    """What is known of a mapping in a preview."""
    return value if isinstance(value, Mapping) else {}


def _keyed(entries: list[dict[str, Any]], desired: Mapping[str, Any]) -> dict[str, Entry]:
    """The sources by title. A federated one has its uid there: it is the only one of its kind.

    The portal may hold several of one title, whose records it adds up: the later ones have their uid behind it, so that
    a read shows them and no program has asked for them.
    """
    federated = [title for title, source in desired.items() if is_federated(source)]
    keyed: dict[str, Entry] = {}
    for entry in entries:
        title = federated[0] if is_federated(entry) and federated else str(entry.get("title"))
        keyed[title if title not in keyed else f"{title} ({entry.get('uid')})"] = entry
    return keyed


def _computed(actual: Mapping[str, Entry]) -> State:
    push = {title: entry["url"] for title, entry in actual.items() if is_realtime(entry) and entry.get("url")}
    return {"source_uids": {title: str(e.get("uid")) for title, e in actual.items()} or None, "push_urls": push or None}


def _upload(context: Context, id: str, title: str, file: Mapping[str, Any]) -> str:
    context.progress(f"source {title}: sending {file['filename']} ({file['size']:,} bytes)")
    path = context.root / str(file.get("path", ""))
    if not path.is_file():
        raise ResourceError(f"sources.{title}: {path.as_posix()} is not there any more (it was when the program ran)")
    name, sha256 = str(file["filename"]), str(file["sha256"])
    response = patiently(context, id, context.api.upload, f"{_endpoint(id)}files/", path, filename=name, sha256=sha256)
    return str(response["uid"])


def _file_uid(entry: Entry) -> str | None:
    file = (entry.get("datasource") or {}).get("file")
    uid = file.get("uid") if isinstance(file, Mapping) else file
    return str(uid) if uid else None


def _same_file(prior: State, title: str, source: Mapping[str, Any]) -> bool:
    """Whether the upload made for a source is still the program's file."""
    earlier = (((prior.get("sources") or {}).get(title) or {}).get("datasource") or {}).get("file") or {}
    now = (source.get("datasource") or {}).get("file") or {}
    return all(earlier.get(n) == now.get(n) for n in ("sha256", "size", "filename"))


def _look(context: Context, id: str, title: str, source: Mapping[str, Any]) -> Callable[[], Any]:
    """Whether a POST that may have arrived did."""
    return lambda: _keyed(_entries(context, id), {title: source}).get(title)
