"""The golden files: how they are compared and renewed."""

from __future__ import annotations

import os
import re
from pathlib import Path

HERE = Path(__file__).parent
RENEW = "RENEW_GOLDEN"

_UID = re.compile(r"\b([a-z]{2})_[a-z0-9]{6}\b")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b")


def is_golden(name: str, text: str) -> None:
    """A text is what the golden file says; asked to, the file is written instead."""
    path = HERE / name
    if os.environ.get(RENEW):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    said = path.read_text() if path.exists() else ""
    assert said == text, f"{name} would change. Is it meant? {RENEW}=1 make test TESTS=tests/golden"


def only_grows(name: str, lines: list[str]) -> list[str]:
    """Every line that the file ever had, in which all of these must be; asked to, new ones are added at its end."""
    path = HERE / name
    known = path.read_text().splitlines() if path.exists() else []
    new = [line for line in lines if line not in known]
    if os.environ.get(RENEW) and new:
        known += new
        path.write_text("".join(f"{line}\n" for line in known))
        new = []
    assert not new, f"{name} lacks {', '.join(new)}. Are they to be released? {RENEW}=1 make test TESTS=tests/golden"
    return known


def plain(text: str, **places: str) -> str:
    """A text without what differs from run to run: uids, times, and places, which are named."""
    for name, place in sorted(places.items(), key=lambda item: -len(item[1])):
        text = text.replace(place, f"<{name}>")
    return _TIME.sub("<time>", _UID.sub(r"<\1>", text))
