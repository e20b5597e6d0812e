"""A page for each topic, made of one layout: its text is a file, and it lists the datasets of the topic."""

import json
from pathlib import Path
from string import Template

import pulumi
import pulumi_opendatasoft as ods

LAYOUT = Template(Path("layout.html").read_text(encoding="utf-8"))
TOPICS = json.loads(Path("topics.json").read_text(encoding="utf-8"))


def dataset(dataset_id: str, title: str) -> ods.Dataset:
    """Publish the file of the same name."""
    file = ods.UploadedFileDatasource(file=ods.File(f"data/{dataset_id}.csv"))
    return ods.Dataset(
        dataset_id,
        metadata=ods.Metadata(default=ods.DefaultMetadata(title=title)),
        sources={dataset_id: ods.Source(type="csvfile", datasource=file)},
        published=True,
    )


def page(slug: str, title: str, datasets: dict[str, str], *, is_over: bool = False) -> ods.CodeEditorPage:
    """Fill the layout with the text of a topic and with links to its datasets, which are published first."""
    text = Path("topics", f"{slug}.html").read_text(encoding="utf-8")
    ids = [dataset(*entry).dataset_id for entry in datasets.items()]
    links = [
        pulumi.Output.concat('    <li><a href="/explore/dataset/', id, '/">', name, "</a></li>\n")
        for id, name in zip(ids, datasets.values(), strict=True)
    ]
    html = pulumi.Output.concat(*links).apply(lambda items: LAYOUT.substitute(title=title, text=text, datasets=items))
    return ods.CodeEditorPage(
        slug,
        title={"en": title},
        content=ods.PageContent(html={"en": html}, css={"en": ods.TextFile("style.css")}),
        is_restricted=False,
        is_archived=is_over,
    )


for slug, topic in TOPICS.items():
    pulumi.export(slug, page(slug, **topic).url)
