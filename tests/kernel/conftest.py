"""An event loop for tests that make Outputs, empty and closed at their end."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Iterator

import pytest


@pytest.fixture
def outputs() -> Iterator[None]:
    """Outputs can be made, inside a program and outside."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    with warnings.catch_warnings():
        # Pulumi's mocks give each of their threads a loop that nobody closes.
        warnings.simplefilter("ignore", ResourceWarning)
        loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True))
        loop.run_until_complete(loop.shutdown_default_executor())
        asyncio.set_event_loop(None)
        loop.close()
        gc.collect()
