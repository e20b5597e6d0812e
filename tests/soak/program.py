"""The program of the city: it declares the resources in `city.json`. It is copied into a stack as its `__main__.py`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_opendatasoft as ods


def declare(city: dict[str, Any]) -> None:
    """Declare all resources, in the order of their references."""
    groups = {name: ods.Group(name, **about) for name, about in city["groups"].items()}
    users = {
        name: ods.User(name, **{**about, "groups": [groups[g].uid for g in about["groups"]]})
        for name, about in city["users"].items()
    }
    servers = {}
    for name, about in city["connections"].items():
        auth = ods.BasicAuth(username=about["username"], password=pulumi.Output.secret(about["password"]))
        servers[name] = ods.HTTPConnection(name, url=about["url"], headers=about["headers"], auth=auth)
    templates = {name: template(name, about) for name, about in city["templates"].items()}
    for name, about in city["harvesters"].items():
        harvester(name, about)
    for name, about in city["pages"].items():
        page(name, about, groups)
    for name, about in city["studio_pages"].items():
        ods.StudioPage(
            name,
            slug=about["slug"],
            public=about["public"],
            published=about["published"],
            group_access=access(about, groups),
        )
    for name, about in city["images"].items():
        ods.Image(name, file=ods.File(about["file"], filename=about["filename"]))
    for name, about in city["datasets"].items():
        ods.Dataset(
            name,
            dataset_id=about["dataset_id"],
            metadata=ods.Metadata(
                default=ods.DefaultMetadata(
                    title=about["title"], keyword=about["keyword"], publisher=about["publisher"]
                ),
                templates=office(about, templates),
            ),
            sources={"source": source(about, servers)},
            fields=None if about["fields"] is None else [rule(properties) for properties in about["fields"]],
            processors=[ods.Processor(type="string_replace", params=params) for params in about["replacements"]],
            group_access=[
                ods.DatasetGroupAccess(group=groups[group].uid, permissions=permissions)
                for group, permissions in about["groups"].items()
            ],
            user_access=[
                ods.DatasetUserAccess(user=users[user].username.apply(str), permissions=permissions)
                for user, permissions in about["users"].items()
            ],
            schedules=about["schedules"],
            is_restricted=about["is_restricted"],
            published=about["published"],
            allow_data_loss=about["may_be_lost"],
            opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name=old) for old in about["formerly"]]),
        )


def template(name: str, about: dict[str, Any]) -> ods.MetadataTemplate:
    """A metadata template. The edits remove fields with their values."""
    schema = [ods.MetadataField(**field) for field in about["schema"]]
    return ods.MetadataTemplate(name, title=about["title"], schema=schema, allow_data_loss=True)


def office(about: dict[str, Any], templates: dict[str, ods.MetadataTemplate]) -> dict[str, ods.TemplateMetadata] | None:
    """The metadata of a dataset in the city's own template, if it has some."""
    if about["office"] is None:
        return None
    return {"care": ods.TemplateMetadata(template=templates["care"].name, fields={"office": about["office"]})}


def harvester(name: str, about: dict[str, Any]) -> None:
    """A harvester of the region's FTP server, which runs after each change; one without a publisher never runs."""
    schedules = [ods.HarvesterSchedule(cron_schedule=cron, timezone="Europe/Berlin") for cron in about["schedules"]]
    if about["publisher"] is None:
        ckan = ods.CKANHarvest(url="https://data.example.org/api/3")
        ods.Harvester(name, name=about["name"], source=ckan, schedules=schedules, delete_attached_datasets=True)
        return
    ods.Harvester(
        name,
        name=about["name"],
        source=ods.FTPCSVHarvest(
            host="files.region.example",
            user="city",
            password="a password",
            directory="/open-data",
            metadata_file="datasets.csv",
        ),
        forced_metas={"default": {"publisher": about["publisher"]}},
        schedules=schedules,
        run="change",
        published=True,
        delete_attached_datasets=True,
    )


def access(about: dict[str, Any], groups: dict[str, ods.Group]) -> list[ods.GroupAccess]:
    """The access rules of a page."""
    return [ods.GroupAccess(group=groups[one].uid, permissions=allowed) for one, allowed in about["groups"].items()]


def page(name: str, about: dict[str, Any], groups: dict[str, ods.Group]) -> None:
    """A code editor page; its English text may be in a file beside the program."""
    html: dict[str, Any] = dict(about["html"])
    if about["in_file"]:
        Path(f"{name}.html").write_text(html["en"])
        html["en"] = ods.TextFile(f"{name}.html")
    ods.CodeEditorPage(
        name,
        title=about["title"],
        content=ods.PageContent(html=html),
        tags=about["tags"],
        is_restricted=about["is_restricted"],
        is_archived=about["is_archived"],
        user_access=[],
        group_access=access(about, groups),
    )


def source(about: dict[str, Any], servers: dict[str, ods.HTTPConnection]) -> ods.Source:
    """The source of a dataset: a file of a server, an uploaded file, or pushed records."""
    if about["file"] is None:
        return ods.Source(type="realtime", enabled=True)
    if about["connection"] is None:
        return ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File(about["file"])))
    connection = servers[about["connection"]].uid
    return ods.Source(
        type="csvfile", datasource=ods.HTTPDatasource(connection=connection, relative_url=f"/{about['file']}")
    )


def rule(properties: dict[str, Any]) -> Any:
    """A rule for a field, by the API's word for its type."""
    kinds = {"type": ods.TypeField, "description": ods.DescribeField, "annotate": ods.AnnotateField}
    return kinds[properties["type"]](**{name: value for name, value in properties.items() if name != "type"})


if __name__ == "__main__":
    declare(json.loads(Path("city.json").read_text()))
