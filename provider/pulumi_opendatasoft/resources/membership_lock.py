"""Whose turn it is to write an account's groups, which are written from two sides: the user's and the group's."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

_lock = threading.Lock()
_turns: defaultdict[tuple[str, str], threading.RLock] = defaultdict(threading.RLock)


@contextmanager
def turn_with(domain: str, usernames: Iterable[str]) -> Iterator[None]:
    """While nobody else of this process writes the groups of these accounts.

    A PUT of a user says all groups again, as they were read right before: a membership that began in between, by the
    call of a group, would end with it. Whoever waits for several accounts takes them in the order of their names, so
    that no two wait for each other.
    """
    with ExitStack() as held:
        for username in sorted(set(usernames)):
            with _lock:
                turn = _turns[domain, username]
            held.enter_context(turn)
        yield
