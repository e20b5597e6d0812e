"""A city's open-data portal: groups, a user, a file server, and the datasets that datasets.toml describes."""

import tomllib
from pathlib import Path

import pulumi
import pulumi_opendatasoft as ods

config = pulumi.Config()

editors = ods.Group("editors", title="Data editors", permissions=["create_dataset", "edit_dataset", "publish_dataset"])
partners = ods.Group("partners", title="Partners")
ods.User("ana", email="ana@city.example", groups=[editors.uid])

server = ods.HTTPConnection(
    "file-server",
    url=config.get("fileServer") or "https://files.city.example",
    auth=ods.BasicAuth(username="portal", password=config.get_secret("fileServerPassword") or "change-me"),
)


def datasource(file: str) -> ods.HTTPDatasource | ods.UploadedFileDatasource:
    """Read the file from the file server if one is configured; else send it from the folder `data`."""
    if config.get("fileServer"):
        return ods.HTTPDatasource(connection=server.uid, relative_url=f"/{file}")
    return ods.UploadedFileDatasource(file=ods.File(f"data/{file}"))


for name, about in tomllib.loads(Path("datasets.toml").read_text()).items():
    access = [ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset", "publish_dataset"])]
    if about.get("restricted"):
        access.append(ods.DatasetGroupAccess(group=partners.uid, permissions=["explore_restricted_dataset"]))

    dataset = ods.Dataset(
        name,
        metadata=ods.Metadata(
            default=ods.DefaultMetadata(
                title=about["title"],
                description=f"<p>{about['description']}</p>",
                publisher=about["publisher"],
                references=about["origin"],
                attributions=["https://www.usa.gov/government-works"],
                language="en",
            ),
            internal=ods.InternalMetadata(license_id=config.get("licence") or "public_domain"),
            asset_content_configuration=ods.AssetContentConfiguration(
                facets=[ods.Facet(field_name=field) for field in about["facets"]]
            ),
        ),
        sources={"file": ods.Source(type=about["type"], datasource=datasource(about["file"]))},
        fields=about["fields"],
        processors=about.get("processors", []),
        group_access=access,
        is_restricted=about.get("restricted", False),
        published=True,
    )
    pulumi.export(name, dataset.url)
