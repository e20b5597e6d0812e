import pulumi
import pulumi_opendatasoft as ods

air = ods.Dataset("air-quality", metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air quality")))

versions = ods.list_versions_output(air.uid)
latest = ods.get_version_output(air.uid, versions.apply(lambda found: found[0].uid))
pulumi.export("changed", latest.sections)


def comments(uid: str) -> list[str | None]:
    """The comments of visitors that are not archived yet."""
    open_ones = ods.list_feedbacks(uid, is_archived=False, sort="-created_at")
    return [ods.get_feedback(uid, feedback.uid).comment for feedback in open_ones]


pulumi.export("comments", air.uid.apply(comments))
