"""The sources of a dataset (the API's "resources"), each identified by its title."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ...errors import ResourceError
from ...lifecycle.context import Context
from ...lifecycle.operations import Reading, Response, Update, has_uid
from ...lifecycle.ownership import mark_of
from ...lifecycle.places import writing
from ...lifecycle.results import State
from ...lifecycle.section import SEEN, Progress, Section
from ...program.file import other_file
from ...schema import codec, comparison, secrets
from ...schema.failure import Failure
from ...schema.types import UNKNOWN, MapOf, Object, OneOf, Slot
from .. import connection_headers
from .publication import patiently

Entry = Mapping[str, Any]
"""A source as the API returns it."""

REALTIME = "realtime"
"""The type of a source to which records are pushed."""


class SourcesSection(Section):
    """The sources, each identified by its title."""

    names = ("sources",)
    computes = ("source_uids", "file_uids", "push_urls")

    def read(self, reading: Reading, response: Response) -> Any:
        """The sources by their titles."""
        return self._by_title(_entries(reading.context, reading.id), reading.prior)

    def report(self, reading: Reading, response: Response) -> State:
        """The sources in the state after a read, with the present uids and push addresses."""
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
        """Refuse a source without data, and two different files of one name.

        The portal would make a realtime source of the first. Of two files of one name it may keep one, and read that
        twice.
        """
        first: dict[str, tuple[str, Any]] = {}
        failures = []
        for title, source in sorted(_known(desired.get("sources")).items()):
            if _known(source).get("datasource") is None and _known(source).get("type") not in (None, UNKNOWN, REALTIME):
                reason = (
                    "must be given: it says where the data are. Only a source to which records are pushed has none, "
                    f'and its type is "{REALTIME}"'
                )
                failures.append(Failure(f"sources.{title}.datasource", reason))
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
        """Create new sources, change others in place, and only then delete those that are not desired."""
        context, id, prior = update.context, update.id, update.prior
        desired: dict[str, dict[str, Any]] = update.desired["sources"]
        entries = [] if progress.is_new else _entries(context, id)
        existing = _keyed(entries, desired)
        to_delete = [e for e in entries if not any(e is existing.get(title) for title in desired)]
        no_longer_realtime = [existing[t] for t, s in desired.items() if t in existing and not is_realtime(s)]
        refuse_data_loss([*to_delete, *no_longer_realtime], update.desired, "changing the sources")
        written: dict[str, Entry] = {}
        file_uids: dict[str, str] = {}
        for title, source in sorted(desired.items()):  # the engine keeps no order; the first determines the schema
            file_uid = (prior.get("file_uids") or {}).get(title) if _same_file(prior, title, source) else None
            with writing(f"sources.{title}"):
                written[title] = self._write(update, title, existing.get(title), file_uid)
            if uid := _file_uid(written[title]):
                file_uids[title] = uid
            if context.urn and not prior and is_federated(source):
                # The link replaced the title, which is the mark by which an interrupted create is found again.
                mark = {"value": mark_of(context.urn), "override_remote_value": True}
                patiently(context, id, context.api.put, f"/datasets/{id}/metadata/default/title/", mark)
        for entry in to_delete:
            with writing(f"sources.{entry.get('title')} (removal)"):
                patiently(context, id, context.api.delete, f"{_endpoint(id)}{entry['uid']}/")
        actual = {title: self._decode(entry, desired[title], file_uids.get(title)) for title, entry in written.items()}
        others = {p: m for p, m in (progress.state.get(SEEN) or {}).items() if not p.startswith("sources.")}
        fingerprints = others | comparison.fingerprints_of(self.slot, desired, actual, ("sources",))
        return {"file_uids": file_uids or None, **_computed(written), SEEN: fingerprints or None}

    def _write(self, update: Update, title: str, existing: Entry | None, file_uid: str | None) -> Entry:
        """Write one source, unless it is as desired.

        Args:
            update: the change of the dataset.
            title: the key of the source in the program.
            existing: the source as the portal has it; None for a new one.
            file_uid: the uid of the upload that was made for it and has the desired content; None without one.

        Returns:
            The source as the portal has it afterwards.
        """
        context, id = update.context, update.id
        actual = self._decode(existing, update.desired["sources"][title], file_uid) if existing is not None else None
        source = secrets.unmask(self._item(), update.desired["sources"][title], actual, ("sources", title))
        prior = (update.prior.get("sources") or {}).get(title)
        file = (source.get("datasource") or {}).get("file")
        has_file = file is None or (file_uid is not None and existing is not None and _file_uid(existing) == file_uid)
        response: Entry
        if existing is not None and has_file and self._is_as_desired(update, title, source, actual):
            response = existing
        else:
            if file is not None and not file_uid:
                file_uid = _upload(context, id, title, file)
            body = self._encode(title, source, file_uid)
            context.progress(f"source {title}: {'changing' if existing else 'adding'}")
            if existing is not None:
                response = patiently(context, id, context.api.put, f"{_endpoint(id)}{existing['uid']}/", body)
            else:
                look = _find_lost(context, id, title, source)
                response = patiently(context, id, context.api.post, _endpoint(id), body, look=look, is_usable=has_uid)
        enabled = source.get("enabled")
        is_written = existing is not None and prior is not None and enabled == prior.get("enabled")
        if enabled is not None and not is_written:
            action = "enable" if enabled else "disable"
            patiently(context, id, context.api.post, f"{_endpoint(id)}{response['uid']}/{action}/", repeatable=True)
        return response

    def _is_as_desired(self, update: Update, title: str, source: dict[str, Any], actual: Any) -> bool:
        """Whether a source needs no write: it is as desired, and the program has not changed it since the last one.

        Args:
            update: the change of the dataset.
            title: the key of the source in the program.
            source: the desired source.
            actual: the source as the portal has it, in a program's spelling.
        """
        prior = (update.prior.get("sources") or {}).get(title)
        # The fingerprints are those of the prior source: without it, they prove nothing.
        fingerprints = (update.prior.get(SEEN) or {}) if prior is not None else {}
        is_equal = comparison.report(self._item(), source, actual, fingerprints, ("sources", title)) == source
        return is_equal and (prior is None or comparison.same(self._item(), prior, source))

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
        """A source in a program's spelling; `file_uid` is that of the upload which was made for the desired file."""
        datasource = dict(codec.members_of(entry.get("datasource")))
        kind = datasource.get("type") if isinstance(datasource.get("type"), str) else None
        if kind == "uploaded_file":
            uid, file = _file_uid(entry), datasource.get("file")
            name = (file.get("filename") if isinstance(file, Mapping) else None) or uid
            ours = ((desired or {}).get("datasource") or {}).get("file") if uid and uid == file_uid else None
            datasource["file"] = ours or other_file(name)
        if "headers" in datasource:
            datasource["headers"] = connection_headers.mapping(datasource["headers"])
        if kind is not None and kind not in self._datasource_types():
            datasource = {"type": kind, "params": {n: v for n, v in datasource.items() if n != "type"}}
        actual: dict[str, Any] = codec.decode(self._item(), {**entry, "datasource": datasource or None})
        if kind == "uploaded_file":
            actual["datasource"]["file"] = datasource["file"]
        return actual

    def _datasource_types(self) -> Collection[str]:
        """The types of datasources that have a class of their own, from the declaration of `Source.datasource`."""
        source = self._item().kind
        assert isinstance(source, Object)
        datasource = source.shape["datasource"].kind
        assert isinstance(datasource, OneOf)
        return datasource.tagged


