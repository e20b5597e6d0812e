"""Every known fact of the real service is shown by a test on the emulator, or listed with the reason why not.

The list is facts.txt. `pytest -rP` on this file prints the facts that are not shown, and both counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
DESCRIPTION = HERE.parents[2] / "shared" / "automation-api" / "behaviour.md"


@dataclass(frozen=True)
class Fact:
    """One fact: the tests that show it, or the reason why none does."""

    section: int
    words: str
    tests: tuple[str, ...]
    reason: str


def facts(text: str) -> list[Fact]:
    """Return the facts of the list, in its order."""
    found: list[Fact] = []
    section = 0
    for line in text.splitlines():
        if heading := re.match(r"## (\d+) ", line):
            section = int(heading[1])
        elif line and not line.startswith("#"):
            words, _, shown = line.partition(" | ")
            reason = shown.removeprefix("- ") if shown.startswith("- ") else ""
            found.append(Fact(section, words, () if reason else tuple(shown.split(", ")), reason))
    return found


FACTS = facts((HERE / "facts.txt").read_text())


def exists(test: str) -> bool:
    """Whether a test of this name is in the file; `*` stands for any test of it."""
    file, _, name = test.partition("::")
    path = HERE.parent / file
    wanted = r"def test_" if name == "*" else rf"def {re.escape(name)}\("
    return path.is_file() and re.search(rf"^{wanted}", path.read_text(), re.MULTILINE) is not None


def test_a_test_that_does_not_exist_is_noticed() -> None:
    assert exists("conformance/test_facts.py::test_a_test_that_does_not_exist_is_noticed")
    assert not exists("conformance/test_facts.py::test_a_test")
    assert not exists("conformance/test_no_such_file.py::*")


def test_every_fact_names_its_tests_or_a_reason() -> None:
    assert [fact.words for fact in FACTS if not (fact.reason or all(map(exists, fact.tests)))] == []


def test_no_fact_is_listed_twice() -> None:
    words = [fact.words for fact in FACTS]
    assert len(set(words)) == len(words)


def test_every_section_of_the_description_has_its_facts() -> None:
    numbers = set(range(1, 29))
    if DESCRIPTION.is_file():  # it is not part of a clone
        numbers = {int(number) for number in re.findall(r"^## (\d+)\.? ", DESCRIPTION.read_text(), re.MULTILINE)} - {0}
    assert {fact.section for fact in FACTS} == numbers


def test_facts_that_are_not_shown_are_printed() -> None:
    hidden = [fact for fact in FACTS if fact.reason]
    for fact in hidden:
        print(f"{fact.section}: {fact.words} ({fact.reason})")
    print(f"{len(FACTS) - len(hidden)} facts are shown by a test, {len(hidden)} are not.")
    assert 0 < len(hidden) < len(FACTS) / 5
