"""The results of steps: half-made objects and diffs."""

from __future__ import annotations

from pulumi_opendatasoft.lifecycle.results import Diff, HalfMade


def test_half_made_has_id_state_and_reasons() -> None:
    half = HalfMade("da_1", {"sources": {}}, ["fields: refused", "processors: not begun"])
    assert (half.id, half.state) == ("da_1", {"sources": {}})
    assert str(half) == "fields: refused; processors: not begun"


def test_diff_is_true_for_a_change_or_unfinished_work() -> None:
    assert Diff(changed=("title",))
    assert Diff(unfinished=True)
    assert not Diff(notes=("a line for the user",))
    assert not Diff()