def is_realtime(source: Mapping[str, Any]) -> bool:
    """Whether records are pushed to a source. The portal has the only copy of such records."""
    return not source.get("datasource")


def is_federated(source: Entry | None) -> bool:
    """Whether a source is a dataset of another portal. The title of such a source is its uid."""
    return codec.members_of((source or {}).get("datasource")).get("type") == "federated"


def refuse_data_loss(sources: Sequence[Entry], desired: Mapping[str, Any], what: str) -> None:
    """Raise `ResourceError` where a step would delete records that were pushed, unless the program allows it.

    Args:
        sources: the sources whose records the step deletes.
        desired: the properties of the dataset, among them `allow_data_loss`.
        what: the step, as the message names it: `deleting the dataset`.
    """
    realtime = [str(s.get("title")) for s in sources if is_realtime(s)]
    if realtime and not desired.get("allow_data_loss"):
        names = ", ".join(f'"{name}"' for name in realtime)
        raise ResourceError(
            f"{what}: the records that were pushed to {names} would be lost for good. Nothing was written; if they may "
            "be deleted, set allow_data_loss=True and run `up` once before"
        )


def _endpoint(id: str) -> str:
    return f"/datasets/{id}/resources/"


def _entries(context: Context, id: str) -> list[dict[str, Any]]:
    return list(context.api.all(_endpoint(id)))


def _known(value: Any) -> Mapping[str, Any]:
    """A mapping of a preview; empty where its value is unknown."""
    return value if isinstance(value, Mapping) else {}


def _keyed(entries: list[dict[str, Any]], desired: Mapping[str, Any]) -> dict[str, Entry]:
    """The sources by their keys in a program, which are their titles.

    The title of a federated source is its uid: since a dataset has at most one, it gets the key of the desired one.
    A portal may contain several sources of one title, whose records it adds up: the uid is added to the title of the
    later ones, so that a read shows them and `apply` deletes them.
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
    """Upload the file of a source.

    Args:
        context: the call of the engine.
        id: the dataset's uid.
        title: the key of the source in the program.
        file: the file: path, filename, size and hash.

    Returns:
        The uid of the upload.

    Raises:
        ResourceError: the file no longer exists.
    """
    context.progress(f"source {title}: sending {file['filename']} ({file['size']:,} bytes)")
    path = context.root / str(file.get("path", ""))
    if not path.is_file():
        raise ResourceError(f"{path.as_posix()} no longer exists: a file must stay until `up` has ended")
    name, sha256 = str(file["filename"]), str(file["sha256"])
    content: dict[str, Any] = {"filename": name, "sha256": sha256, "is_usable": has_uid}
    response = patiently(context, id, context.api.upload, f"{_endpoint(id)}files/", path, **content)
    return str(response["uid"])


def _file_uid(entry: Entry) -> str | None:
    file = codec.members_of(entry.get("datasource")).get("file")
    uid = file.get("uid") if isinstance(file, Mapping) else file
    return str(uid) if uid else None


def _same_file(prior: State, title: str, source: Mapping[str, Any]) -> bool:
    """Whether the desired file of a source is the one that was uploaded last."""
    old = (((prior.get("sources") or {}).get(title) or {}).get("datasource") or {}).get("file") or {}
    new = (source.get("datasource") or {}).get("file") or {}
    return all(old.get(n) == new.get(n) for n in ("sha256", "size", "filename"))


def _find_lost(context: Context, id: str, title: str, source: Mapping[str, Any]) -> Callable[[], Any]:
    """The look-up after a POST whose response was lost.

    Args:
        context: the call of the engine.
        id: the dataset's uid.
        title: the key of the source in the program.
        source: the desired source.

    Returns:
        A function that returns the source with this title, or None.
    """
    return lambda: _keyed(_entries(context, id), {title: source}).get(title)
