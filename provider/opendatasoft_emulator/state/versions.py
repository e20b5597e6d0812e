"""The versions of a dataset: each contains the documents that its change replaced, so that changes can be undone."""

from .identifiers import new_key, new_uid, now
from .store import Document, Replaced, Store

_MAX_VERSIONS = 20
_SECTIONS = {
    "dataset": "metadata",
    "resource": "data",
    "field": "data",
    "processor": "data",
    "attachment": "attachments",
    "alternative_export": "alternative_exports",
}
"""The versioned kinds of documents, and the section of a version that names each."""

_UNVERSIONED_KINDS = frozenset({"user_rule", "group_rule", "schedule"})
"""Kinds of documents that no version contains."""

_RESTORED = ("metadata", "remote", "overridden", "asset_type")
"""The members of a dataset that a restored version sets: its metadata, and the remote dataset that they follow."""


class Versions:
    """The versions of one dataset. Every method is called within a transaction."""

    def __init__(self, store: Store, dataset_uid: str) -> None:
        self._store = store
        self._uid = dataset_uid

    def add(self, replaced: list[Replaced], caller: str) -> None:
        """Add a version for a change that replaced these documents; delete the oldest beyond twenty.

        A change of access rules or schedules alone adds none.
        """
        if replaced and all(one.kind in _UNVERSIONED_KINDS for one in replaced):
            return
        versioned = [one for one in replaced if one.kind in _SECTIONS]
        version: Document = {
            "uid": new_uid("ch"),
            "sections": sorted({_SECTIONS[one.kind] for one in versioned}),
            "created_by": caller,
            "created_at": now(),
            "replaced": [one.as_document() for one in versioned],
        }
        self._store.put("version", version["uid"], version, parent=self._uid)
        for old in self._store.all("version", self._uid)[:-_MAX_VERSIONS]:
            self._store.delete("version", old["uid"], self._uid)

    def restore(self, version_uid: str, dataset: Document) -> None:
        """Undo every change since a version. Of the dataset itself only its metadata are restored."""
        current = {resource["uid"]: resource for resource in self._store.all("resource", self._uid)}
        self._undo_changes_since(version_uid, dataset)
        for resource in self._store.all("resource", self._uid):
            updated = _with_push_key_of(current.get(resource["uid"]), resource)
            if updated != resource:
                self._store.put("resource", resource["uid"], updated, parent=self._uid)

    def _undo_changes_since(self, version_uid: str, dataset: Document) -> None:
        for version in reversed(self._store.all("version", self._uid)):
            if version["uid"] == version_uid:
                return
            for one in reversed(version["replaced"]):
                replaced = Replaced.of_document(one)
                if replaced.kind != "dataset":
                    self._store.restore_document(replaced)
                elif replaced.body is not None:
                    for name in _RESTORED:
                        dataset.pop(name, None)
                    dataset.update(versioned_part(replaced.body))


def versioned_part(dataset: Document) -> Document:
    """The part of a dataset's own document that versions contain."""
    return {name: dataset[name] for name in _RESTORED if name in dataset}


def _with_push_key_of(current: Document | None, restored: Document) -> Document:
    """A restored resource with its current push address, or a new one for a resource that was deleted."""
    if current is None:
        return {**restored, "push_key": new_key()}
    return {**restored, "push_key": current["push_key"], "is_enabled": current["is_enabled"]}
