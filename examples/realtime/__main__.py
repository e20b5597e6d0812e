"""Bicycles as they pass: a dataset to which records are pushed, and the settings of the gateway that pushes them."""

import os
from pathlib import Path
from typing import Any

import pulumi
import pulumi_opendatasoft as ods
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

config = pulumi.Config()

passages = ods.Dataset(
    "bicycle-passages",
    metadata=ods.Metadata(
        default=ods.DefaultMetadata(title="Bicycles as they pass", language="en", keyword=["bicycles", "realtime"]),
        asset_content_configuration=ods.AssetContentConfiguration(facets=[ods.Facet(field_name="counter")]),
    ),
    # A source without a datasource is realtime: the portal has the only copy of what is pushed to it.
    sources={"gateway": ods.Source(type="realtime", enabled=True)},
    fields=[
        ods.TypeField(field="passed_at", type_param="datetime"),
        ods.RenameField(from_name="kmh", to_name="speed", field_label="Speed"),
        ods.AnnotateField(field="speed", annotation="unit", args=["km/h"]),
    ],
    published=True,
    # Unless this is true, `pulumi destroy` and every change that would lose the records are refused.
    allow_data_loss=config.get_bool("letRecordsGo") or False,
)


class SettingsFile(ResourceProvider):
    """Writes the file that the gateway reads, and deletes it."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        # Only its owner may read the file, because the address contains the key for pushing.
        with os.fdopen(os.open(props["path"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"push_url = {props['push_url']}\n")
        return CreateResult(props["path"], props)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        Path(_id).unlink(missing_ok=True)


class Gateway(Resource):
    """The settings of the gateway. In its place may be a function, a secret of a cluster, or anything that pushes."""


push_url = passages.push_urls.apply(lambda urls: urls["gateway"])
settings = str(Path(config.get("gatewaySettings") or "gateway.conf").resolve())
Gateway(SettingsFile(), "gateway", {"path": settings, "push_url": push_url})

pulumi.export("address", passages.url)
pulumi.export("push_url", push_url)
