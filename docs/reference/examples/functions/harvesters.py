import pulumi
import pulumi_opendatasoft as ods

password = pulumi.Config().require_secret("fileServerPassword")
region = ods.Harvester(
    "region",
    name="The region's open data",
    source=ods.FTPCSVHarvest(
        host="files.region.example",
        user="our-city",
        password=password,
        directory="/open",
        metadata_file="index.csv",
    ),
    schedules=[ods.HarvesterSchedule(cron_schedule="0 4 * * *", timezone="Europe/Zurich")],
    delete_attached_datasets=False,
)


def report(uid: str) -> list[str]:
    """The datasets that a run would harvest, the time of the next run, and the errors of the last one."""
    schedules = [ods.get_harvester_schedule(uid, one.uid) for one in ods.list_harvester_schedules(uid)]
    return [
        f"{ods.get_harvester(uid).name}: {ods.preview_harvester(uid).total_count} datasets",
        *(f"{schedule.cron_schedule} in {schedule.timezone}" for schedule in schedules),
        *ods.get_harvester_errors(uid).resources.values(),
    ]


pulumi.export("report", region.uid.apply(report))
pulumi.export("harvesters", len(ods.list_harvesters()))
