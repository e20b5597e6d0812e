import pulumi
import pulumi_opendatasoft as ods

team = ods.get_group(title="Data team")
air = ods.Dataset("air-quality", group_access=[ods.DatasetGroupAccess(group=team.uid, permissions=["edit_dataset"])])

# Who has access: to a dataset, and the same for connections and pages.
groups = ods.list_group_access_output(dataset=air.uid)
pulumi.export("groups", groups.apply(lambda rules: [rule.group.uid for rule in rules]))
pulumi.export("users", ods.list_user_access_output(dataset=air.uid).apply(len))


def editors(uid: str) -> dict[str, list[str]]:
    """The permissions of each group and user with access to a dataset, read one by one."""
    of_groups = {team.uid: list(ods.get_group_access(team.uid, dataset=uid).permissions)}
    users = [rule.user.username for rule in ods.list_user_access(dataset=uid)]
    return of_groups | {name: list(ods.get_user_access(name, dataset=uid).permissions) for name in users}


pulumi.export("editors", air.uid.apply(editors))
