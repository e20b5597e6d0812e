"""The tables of the guide's page on the emulator: up to date, and complete."""

from __future__ import annotations

import re

from opendatasoft_emulator.processing import EXTRACTORS, PROCESSORS

from tools import emulator_page


def test_page_is_up_to_date() -> None:
    assert emulator_page.PAGE.read_text() == emulator_page.page(), "the emulator has changed: make docs"


def test_page_names_every_type_and_parameter() -> None:
    text = emulator_page.page()
    for kind in (*EXTRACTORS, *PROCESSORS):
        (line,) = (line for line in text.splitlines() if re.match(rf"(\| \*?|- .*\()`{kind['type']}`", line))
        assert all(f"`{parameter['name']}`" in line for parameter in kind["parameters"])
