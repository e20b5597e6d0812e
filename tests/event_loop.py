"""Event loops for what Pulumi does in this process: it takes those of its threads, or makes some that nobody closes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def lent_event_loop() -> Iterator[None]:
    """While it lasts this thread has a loop, and so has each that the loop starts; afterwards they are closed."""
    lent: list[asyncio.AbstractEventLoop] = []

    def lend() -> asyncio.AbstractEventLoop:
        lent.append(asyncio.new_event_loop())
        asyncio.set_event_loop(lent[-1])
        return lent[-1]

    loop = lend()
    loop.set_default_executor(ThreadPoolExecutor(initializer=lend))
    try:
        yield
    finally:
        loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True))
        loop.run_until_complete(loop.shutdown_default_executor())
        asyncio.set_event_loop(None)
        for one in lent:
            one.close()
