"""The published snapshots of datasets: each is the dataset as it was when it was last published."""

from ..processing import Result
from ..state.identifiers import now
from ..state.store import Document, Store
from .jobs import Configuration, configuration_of

_MEMBERS = ("uid", "dataset_id", "is_restricted", "metadata", "default_security")


class Snapshots:
    """Writes the snapshots. Every method is called within a transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def publish(self, dataset: Document, configuration: Configuration, result: Result) -> None:
        """Write the snapshot of a dataset with its configuration at the start of processing, and the result."""
        uid, timestamp = dataset["uid"], now()
        self._update_modified(dataset, timestamp)
        self._store.put(
            "published",
            uid,
            {
                **{name: dataset[name] for name in _MEMBERS},
                "fields": result.fields,
                "record_count": result.record_count,
                "data_processed": timestamp,
                "metadata_processed": timestamp,
                "configuration": configuration,
            },
        )

    def configuration(self, dataset_uid: str) -> Configuration | None:
        """The configuration of the snapshot of a dataset; None when the dataset is not published."""
        published = self._store.get("published", dataset_uid)
        if published is None:
            return None
        # The snapshots of older emulators do not contain it.
        return published.get("configuration") or configuration_of(self._store, dataset_uid)

    def update_data(self, dataset_uid: str, result: Result) -> None:
        """Update the data of a snapshot, and nothing else."""
        published = self._store.get("published", dataset_uid)
        if published is not None:
            published.update(fields=result.fields, record_count=result.record_count, data_processed=now())
            self._store.put("published", dataset_uid, published)

    def update_metadata(self, dataset_uid: str) -> None:
        """Update the metadata of a snapshot to the current ones."""
        dataset = self._store.get("dataset", dataset_uid)
        published = self._store.get("published", dataset_uid)
        if dataset is not None and published is not None:
            published.update(metadata=dataset["metadata"], metadata_processed=now())
            self._store.put("published", dataset_uid, published)

    def delete(self, dataset_uid: str) -> None:
        """Delete the snapshot of a dataset."""
        self._store.delete("published", dataset_uid)

    def _update_modified(self, dataset: Document, timestamp: str) -> None:
        """Set `modified` in the dataset and its snapshot, if the dataset's metadata say that it follows the data."""
        configured = self._store.get("dataset", dataset["uid"])
        if configured is None:
            return
        default = configured["metadata"].get("default", {})
        if default.get("modified_updates_on_data_change") is True:
            default["modified"] = timestamp
            dataset["metadata"].setdefault("default", {})["modified"] = timestamp
            self._store.put("dataset", dataset["uid"], configured)
