import pulumi
import pulumi_opendatasoft as ods

config = pulumi.Config()

# The region lists its datasets in a CSV file on its FTP server.
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
    forced_metas={"default": {"publisher": "The region"}},
    schedules=[ods.HarvesterSchedule(cron_schedule="0 4 * * *", timezone="Europe/Zurich")],
    # `run="change"` would run it now, and after each change of the source.
    run="never",
    # A destroy leaves the datasets on the portal.
    delete_attached_datasets=False,
)
pulumi.export("harvester", region.uid)
