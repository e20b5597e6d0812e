"""The program of the fault tests: one resource per portal, each of one type, in one of two forms.

It is copied into a stack as its `__main__.py`, and reads beside it, in `cases.json`, what to declare.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_opendatasoft as ods

SECRET = "never-to-be-told"


def group(name: str, portal: str | None = None, *, changed: bool = False, **more: Any) -> None:
    ods.Group(
        name,
        portal=portal,
        **more,
        title=f"{name.partition('@')[0]} editors",
        description="Write" if changed else "Read",
        permissions=["edit_dataset"] if changed else ["create_dataset", "edit_dataset"],
        members=["ana"] if changed else ["ben"],
    )


def user(name: str, portal: str | None = None, *, changed: bool = False, **more: Any) -> None:
    ods.User(
        name,
        portal=portal,
        **more,
        email=f"{name.partition('@')[0]}@example.org",
        permissions=["create_dataset"] if changed else ["edit_dataset"],
        groups=[] if changed else ["readers"],
    )


def connection(name: str, portal: str | None = None, *, changed: bool = False, **more: Any) -> None:
    ods.HTTPConnection(
        name,
        portal=portal,
        **more,
        url=f"http://{name.partition('@')[0]}.example.org",
        headers={"X-City": "new"} if changed else {"X-City": "old"},
        auth=ods.BasicAuth(username="portal", password=f"{SECRET} {changed}"),
        user_access=[ods.UserAccess(user="ana" if changed else "ben", permissions=["manage_connection"])],
        group_access=[ods.GroupAccess(group="writers" if changed else "readers")],
    )


def dataset(
    name: str,
    portal: str | None = None,
    *,
    changed: bool = False,
    connection: pulumi.Input[str],
    folder: str = ".",
    **more: Any,
) -> None:
    """Every section in use, with files of a folder; `changed` adds to, changes and takes from each of them."""
    measures = ods.HTTPDatasource(connection=connection, relative_url="/more.csv" if changed else "/measures.csv")
    stations = ods.UploadedFileDatasource(
        file=ods.File(Path(folder, "more.csv" if changed else "stations.csv"), filename="stations.csv")
    )
    fields: list[Any] = [
        ods.RenameField(from_name="station", to_name="place", field_label="Place"),
        ods.TypeField(field="day", type_param="date" if changed else "text"),
        ods.DescribeField(field="value", description="In micrograms"),
    ]
    if changed:
        fields[2:] = [ods.AnnotateField(field="value", annotation="unit", args=["km"]), fields[2]]
    upper = ods.Processor(type="string_replace", params={"field": "station", "old": "a", "new": "A"})
    lower = ods.Processor(type="string_replace", params={"field": "station", "old": "b", "new": "B"})
    ods.Dataset(
        name,
        portal=portal,
        **more,
        dataset_id=name.partition("@")[0],
        is_restricted=changed,
        default_security=ods.DatasetSecurity(api_calls_quota=ods.Quota(limit=20 if changed else 10, unit="hour")),
        metadata=ods.Metadata(
            default=ods.DefaultMetadata(
                title="Air, measured" if changed else "Air",
                description="<p>Of the city</p>",
                language="en",
                keyword=["air", "noise"] if changed else ["air"],
            ),
            visualization=ods.VisualizationMetadata(map_disabled=changed),
            templates={"custom": ods.TemplateMetadata(fields={"owner": "water" if changed else "air", "floor": 3})},
        ),
        sources={
            "measures": ods.Source(type="csvfile", datasource=measures, params={"separator": ","}),
            "stations": ods.Source(type="csvfile", datasource=stations),
        },
        fields=fields,
        processors=[lower, upper] if changed else [upper, lower],
        group_access=[
            ods.DatasetGroupAccess(group="writers" if changed else "readers", permissions=["edit_dataset"]),
        ],
        user_access=[
            ods.DatasetUserAccess(user="admin", permissions=["edit_dataset", "publish_dataset", "manage_dataset"]),
            ods.DatasetUserAccess(user="ana" if changed else "ben", permissions=["edit_dataset"]),
        ],
        attachments={"guide.csv": ods.File(Path(folder, "more.csv" if changed else "measures.csv"))},
        alternative_exports={
            "Whole": ods.AlternativeExport(
                file=ods.File(Path(folder, "stations.csv")), description="New" if changed else "Old"
            )
        },
        schedules=["0 7 * * *"] if changed else ["0 6 * * *"],
        published=True,
    )


def metadata_template(name: str, portal: str | None = None, *, changed: bool = False, **more: Any) -> None:
    first = ods.MetadataField(name="owner", label="Who has it" if changed else "Owner")
    added = [ods.MetadataField(name="floor", type="int")] if changed else []
    ods.MetadataTemplate(
        name,
        portal=portal,
        **more,
        name=name.partition("@")[0],
        title="Heritage, old" if changed else "Heritage",
        schema=[*added, first],
        allow_data_loss=True,
    )


def harvester(name: str, portal: str | None = None, *, changed: bool = False, **more: Any) -> None:
    ods.Harvester(
        name,
        portal=portal,
        **more,
        name=f"{name.partition('@')[0]} region",
        source=ods.CKANHarvest(url="https://data.example.org/api/3", api_key=f"{SECRET} {changed}", limit=5),
        delete_missing_datasets=changed,
        schedules=[ods.HarvesterSchedule(cron_schedule=f"0 {5 if changed else 4} * * *", timezone="Europe/Berlin")],
        delete_attached_datasets=changed,
    )


def code_editor_page(
    name: str, portal: str | None = None, *, changed: bool = False, folder: str = ".", **more: Any
) -> None:
    text = ods.TextFile(Path(folder, "more.csv" if changed else "measures.csv"))
    ods.CodeEditorPage(
        name,
        portal=portal,
        **more,
        slug=name.partition("@")[0],
        title={"en": "The city" if changed else "City"},
        content=ods.PageContent(html={"en": text, "fr": "<p>La ville</p>"}),
        is_archived=changed,
        user_access=[ods.UserAccess(user="ana" if changed else "ben", permissions=["edit_page"])],
        group_access=[ods.GroupAccess(group="writers" if changed else "readers", permissions=["edit_page"])],
    )


def studio_page(name: str, portal: str | None = None, *, changed: bool = False, **more: Any) -> None:
    ods.StudioPage(
        name,
        portal=portal,
        **more,
        slug=f"{name.partition('@')[0]}-{'new' if changed else 'old'}",
        public=changed,
        published=not changed,
        user_access=[ods.UserAccess(user="ana" if changed else "ben", permissions=["edit_page"])],
        group_access=[ods.GroupAccess(group="writers" if changed else "readers", permissions=["edit_page"])],
    )


DECLARES: dict[str, Any] = {
    "Group": group,
    "User": user,
    "HTTPConnection": connection,
    "MetadataTemplate": metadata_template,
    "Harvester": harvester,
    "CodeEditorPage": code_editor_page,
    "StudioPage": studio_page,
    "Dataset": dataset,
}

if __name__ == "__main__":
    for case in json.loads(Path("cases.json").read_text()):
        kind = case.pop("type")
        DECLARES[kind](**case)
