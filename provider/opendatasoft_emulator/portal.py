"""One portal: its objects, its switches, its faults, its request log, and the folder that holds its files."""

import threading
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from .processing import Records
from .publishing.jobs import DataLocations
from .publishing.pushed import PushedRecords
from .publishing.service import Publishing
from .state.bootstrap import add_administrator_key, create_administrator, read_or_create_key
from .state.faults import Faults
from .state.files import IMAGES, Files
from .state.identifiers import now
from .state.public_view import PublicView
from .state.request_log import RequestLog
from .state.settings import Settings
from .state.store import Document, StateUnusable, Store


class Portal:
    """The state of one portal in a folder, created at first use.

    The administrator's API key lies in the file `api-key` of the folder, readable by its owner only. Raises
    StateUnusable when the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.key = read_or_create_key(folder / "api-key")
        except OSError as error:
            raise StateUnusable(f"{folder} cannot hold the state of a portal ({error.strerror})") from error
        self.store = Store(folder / "portal.sqlite")
        try:
            self.records = Records(folder / "records.duckdb")
        except Exception as error:
            self.store.close()
            reason = str(error).partition("\n")[0]
            raise StateUnusable(f"{folder / 'records.duckdb'} cannot be opened as records ({reason})") from error
        self.request_log = RequestLog()
        self.faults = Faults()
        self.drop_connection: Callable[[tuple[str, int]], None] | None = None
        """Resets the connection of a client (host, port). The server sets it."""
        self.closing = threading.Event()
        """Set when the portal stops: long work then ends, and is begun again at the next start."""
        self.hanging_clients: set[tuple[str, int]] = set()
        """The clients whose requests hang because of a fault."""
        self.public_view = PublicView(self.store, self.request_log)
        if self.store.all("user"):
            add_administrator_key(self.store, self.key)
        else:
            create_administrator(self.store, self.key)
        self._settings = _known_settings(self.store.get("settings", "") or {})
        self.files = Files(folder / "files")
        self.pushed = PushedRecords(self.files)
        self.publishing = Publishing(
            self.store, self.records, self.pushed, data_locations=self.data_locations, settings=lambda: self._settings
        )

    @property
    def settings(self) -> Settings:
        """The current values of the switches."""
        return self._settings

    def change_settings(self, settings: Settings) -> None:
        """Set the switches. They survive a restart."""
        self.store.put("settings", "", settings.model_dump())
        self._settings = settings

    def reset(self) -> None:
        """Empty the portal but for one administrator with the same key; reset switches, faults and the request log."""
        with self.store.transaction():
            datasets = self.store.all("dataset")
            self.store.clear()
            create_administrator(self.store, self.key)
        for dataset in datasets:
            self.delete_dataset_data(dataset["uid"])
        self.files.drop(IMAGES)
        self._settings = Settings()
        self.faults.clear()
        self.request_log.clear()

    def send_mail(self, to: str, kind: str) -> None:
        """Put an e-mail that the service would send into the outbox."""
        number = str(len(self.store.all("mail")))
        self.store.put("mail", number, {"to": to, "kind": kind, "sent_at": now()})

    def delete_references(self, kind: str, id: str) -> None:
        """Delete the objects that refer to a deleted user or group: API keys and access rules."""
        for parent, _ in self.store.all_with_parents(f"{kind}_rule"):
            self.store.delete(f"{kind}_rule", id, parent)
        for key in self.store.all("api_key"):
            if kind == "user" and key["username"] == id:
                self.store.delete("api_key", key["uid"])

    def delete_dataset_data(self, dataset_uid: str) -> None:
        """Delete the data of a deleted dataset outside the store: its run, its records, its files."""
        self.publishing.delete_dataset(dataset_uid)
        self.files.drop(dataset_uid)

    def data_locations(self) -> DataLocations:
        """The places from which the data of the datasets can be read."""
        return DataLocations(
            self.store,
            self.files,
            self.pushed,
            self.folder / "remote",
            self._settings.federated_domains,
            self.records,
        )

    def close(self) -> None:
        """Stop all work and close all files."""
        self.closing.set()
        self.publishing.close()
        self.records.close()
        self.store.close()


def _known_settings(stored: Document) -> Settings:
    """The stored switches, without those that this version does not know."""
    known = {name: value for name, value in stored.items() if name in Settings.model_fields}
    try:
        return Settings.model_validate(known)
    except ValidationError:
        return Settings()
