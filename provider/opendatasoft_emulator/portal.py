"""One portal: its objects, its switches, its faults, its request log, and the folder that holds its files."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from .processing import Records
from .publishing.jobs import DataLocations
from .publishing.pushed import PushedRecords
from .publishing.service import Publishing
from .state.bootstrap import add_administrator_key, add_key, create_administrator, read_or_create_key
from .state.faults import Faults
from .state.files import Files
from .state.identifiers import new_key, now
from .state.public_view import PublicView
from .state.request_log import RequestLog
from .state.seed import FILES, OBJECTS, RECORDS, Seed
from .state.settings import Settings
from .state.store import Document, StateUnusable, Store


@dataclass(frozen=True)
class Options:
    """The options with which a portal begins, and again after a reset."""

    key: str | None = None
    """The administrator's API key; None for a new one, or the one of an existing folder."""

    settings: Settings | None = None
    """The switches, at every start; None for those of the folder."""

    seed: Path | None = None
    """The data folder of another portal, whose content an empty portal takes over."""

    remote: Path | None = None
    """The folder that stands for the servers that cannot be reached; None for `remote` in the data folder."""


class Portal:
    """The state of one portal in a folder, created at first use.

    The administrator's API key lies in the file `api-key` of the folder, readable by its owner only. Raises
    StateUnusable when the folder cannot be used.
    """

    def __init__(self, folder: Path, options: Options | None = None) -> None:
        self.folder = folder
        self._options = options or Options()
        self._seed = Seed(folder / "seed") if self._options.seed else None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if self._seed and self._options.seed:
                self._seed.take(self._options.seed)
                if not (folder / OBJECTS).exists():
                    self._seed.give(folder)
            self.key = read_or_create_key(folder / "api-key", self._options.key)
        except OSError as error:
            raise StateUnusable(f"{folder} cannot hold the state of a portal ({error.strerror})") from error
        self.store = Store(folder / OBJECTS)
        try:
            self.records = Records(folder / RECORDS)
        except Exception as error:
            self.store.close()
            reason = str(error).partition("\n")[0]
            raise StateUnusable(f"{folder / RECORDS} cannot be opened as records ({reason})") from error
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
        self._settings = self._first_settings()
        self.remote = self._options.remote or folder / "remote"
        """The folder that stands for the servers that cannot be reached."""
        self.files = Files(folder / FILES)
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
        """Return to the seed, or to an empty portal with one administrator, and to the switches of the start.

        The administrator's key stays. Faults and the request log are cleared.
        """
        with self.store.transaction():
            for dataset in self.store.all("dataset"):
                self.publishing.discard(dataset["uid"])
            self.store.clear()
            if self._seed is None:
                create_administrator(self.store, self.key)
            else:
                self.store.add_rows(self._seed.objects())
                add_administrator_key(self.store, self.key)
            self._settings = self._first_settings()
        self.records.replace_all(self._seed.records if self._seed else None)
        self.files.clear()
        if self._seed is not None:
            self._seed.give_files(self.folder / FILES)
        self.faults.clear()
        self.request_log.clear()
        self.publishing.resume()

    def _first_settings(self) -> Settings:
        return self._options.settings or _known_settings(self.store.get("settings", "") or {})

    def create_key(self, username: str, label: str) -> str | None:
        """Return a new API key that grants all that a user may do; None for an unknown user."""
        if self.store.get("user", username) is None:
            return None
        key = new_key()
        add_key(self.store, key, username, label)
        return key

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
            self.remote,
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
