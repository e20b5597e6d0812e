"""What every example has in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from .folders import EXAMPLES, MOST_LINES, examples


@pytest.mark.parametrize("program", examples(), ids=lambda program: program.parent.name)
def test_example_is_a_short_project(program: Path) -> None:
    assert len(program.read_text().splitlines()) <= MOST_LINES
    assert (program.parent / "Pulumi.yaml").read_text().startswith("name: ")


@pytest.mark.parametrize("data", sorted(EXAMPLES.glob("*/data")), ids=lambda data: data.parent.name)
def test_every_data_file_has_an_origin_and_a_licence(data: Path) -> None:
    stated = (data / "README.md").read_text()
    for file in data.iterdir():
        if file.name != "README.md":
            assert f"`{file.name}`" in stated
    assert "origin" in stated.lower()
    assert "licence" in stated.lower()
