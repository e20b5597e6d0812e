import pulumi
import pulumi_opendatasoft as ods

warehouse = ods.OtherConnection(
    "warehouse",
    type="snowflake_odbc",
    params={"warehouse": "open_data"},
    secret_params={"connection_string": pulumi.Config().require_secret("connectionString")},
)
