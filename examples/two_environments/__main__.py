"""The playgrounds of a city, on the portal of the stack: `dev`, where changes are tried, or `prod`, the public one."""

import pulumi
import pulumi_opendatasoft as ods

config = pulumi.Config()
prefix = config.get("titlePrefix") or ""

editors = ods.Group("editors", title=f"{prefix}Editors", permissions=["edit_dataset", "publish_dataset"])

playgrounds = ods.Dataset(
    "playgrounds",
    metadata=ods.Metadata(
        default=ods.DefaultMetadata(
            title=f"{prefix}Playgrounds",
            description="<p>Where children play, what there is, and when it was last looked after.</p>",
            keyword=["playgrounds", "children"],
            language="en",
        ),
        # The ids of licences differ from portal to portal, so they belong to the configuration.
        internal=ods.InternalMetadata(license_id=config.get("licence")),
    ),
    sources={
        "playgrounds": ods.Source(
            type="csvfile",
            datasource=ods.UploadedFileDatasource(file=ods.File("data/playgrounds.csv")),
        ),
    },
    fields=[
        ods.TypeField(field="looked_after", type_param="date"),
        ods.AnnotateField(field="area", annotation="unit", args=["m²"]),
    ],
    group_access=[ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset", "publish_dataset"])],
    schedules=config.get_object("schedules") or [],
    is_restricted=config.get_bool("restricted") or False,
    published=True,
)

pulumi.export("address", playgrounds.url)
