"""One portal: its objects, its switches, its faults, its latest requests, and the folder that keeps it."""

import os
from collections.abc import Callable
from pathlib import Path

from .faults import Faults
from .files import Files
from .identifiers import new_key, new_uid, now
from .jobs import Places
from .journal import Journal
from .permissions import DOMAIN_PERMISSIONS
from .processing import Records
from .publishing import Publishing
from .realtime import Pushed
from .settings import Settings
from .store import StateUnusable, Store
from .view import View

ADMINISTRATOR = "admin"
"""The username of the one user of an empty portal."""


class Portal:
    """The state of one portal in a folder, made at first use.

    The administrator's API key lies in the file `api-key` of the folder, for its owner's eyes only. Raises
    StateUnusable when the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.key = _administrators_key(folder / "api-key")
        except OSError as error:
            raise StateUnusable(f"{folder} cannot hold the state of a portal ({error.strerror})") from error
        self.store = Store(folder / "portal.sqlite")
        self.journal = Journal()
        self.faults = Faults()
        self.drop_connection: Callable[[tuple[str, int]], None] | None = None
        """Cuts the connection of a client (host, port) at once; the server sets it."""
        self.left_hanging: set[tuple[str, int]] = set()
        """The clients that wait, by a fault, for an answer that never comes."""
        self.view = View(self.store, self.journal)
        if self.store.get("user", ADMINISTRATOR) is None:
            self._found()
        self._settings = Settings.model_validate(self.store.get("settings", "") or {})
        self.files = Files(folder / "files")
        self.pushed = Pushed(self.files)
        self.records = Records(folder / "records.duckdb")
        self.publishing = Publishing(
            self.store, self.records, self.pushed, places=self.places, settings=lambda: self._settings
        )

    @property
    def settings(self) -> Settings:
        """The switches as they are set now."""
        return self._settings

    def change_settings(self, settings: Settings) -> None:
        """Set the switches; they survive a restart."""
        self.store.put("settings", "", settings.model_dump())
        self._settings = settings

    def reset(self) -> None:
        """An empty portal with one administrator, the same key, every switch at its default, no fault, no request."""
        with self.store.transaction():
            datasets = self.store.all("dataset")
            self.store.clear()
            self._found()
        for dataset in datasets:
            self.forget_dataset(dataset["uid"])
        self._settings = Settings()
        self.faults.clear()
        self.journal.clear()

    def send_mail(self, to: str, kind: str) -> None:
        """Put an e-mail that the service would send into the outbox."""
        number = str(len(self.store.all("mail")))
        self.store.put("mail", number, {"to": to, "kind": kind, "sent_at": now()})

    def forget_target(self, kind: str, id: str) -> None:
        """Remove what hangs on a user or a group that is gone: keys, and the access rules that name them."""
        for parent, _ in self.store.everywhere(f"{kind}_rule"):
            self.store.delete(f"{kind}_rule", id, parent)
        for key in self.store.all("api_key"):
            if kind == "user" and key["username"] == id:
                self.store.delete("api_key", key["uid"])

    def forget_dataset(self, dataset_uid: str) -> None:
        """Drop what a dataset that is gone has left outside the store: work, records, files."""
        self.publishing.forget(dataset_uid)
        self.files.drop(dataset_uid)

    def places(self) -> Places:
        """Where the data of the datasets may lie."""
        return Places(self.store, self.files, self.folder / "remote", self._settings.federated_domains)

    def _found(self) -> None:
        moment = now()
        with self.store.transaction():
            self.store.put(
                "user",
                ADMINISTRATOR,
                {
                    "username": ADMINISTRATOR,
                    "email": "admin@localhost.localdomain",
                    "first_name": "",
                    "last_name": "",
                    "permissions": list(DOMAIN_PERMISSIONS),
                    "groups": [],
                    "explore_limits": {},
                    "joined_at": moment,
                    "last_seen_at": moment,
                    "is_active": True,
                    "account_type": "global",
                    "identity_providers": [],
                },
            )
            uid = new_uid("ak")
            self.store.put(
                "api_key",
                uid,
                {
                    "uid": uid,
                    "key": self.key,
                    "label": "Administrator",
                    "username": ADMINISTRATOR,
                    "permissions": list(DOMAIN_PERMISSIONS),
                    "created_at": moment,
                    "revoked_at": None,
                    "revocation_reason": "",
                },
            )

    def close(self) -> None:
        """Stop all work and close all files."""
        self.publishing.close()
        self.records.close()
        self.store.close()


def _administrators_key(path: Path) -> str:
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    key = new_key()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key
