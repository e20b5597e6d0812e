"""How a step can end."""

from __future__ import annotations

from pulumi_opendatasoft.lifecycle.results import Diff, HalfMade


def test_a_half_made_object_keeps_its_id_its_state_and_every_reason() -> None:
    half = HalfMade("da_1", {"sources": {}}, ["fields: refused", "processors: not begun"])
    assert (half.id, half.state) == ("da_1", {"sources": {}})
    assert str(half) == "fields: refused; processors: not begun"


def test_a_diff_is_something_where_a_property_changed_or_work_is_left() -> None:
    assert Diff(changed=("title",))
    assert Diff(unfinished=True)
    assert not Diff(notes=("a line for the person",))
    assert not Diff()
