import pulumi
import pulumi_opendatasoft as ods

air = ods.Dataset(
    "air-quality",
    fields=[ods.DescribeField(field="day", description="The day of the measure")],
    processors=[ods.Processor(type="skip", params={"records": 1})],
)

# Of this program's own dataset: the uid is unknown until it exists, and so are the results.
pulumi.export("is public", ods.get_dataset_output(air.uid).is_published)
pulumi.export("status", ods.get_dataset_status_output(air.uid).status)


def rules(uid: str) -> list[str]:
    """The types of all rules of a dataset, each read by its uid."""
    fields = [ods.get_dataset_field(uid, rule.uid).type for rule in ods.list_dataset_fields(uid)]
    return fields + [ods.get_dataset_processor(uid, rule.uid).type for rule in ods.list_dataset_processors(uid)]


def crons(uid: str) -> list[str | None]:
    """The schedules of a dataset, each read by its uid."""
    return [ods.get_dataset_schedule(uid, one.uid).cron_schedule for one in ods.list_dataset_schedules(uid)]


pulumi.export("rules", air.uid.apply(rules))
pulumi.export("schedules", air.uid.apply(crons))

# Of a dataset that exists already, by its dataset_id, and of all of them.
weather = ods.get_dataset(dataset_id="weather-of-the-region")
pulumi.export("weather", weather.metadata["default"]["title"].value)
pulumi.export("restricted", [dataset.dataset_id for dataset in ods.list_datasets() if dataset.is_restricted])
