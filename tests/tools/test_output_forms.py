"""The forms of the functions that return Outputs are those that the tool makes."""

from __future__ import annotations

from tools import output_forms


def test_forms_are_up_to_date() -> None:
    written = {path.name: path.read_text() for path in output_forms.FOLDER.glob("*.py")}
    assert written == output_forms.modules(), "the functions have changed: make docs"
