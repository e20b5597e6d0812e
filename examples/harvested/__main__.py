"""A dataset of the region that a harvester brought to the city: only what the city adds to it is managed here."""

import pulumi
import pulumi_opendatasoft as ods

config = pulumi.Config()

schools = ods.Group("schools", title="Schools", permissions=["explore_restricted_dataset"])

weather = ods.Dataset(
    "weather-of-the-region",
    dataset_id=config.get("dataset") or "weather-of-the-region",
    # It is there already: the first `up` only reads it, the second one changes it, and `destroy` lets go of it.
    adopt=True,
    # Of the metadata only these fields are ours. The others go on following the region's.
    metadata=ods.Metadata(
        default=ods.DefaultMetadata(title="The weather around our city", keyword=["weather", "around us"]),
        internal=ods.InternalMetadata(theme_id=["environment"]),
    ),
    attachments={"how-to-read.txt": ods.File("data/how-to-read.txt")},
    # Not everybody's: readers of this portal need to be members of a group. The region's own page stays public.
    is_restricted=True,
    group_access=[ods.DatasetGroupAccess(group=schools.uid, permissions=["explore_restricted_dataset"])],
    # Sources, fields, processors and schedules are left out, so they stay the harvester's.
)

pulumi.export("address", weather.url)
