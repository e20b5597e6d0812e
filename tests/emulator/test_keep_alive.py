"""Tests of idle connections: the emulator keeps them for longer than clients do."""

import http.client
import threading
from pathlib import Path

import pytest
from opendatasoft_emulator.server import Emulator


def get_groups(connection: http.client.HTTPConnection, key: str) -> int:
    """Send a GET on this very connection, without opening it again; return the status."""
    connection.request("GET", "/api/automation/v1.0/groups/", headers={"Authorization": f"apikey {key}"})
    response = connection.getresponse()
    response.read()
    return response.status


def move_clock(emulator: Emulator, seconds: float) -> None:
    """Advance the clock of the emulator's event loop, and wait until the loop has acted on it."""
    (served,) = emulator._server.server_state.connections
    loop = served.loop
    real, acted = loop.time, threading.Event()
    loop.call_soon_threadsafe(setattr, loop, "time", lambda: real() + seconds)
    loop.call_soon_threadsafe(loop.call_later, 0.01, acted.set)
    assert acted.wait(60)


def test_idle_connection_is_kept_for_more_than_a_minute(tmp_path: Path) -> None:
    with Emulator(tmp_path) as emulator:
        connection = http.client.HTTPConnection("127.0.0.1", int(emulator.url.rpartition(":")[2]))
        connection.connect()
        connection.auto_open = 0
        assert get_groups(connection, emulator.key) == 200

        move_clock(emulator, 70)
        assert get_groups(connection, emulator.key) == 200

        move_clock(emulator, 80)
        with pytest.raises((http.client.NotConnected, ConnectionError)):
            get_groups(connection, emulator.key)
        connection.close()
