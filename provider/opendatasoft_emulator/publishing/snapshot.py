"""What the public sees of the datasets: each as it was when it was last published, whatever has been changed since."""

from ..processing import Result
from ..state.identifiers import now
from ..state.store import Document, Store
from .jobs import Configuration, configuration_of

_SHOWN = ("uid", "dataset_id", "is_restricted", "metadata", "default_security")


class Snapshots:
    """Writes what the public sees; every method belongs into a transaction of its caller."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def publish(self, dataset: Document, configuration: Configuration, result: Result) -> None:
        """Show a dataset as it was configured when processing began, with what processing made of its data."""
        uid, timestamp = dataset["uid"], now()
        self._move_modified(dataset, timestamp)
        self._store.put(
            "published",
            uid,
            {
                **{name: dataset[name] for name in _SHOWN},
                "fields": result.fields,
                "record_count": result.record_count,
                "data_processed": timestamp,
                "metadata_processed": timestamp,
                "configuration": configuration,
            },
        )

    def configuration(self, dataset_uid: str) -> Configuration | None:
        """The configuration by which a dataset is public; nothing when it is not."""
        published = self._store.get("published", dataset_uid)
        if published is None:
            return None
        # What an older emulator has published says nothing of it.
        return published.get("configuration") or configuration_of(self._store, dataset_uid)

    def update_data(self, dataset_uid: str, result: Result) -> None:
        """Show other data of a dataset that is public, and leave all else as it is."""
        published = self._store.get("published", dataset_uid)
        if published is not None:
            published.update(fields=result.fields, record_count=result.record_count, data_processed=now())
            self._store.put("published", dataset_uid, published)

    def update_metadata(self, dataset_uid: str) -> None:
        """Show the metadata of a dataset that is public as they are now."""
        dataset = self._store.get("dataset", dataset_uid)
        published = self._store.get("published", dataset_uid)
        if dataset is not None and published is not None:
            published.update(metadata=dataset["metadata"], metadata_processed=now())
            self._store.put("published", dataset_uid, published)

    def delete(self, dataset_uid: str) -> None:
        """Show nothing of a dataset any more."""
        self._store.delete("published", dataset_uid)

    def _move_modified(self, dataset: Document, timestamp: str) -> None:
        """`modified` follows the data where the dataset says so, both as it is shown and as it is configured."""
        configured = self._store.get("dataset", dataset["uid"])
        if configured is None:
            return
        default = configured["metadata"].get("default", {})
        if default.get("modified_updates_on_data_change") is True:
            default["modified"] = timestamp
            dataset["metadata"].setdefault("default", {})["modified"] = timestamp
            self._store.put("dataset", dataset["uid"], configured)
