"""What the provider's process shares between its calls: a client for each portal and key, and whose an object is."""

from __future__ import annotations

import functools
import threading
from collections import defaultdict
from collections.abc import Mapping

from ..client.client import Client
from ..client.list_cache import ListCache
from ..configuration import Settings
from ..errors import PortalError, ResourceError
from ..lifecycle.ownership import Held
from ..lifecycle.safeguards import Census


class Portals:
    """The clients of this process, one for each portal and key: connections, limiter and held ids are shared."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Client] = {}
        self._listings: dict[tuple[str, str, str, str], ListCache] = {}
        self._shown: defaultdict[tuple[str, str], _Shown] = defaultdict(_Shown)
        self.held = Held()
        self.recorded: set[str] = set()
        """The resources (URNs) that the state held when this process began."""
        self.census: defaultdict[str, Census] = defaultdict(Census)

    def client(self, settings: Settings) -> Client:
        """The client for these settings. Raises `Problem` where the domain or the key cannot be one."""
        with self._lock:
            place = (settings.domain, settings.key)
            if place not in self._clients:
                try:
                    self._clients[place] = Client(
                        settings.domain,
                        settings.key,
                        concurrency=settings.max_concurrency,
                        timeout=settings.request_timeout,
                        retries=settings.max_retries,
                    )
                except ValueError as error:
                    raise ResourceError(str(error)) from None
            return self._clients[place]

    def listing(self, settings: Settings, collection: str, key: str) -> ListCache:
        """What the reads of one collection share, whose objects are found by the member `key`."""
        client = self.client(settings)
        with self._lock:
            place = (settings.domain, settings.key, collection, key)
            if place not in self._listings:
                self._listings[place] = ListCache(client, collection, key=key)
            return self._listings[place]

    def shown(self, settings: Settings) -> Mapping[str, int]:
        """How much of each kind the portal shows this key: looked at once a process."""
        client = self.client(settings)
        with self._lock:
            shown = self._shown[settings.domain, settings.key]
        return shown.at(client)

    def masked(self, text: str) -> str:
        """A text without any secret that a client of this process has met."""
        with self._lock:
            clients = list(self._clients.values())
        return functools.reduce(lambda actual, client: client.redact(actual), clients, text)


class _Shown:
    """How much a portal shows; whoever asks while it is looked at waits, and nobody else does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Mapping[str, int] | None = None

    def at(self, client: Client) -> Mapping[str, int]:
        with self._lock:
            if self._counts is None:
                self._counts = {path: _count(client, path) for path in _LOOKED_AT}
            return self._counts


_LOOKED_AT = ("/datasets/", "/groups/", "/users/", "/datasource_connections/")


def _count(client: Client, path: str) -> int:
    try:
        response = client.get(path, limit=0)
    except PortalError:
        return 0
    return int(response.get("total_count") or 0) if isinstance(response, Mapping) else 0


PORTALS = Portals()
