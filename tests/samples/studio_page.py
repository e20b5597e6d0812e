"""The sample of a Studio page."""

from __future__ import annotations

import pulumi_opendatasoft as ods

from ..conformance.rules import Writes
from ..resources.pages import STUDIO_PAGE
from . import Sample, Site

OFFICIAL = r"(?:POST|PUT) /studio_pages/(?:\{studio_page_uid\}/)?"


def declare(site: Site) -> ods.StudioPage:
    """Every property."""
    return ods.StudioPage(
        "StudioPage",
        slug="start",
        public=True,
        published=True,
        group_access=[ods.GroupAccess(group=site.get(ods.Group).uid, permissions=["edit_page"])],
        user_access=[ods.UserAccess(user="admin", permissions=[])],
    )


def rule(target: str, member: str, by: str) -> Writes:
    """The property that writes a member of a rule."""
    operation = rf"(?:POST|PUT) /studio_pages/\{{studio_page_uid\}}/security/{target}s/(?:\{{\w+\}}/)?"
    return Writes(operation, member, f"StudioPage:{target}_access[].{by}")


SAMPLE = Sample(
    declare,
    STUDIO_PAGE,
    writes=(
        Writes(OFFICIAL, r"(slug|public)", r"StudioPage:\1"),
        rule("user", r"user\.username", "user"),
        rule("user", "permissions", "permissions"),
        rule("group", r"group\.uid", "group"),
        rule("group", "permissions", "permissions"),
    ),
)
