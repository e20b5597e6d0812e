"""The lock on an account's memberships, which the handlers of users and of groups both write."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

_guard = threading.Lock()
_locks: defaultdict[tuple[str, str], threading.RLock] = defaultdict(threading.RLock)


@contextmanager
def membership_lock(domain: str, usernames: Iterable[str]) -> Iterator[None]:
    """Lock the memberships of these accounts against all other threads of this process.

    A PUT of a user contains all groups again, as they were read right before: a membership that a group's call added
    in between would end with it. Several accounts are locked in the order of their names, so that no two threads wait
    for each other.
    """
    with ExitStack() as locked:
        for username in sorted(set(usernames)):
            with _guard:
                lock = _locks[domain, username]
            locked.enter_context(lock)
        yield
