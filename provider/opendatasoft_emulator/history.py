"""The versions of a dataset: each remembers what its change replaced, so that the changes since can be taken back."""

from .identifiers import new_uid, now
from .store import Document, Replaced, Store

_KEPT = 20
_SECTIONS = {
    "dataset": "metadata",
    "resource": "data",
    "field": "data",
    "processor": "data",
    "attachment": "attachments",
    "alternative_export": "alternative_exports",
}
"""What is remembered of a dataset, and by which word its versions tell of it. Access rules and schedules are not."""


class History:
    """The versions of one dataset; every method belongs into a transaction of its caller."""

    def __init__(self, store: Store, dataset_uid: str) -> None:
        self._store = store
        self._uid = dataset_uid

    def add(self, replaced: list[Replaced], caller: str) -> None:
        """A new version, for a change that replaced these documents; the oldest beyond twenty goes."""
        ours = [one for one in replaced if one.kind in _SECTIONS]
        version: Document = {
            "uid": new_uid("ch"),
            "sections": sorted({_SECTIONS[one.kind] for one in ours}),
            "created_by": caller,
            "created_at": now(),
            "replaced": [one.as_document() for one in ours],
        }
        self._store.put("version", version["uid"], version, parent=self._uid)
        for old in self._store.all("version", self._uid)[:-_KEPT]:
            self._store.delete("version", old["uid"], self._uid)

    def restore(self, version_uid: str, dataset: Document) -> None:
        """Take back every change since a version; of the dataset itself only its metadata are given back."""
        for version in reversed(self._store.all("version", self._uid)):
            if version["uid"] == version_uid:
                return
            for one in reversed(version["replaced"]):
                replaced = Replaced.of_document(one)
                if replaced.kind == "dataset":
                    dataset["metadata"] = (replaced.body or dataset)["metadata"]
                else:
                    self._store.put_back(replaced)
