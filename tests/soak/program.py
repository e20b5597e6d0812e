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
    for name, about in city["datasets"].items():
        ods.Dataset(
            name,
            dataset_id=about["dataset_id"],
            metadata=ods.Metadata(
                default=ods.DefaultMetadata(
                    title=about["title"], keyword=about["keyword"], publisher=about["publisher"]
                )
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
