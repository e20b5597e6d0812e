"""The pages of a city's portal: a folder for each page, and in it a file for each language."""

from pathlib import Path

import pulumi
import pulumi_opendatasoft as ods

PAGES = Path("pages")
TITLES = {
    "welcome": {"en": "The city's open data", "fr": "Les données ouvertes de la ville"},
    "about": {"en": "About this portal"},
}

editors = ods.Group("web-editors", title="Web editors", permissions=["explore_restricted_page"])


def page(slug: str) -> ods.CodeEditorPage:
    """A page with the texts of its folder, and the style sheet that all pages share."""
    html = {file.stem: ods.TextFile(file) for file in sorted((PAGES / slug).glob("*.html"))}
    style = ods.TextFile(PAGES / "style.css")
    return ods.CodeEditorPage(
        slug,
        title=TITLES[slug],
        content=ods.PageContent(html=html, css=dict.fromkeys(html, style)),
        tags=["as code"],
        is_restricted=False,
        group_access=[ods.GroupAccess(group=editors.uid, permissions=["edit_page"])],
    )


for slug in TITLES:
    pulumi.export(slug, page(slug).url)
