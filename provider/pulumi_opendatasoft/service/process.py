"""The state that all calls of the provider's process share: clients, shared lists, and the ownership of objects."""

from __future__ import annotations

import functools
import threading
from collections import defaultdict
from collections.abc import Mapping

from ..client.client import Client
from ..client.list_cache import ListCache
from ..client.portal_values import count
from ..configuration import Settings
from ..errors import ConfigurationError, PortalError, ResourceError
from ..lifecycle.ownership import Ownership
from ..lifecycle.results import State
from ..lifecycle.safeguards import Census, Presence, Shown
from ..lifecycle.texts import TextChange, Texts
from ..program.resource import REGISTRY
from .journal import Journal, beside_pulumi
from .texts import texts_beside_pulumi


class Process:
    """The clients of this process, one for each portal and key: they share connections, rate limiter and ownership."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Client] = {}
        self._list_caches: dict[tuple[str, str, str, str], ListCache] = {}
        self._surveys: defaultdict[tuple[str, str], _Survey] = defaultdict(_Survey)
        self.ownership = Ownership()
        self.recorded: set[str] = set()
        """The URNs of the resources that the state contained when this process began."""
        self.has_checked = False
        """Whether this process checked a resource of a program: it then has the present configuration of the stack."""
        self.in_order: dict[str, State] = {}
        """By URN, the lists whose order does not matter, in the order in which the program has them."""
        self.shown: set[tuple[str, TextChange]] = set()
        """The changes of texts that were printed, each with the URN of its resource."""
        self.shown_lines: dict[tuple[str, ...], str] = {}
        """The URN of the resource for which the lines of a change were printed first."""
        self.census: defaultdict[str, Census] = defaultdict(Census)
        self._cancelled = threading.Event()

    @functools.cached_property
    def journal(self) -> Journal:
        """The journal of this machine, found when it is first needed."""
        return beside_pulumi()

    @functools.cached_property
    def texts(self) -> Texts:
        """The texts of this machine, found when they are first needed."""
        return texts_beside_pulumi()

    def cancel(self) -> None:
        """End every wait, and let no further call be made: the user has interrupted the run."""
        self._cancelled.set()

    def _guard(self) -> None:
        if self._cancelled.is_set():
            raise ResourceError("the run was interrupted: the next `up` goes on from here")

    def client(self, settings: Settings) -> Client:
        """The client for these settings. Raises `ConfigurationError` where the domain or the key cannot be one."""
        with self._lock:
            portal = (settings.domain, settings.key)
            if portal not in self._clients:
                try:
                    self._clients[portal] = Client(
                        settings.domain,
                        settings.key,
                        concurrency=settings.max_concurrency,
                        timeout=settings.request_timeout,
                        retries=settings.max_retries,
                        guard=self._guard,
                    )
                except ValueError as error:
                    raise ConfigurationError(str(error)) from None
            return self._clients[portal]

    def list_cache(self, settings: Settings, collection: str, key: str) -> ListCache:
        """The list that reads of one collection share, whose objects are found by the member `key`."""
        client = self.client(settings)
        with self._lock:
            listed = (settings.domain, settings.key, collection, key)
            if listed not in self._list_caches:
                self._list_caches[listed] = ListCache(client, collection, key=key)
            return self._list_caches[listed]

    def survey(self, settings: Settings) -> Shown:
        """How many objects the portal shows to this API key; requested once a process."""
        client = self.client(settings)
        with self._lock:
            survey = self._surveys[settings.domain, settings.key]
        return survey.of(client)

    def redact(self, text: str) -> str:
        """Redact every secret that is known to a client of this process."""
        with self._lock:
            clients = list(self._clients.values())
        return functools.reduce(lambda redacted, client: client.redact(redacted), clients, text)


class _Survey:
    """How many objects a portal shows. While that is requested, other callers of the same survey wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: Shown | None = None

    def of(self, client: Client) -> Shown:
        with self._lock:
            if self._shown is None:
                counts = {path: _count(client, path) for path in _presences()}
                of_kind = {
                    kind: sum(counts[path] for path, presence in _presences().items() if presence is kind)
                    for kind in Presence
                }
                self._shown = Shown(of_kind[Presence.EVIDENCE], of_kind[Presence.ALWAYS])
            return self._shown


@functools.cache
def _presences() -> Mapping[str, Presence]:
    """The collections whose objects are counted, each with what the presence of one proves."""
    handlers = [cls.lifecycle().handler for cls in REGISTRY.values()]
    counted = {h.collection: h.presence for h in handlers if h.presence is not Presence.NONE}
    return dict(sorted(counted.items()))


def _count(client: Client, path: str) -> int:
    try:
        response = client.get(path, limit=0)
    except PortalError:
        return 0
    return count(response.get("total_count")) or 0 if isinstance(response, Mapping) else 0


PROCESS = Process()
