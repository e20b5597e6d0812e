import pulumi
import pulumi_opendatasoft as ods

# For a script that reads restricted datasets. Another word in `rotate` makes a new key and then revokes this one.
dashboards = ods.ApiKey("dashboards", label="Dashboards", permissions=["explore_restricted_dataset"], rotate="2026-01")
pulumi.export("key", dashboards.key)
