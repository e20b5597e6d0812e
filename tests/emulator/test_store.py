"""Tests of the store of objects, used by several threads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from opendatasoft_emulator.state.store import Store

Write = Callable[[Store], object]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "objects.sqlite")) as store:
        yield store


@pytest.mark.parametrize(
    "write",
    [
        lambda store: store.put("group", "readers", {"title": "Readers"}),
        lambda store: store.delete("group", "editors"),
    ],
    ids=["put", "delete"],
)
def test_write_of_another_thread_is_no_part_of_a_recording(store: Store, write: Write) -> None:
    store.put("group", "editors", {"title": "Editors"})
    other = threading.Thread(target=write, args=(store,))
    with store.recording_changes() as replaced:
        other.start()
        other.join(0.2)  # long enough for what would not wait
        assert other.is_alive()
        assert [group["title"] for group in store.all("group")] == ["Editors"]
        store.put("dataset", "air", {})
    other.join(30)
    assert [(one.kind, one.id) for one in replaced] == [("dataset", "air")]
    assert [group["title"] for group in store.all("group")] != ["Editors"]
