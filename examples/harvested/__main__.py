"""A dataset that the region keeps on the city's portal: only what the city adds to it is managed here."""

import pulumi
import pulumi_opendatasoft as ods

config = pulumi.Config()

schools = ods.Group("schools", title="Schools", permissions=["explore_restricted_dataset"])

weather = ods.Dataset(
    "weather-of-the-region",
    dataset_id=config.get("dataset") or "weather-of-the-region",
    # It exists already: the first `up` only reads it, the second one changes it, and `destroy` leaves it in place.
    adopt=True,
    # Only these metadata fields are managed. The others stay the region's.
    metadata=ods.Metadata(
        default=ods.DefaultMetadata(title="The weather around our city", keyword=["weather", "around us"]),
        internal=ods.InternalMetadata(theme_id=["environment"]),
    ),
    attachments={"how-to-read.txt": ods.File("data/how-to-read.txt")},
    # Readers of this portal need to be members of the group.
    is_restricted=True,
    group_access=[ods.DatasetGroupAccess(group=schools.uid, permissions=["explore_restricted_dataset"])],
    # Sources, fields, processors and schedules are left out, so they are not managed.
)

pulumi.export("address", weather.url)
