"""Mistakes with pages, harvesters, metadata templates and images."""

from __future__ import annotations

from .mistake import Mistake, Topic

WELCOME = """\
html = {{"en": ods.TextFile("{file}")}}
ods.CodeEditorPage("welcome", content=ods.PageContent(html=html))"""

CARE = 'fields = [{fields}]\nods.MetadataTemplate("care", title="Care", schema=fields)'
OFFICE, CHECKED = 'ods.MetadataField(name="office")', 'ods.MetadataField(name="checked", type="{type}")'

KINDS = Topic(
    "Pages, harvesters, metadata templates and images",
    (
        Mistake("The file of a page that is not there", WELCOME.format(file="pages/nowhere.html")),
        Mistake("The file of a page that is no text", WELCOME.format(file="data/photo.jpg")),
        Mistake(
            "A path in the place of a page's content",
            'ods.CodeEditorPage("welcome", content="pages/welcome.html")',
        ),
        Mistake(
            "A harvester without what becomes of its datasets",
            'region = ods.CKANHarvest(url="https://data.region.org/api/3")\n'
            'ods.Harvester("region", name="The region", source=region)',
        ),
        Mistake(
            "A source of a harvester without what its kind needs",
            'ods.FTPCSVHarvest(host="files.region.org", metadata_file="datasets.csv")',
        ),
        Mistake(
            "A harvester whose portal cannot be reached",
            'region = ods.CKANHarvest(url="https://data.region.invalid/api/3")\n'
            'ods.Harvester("region", name="The region", source=region, run="create", delete_attached_datasets=True)',
            step="up",
        ),
        Mistake(
            "A field of a metadata template is removed",
            CARE.format(fields=OFFICE),
            first=CARE.format(fields=f"{OFFICE}, {CHECKED.format(type='date')}"),
        ),
        Mistake(
            "A field of a metadata template gets another type",
            CARE.format(fields=CHECKED.format(type="date")),
            first=CARE.format(fields=CHECKED.format(type="text")),
        ),
        Mistake(
            "A value that does not fit its field",
            CARE.format(fields=CHECKED.format(type="date")).replace(
                "ods.MetadataTemplate", "care = ods.MetadataTemplate"
            )
            + "\n"
            + 'values = ods.TemplateMetadata(template=care.name, fields={"checked": "last spring"})\n'
            'ods.Dataset("trees", metadata=ods.Metadata(templates={"care": values}))',
            step="up",
        ),
        Mistake(
            "Another content of an image",
            'ods.Image("logo", file=ods.File("data/2025/air.csv", filename="logo.svg"))',
            first='ods.Image("logo", file=ods.File("data/air.csv", filename="logo.svg"))',
        ),
    ),
)
