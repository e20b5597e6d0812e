"""The sample of a code editor page."""

from __future__ import annotations

import pulumi_opendatasoft as ods

from ..conformance.rules import Writes
from ..resources.pages import CODE_EDITOR_PAGE
from . import Sample, Site

OFFICIAL = r"(?:POST|PUT) /code_editor_pages/(?:\{page_slug\}/)?"


def declare(site: Site) -> ods.CodeEditorPage:
    """Every property, with a text in a file and one in the program."""
    return ods.CodeEditorPage(
        "CodeEditorPage",
        slug="home",
        content=ods.PageContent(
            html={"en": ods.TextFile("air.csv"), "fr": "<p>L'air</p>\n"}, css={"en": "p { color: navy; }"}
        ),
        title={"en": "Air", "fr": "L'air"},
        description="The first page",
        template="custom.html",
        tags=["start", "city"],
        is_restricted=True,
        is_archived=False,
        group_access=[ods.GroupAccess(group=site.get(ods.Group).uid, permissions=["edit_page"])],
    )


def archived(site: Site) -> ods.CodeEditorPage:
    """An archived page with a rule for a user, whose slug is its name."""
    return ods.CodeEditorPage(
        "CodeEditorPage-2",
        content=ods.PageContent(html={"en": "<p>Before</p>"}),
        is_archived=True,
        user_access=[ods.UserAccess(user="admin", permissions=[])],
    )


def rule(target: str, member: str, by: str) -> Writes:
    """The property that writes a member of a rule."""
    operation = rf"(?:POST|PUT) /code_editor_pages/\{{page_slug\}}/security/{target}s/(?:\{{\w+\}}/)?"
    return Writes(operation, member, f"CodeEditorPage:{target}_access[].{by}")


SAMPLE = Sample(
    declare,
    CODE_EDITOR_PAGE,
    (archived,),
    writes=(
        Writes(OFFICIAL, r"(slug|description|template|tags|is_restricted|is_archived)", r"CodeEditorPage:\1"),
        Writes(OFFICIAL, r"title\.\*", "CodeEditorPage:title"),
        Writes(OFFICIAL, r"content\.(html|css)\.\*", r"CodeEditorPage:content.\1[…].sha256"),
        rule("user", r"user\.username", "user"),
        rule("user", "permissions", "permissions"),
        rule("group", r"group\.uid", "group"),
        rule("group", "permissions", "permissions"),
    ),
)
