import pulumi_opendatasoft as ods

editors = ods.Group(
    "editors",
    title="Editors",
    description="They look after the datasets of their departments.",
    permissions=["create_dataset", "edit_dataset", "publish_dataset"],
    explore_limits=ods.ExploreLimits(api_calls=ods.Quota(limit=10000, unit="day")),
)
ods.Dataset(
    "budget",
    group_access=[ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset"])],
)
