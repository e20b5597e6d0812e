"""The service as a plugin calls it: reads share a list, and no read is answered from a list of before a write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pulumi_opendatasoft.errors import ConfigurationError, ResourceError
from pulumi_opendatasoft.service.service import Read, Service

from ..conftest import Portal
from .conftest import PlainCall

GROUPS = ("a", "b", "c")


def titles(service: Service, states: dict[str, dict[str, object]]) -> dict[str, str]:
    """The title of each group by a read of its state."""
    found: dict[str, str] = {}
    for id, state in states.items():
        read = service.read(PlainCall(), id, state)
        assert isinstance(read, Read)
        found[id] = read.state["title"]
    return found


def test_read_after_a_write_sees_what_was_written(portal: Portal, service: Callable[[str], Service]) -> None:
    group = service("Group")
    states = dict(group.create(PlainCall(), {"title": name}) for name in GROUPS)
    assert titles(group, states) == {name: name for name in GROUPS}
    portal.forget()
    assert titles(group, states) == {name: name for name in GROUPS}
    assert portal.requests() == [], "the reads before this one did not make the list"

    states["a"] = group.update(PlainCall(), "a", states["a"], {"title": "A"})
    portal.put("/groups/b/", {"title": "B"})
    assert titles(group, states) == {"a": "A", "b": "B", "c": "c"}


def test_read_after_a_failed_write_sees_the_portal(portal: Portal, service: Callable[[str], Service]) -> None:
    group = service("Group")
    states = dict(group.create(PlainCall(), {"title": name}) for name in GROUPS)
    titles(group, states)
    titles(group, states)
    portal.put("/groups/b/", {"title": "B"})
    with pytest.raises(ResourceError, match="already has"):
        group.create(PlainCall(), {"title": "c"})
    assert titles(group, states)["b"] == "B"


def test_state_of_another_portal_is_neither_read_nor_written(portal: Portal, service: Callable[[str], Service]) -> None:
    group = service("Group")
    id, state = group.create(PlainCall(), {"title": "a"})
    elsewhere = state | {"domain": "data.elsewhere.org"}
    portal.forget()
    for step in (
        lambda: group.read(PlainCall(), id, elsewhere),
        lambda: group.diff(PlainCall(), id, elsewhere, {"title": "b"}),
        lambda: group.update(PlainCall(), id, elsewhere, {"title": "b"}),
        lambda: group.delete(PlainCall(), id, elsewhere),
    ):
        with pytest.raises(ConfigurationError, match=r"it lives on data\.elsewhere\.org"):
            step()
    assert portal.requests() == []
