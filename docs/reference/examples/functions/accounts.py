import pulumi
import pulumi_opendatasoft as ods

# The data team exists already, and no program manages it: it is found by its title.
team = ods.get_group(title="Data team")
pulumi.export("team", {"uid": team.uid, "people": [user.email for user in ods.list_group_members(team.uid)]})
pulumi.export("groups", [group.title for group in ods.list_groups()])

# Ana is invited by this program, so her username is known once that is done.
ana = ods.User("ana", email="ana@mycity.org", groups=[team.uid])
pulumi.export("ana", ods.get_user_output(ana.username).display_name)
pulumi.export("administrators", [user.username for user in ods.list_users(all_permissions=["edit_domain"])])
pulumi.export("people", [f"{row.first_name} {row.last_name}" for row in ods.export_users()])

# The permissions of an API key. Its value would be a secret: so is the whole result.
script = ods.ApiKey("script", label="Script", permissions=["edit_dataset"])
pulumi.export("permissions", pulumi.Output.unsecret(ods.get_api_key_output(script.uid).permissions))
pulumi.export("keys in use", len([key for key in ods.list_api_keys() if not key.is_revoked]))
