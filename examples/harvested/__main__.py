"""Datasets of the region on the city's portal: harvested from its server, and changed where the city adds something."""

import pulumi
import pulumi_opendatasoft as ods

config = pulumi.Config()

schools = ods.Group("schools", title="Schools", permissions=["explore_restricted_dataset"])

# The region lists its datasets in a CSV file on an FTP server. The harvester makes datasets of them.
region = ods.Harvester(
    "region",
    name="The region's open data",
    source=ods.FTPCSVHarvest(
        host="files.region.example",
        user="our-city",
        password=config.get_secret("regionPassword") or "not-a-secret",
        directory="/open-data",
        metadata_file="datasets.csv",
    ),
    run="change",
    published=True,
    # A destroy deletes the datasets with the harvester.
    delete_attached_datasets=True,
)

ods.Dataset(
    "bathing-water-of-the-region",
    adopt=True,
    # The title is ours now. The other fields follow the region at every run.
    metadata=ods.Metadata(default=ods.DefaultMetadata(title="Where to bathe")),
    opts=pulumi.ResourceOptions(depends_on=[region]),
)

weather = ods.Dataset(
    "weather-of-the-region",
    dataset_id=config.get("dataset") or "weather-of-the-region",
    # The region keeps this one on the portal itself: the first `up` only reads it, the second one changes it, and
    # `destroy` leaves it in place.
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
