"""The reference page: that it is made of the declarations as they are."""

from __future__ import annotations

import re

import pulumi_opendatasoft

from tools import reference


def test_the_reference_is_what_the_docstrings_say() -> None:
    assert reference.PAGE.read_text() == reference.page(), "the declarations have changed: make docs"


def test_the_reference_has_a_heading_for_every_public_class_and_links_to_no_other() -> None:
    page = reference.page()
    headings = set(re.findall(r"^## (\w+)$", page, re.MULTILINE)) - {"Resources", "Values"}
    public = {n for n in pulumi_opendatasoft.__all__ if isinstance(getattr(pulumi_opendatasoft, n), type)}
    assert headings == public
    assert {target.lower() for target in re.findall(r"\]\(#(\w+)\)", page)} <= {name.lower() for name in headings}


def test_every_member_in_the_reference_is_explained() -> None:
    lines = re.findall(r"^- \*\*`\w+`\*\* \(.*\): ?(.*)$", reference.page(), re.MULTILINE)
    assert len(lines) > 200
    assert "" not in lines
