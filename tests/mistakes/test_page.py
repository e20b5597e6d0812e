"""The page of mistakes: up to date, long enough, and each message says where and what to do, without a traceback."""

from __future__ import annotations

import re

from .entries import TOPICS
from .page import PAGE, page

MISTAKES = [mistake for topic in TOPICS for mistake in topic.mistakes]


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "a message or a mistake has changed: make docs"


def test_page_has_the_common_mistakes() -> None:
    assert len(MISTAKES) >= 40
    assert len({mistake.title for mistake in MISTAKES}) == len(MISTAKES)


def test_no_message_is_a_fault_of_ours_or_a_traceback() -> None:
    shown = re.findall(r"^```text\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    errors = [line for block in shown for line in block.splitlines()]
    assert len(errors) >= len(MISTAKES)
    for line in errors:
        assert "fault of pulumi-opendatasoft" not in line
        assert "Traceback" not in line
        assert len(line) < 600, line
