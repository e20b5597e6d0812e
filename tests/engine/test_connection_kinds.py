"""Connections of every kind, with every login, on the real engine: one stack that comes up, changes and goes."""

from __future__ import annotations

from ..conftest import Portal
from .stacks import Stack

PROGRAM = """
    def secret(word):
        return f"canary-{{word}}-{turn}"

    token = {{"x-token": secret("header")}}
    basic = ods.BasicAuth(username="portal", password=secret("password"))
    ods.HTTPConnection("basic", url="https://a.example.com", headers=token, auth=basic)
    ods.HTTPConnection("oauth2", url="https://b.example.com", auth=ods.OAuth2Auth(
        client_id="portal", client_secret=secret("client"), scope="read", grant_type="password",
        token_endpoint="https://login.example.com/", username="ana", password=secret("ana"), code=secret("code"),
    ))
    ods.HTTPConnection("oidc", url="https://c.example.com", auth=ods.OIDCAuth(
        client_id="portal", client_secret=secret("client"), scope="openid", code=secret("code"),
        token_endpoint="https://login.example.com/",
    ))
    ods.FTPConnection("ftp", url="ftps://d.example.com", auth=basic)
    consent = dict(nonce=secret("nonce"), code=secret("code"))
    ods.SharepointConnection("sharepoint", auth=ods.SharepointOIDCAuth(**consent))
    ods.GoogleDriveConnection("drive", auth=ods.GoogleDriveOIDCAuth(**consent))
    ods.AmazonS3Connection("s3", headers=token, auth=ods.AWSSignatureV4Auth(
        access_key_id="AKIA1", secret_access_key=secret("aws"), region="eu-west-1",
    ))
    lake = ods.AmazonS3Connection("lake", auth=ods.AWSIAMRoleAuth(region="eu-west-1"))
    ods.AmazonS3ConnectionRole(
        "role", connection=lake.uid, role_arn=lake.external_id.apply(lambda id: f"arn:aws:iam::1:role/{{id}}-{turn}")
    )
    ods.AzureBlobStorageConnection("azure", headers=token, auth=ods.AzureSharedKeyAuth(
        account_name="city", shared_key=secret("azure"),
    ))
    ods.OtherConnection(
        "snowflake", type="snowflake_odbc", params={{"warehouse": "city"}},
        secret_params={{"connection_string": secret("string")}},
    )
"""

NAMES = {"basic", "oauth2", "oidc", "ftp", "sharepoint", "drive", "s3", "lake", "role", "azure", "snowflake"}


def test_every_connection_type_keeps_its_secrets(stack: Stack, portal: Portal) -> None:
    told: list[str] = []
    stack.program(PROGRAM.format(turn=1))
    told.append(stack.up().text)
    assert set(stack.ids()) == NAMES
    stack.preview("--refresh", "--expect-no-changes", "--diff")

    stack.program(PROGRAM.format(turn=2))
    told.append(stack.preview("--diff").text)
    portal.forget()
    told.append(stack.up("--diff").text)
    written = {uid for name, uid in stack.ids().items() if name != "role"}
    assert {call.split("/")[2] for call in portal.writes()} == written
    assert all(call.startswith("PUT /datasource_connections/") for call in portal.writes())
    stack.preview("--refresh", "--expect-no-changes", "--diff")

    told.append(stack.run("stack", "export").text)
    told += [path.read_text() for path in stack.folder.rglob("*.json*") if path.is_file()]
    told.append(portal.control.get("/requests").text)
    text = "\n".join(told)
    assert '"access_key_id": "AKIA1"' in text
    assert [line for line in text.splitlines() if "canary" in line] == []

    stack.destroy()
    assert portal.all("/datasource_connections/") == []


def test_a_push_address_stays_secret_in_another_resource(stack: Stack, portal: Portal) -> None:
    stack.program("""
        air = ods.Dataset("air", sources={"sensor": ods.Source(type="realtime")}, allow_data_loss=True)
        ods.Group("readers", title="Readers", description=air.push_urls["sensor"])
        pulumi.export("push", air.push_urls["sensor"])
    """)
    up = stack.up().text
    (source,) = portal.all(f"/datasets/{stack.ids()['air']}/resources/")
    push_key = source["url"].partition("pushkey=")[2]

    assert portal.get("/groups/readers/")["description"] == source["url"]
    shown = stack.run("stack", "output", "--json", "--show-secrets").out
    assert push_key in shown
    stack.preview("--refresh", "--expect-no-changes", "--diff")
    files = [path.read_text() for path in stack.folder.rglob("*.json*") if path.is_file()]
    assert any('"urn:pulumi:dev::city' in text for text in files)
    assert push_key not in "\n".join([up, stack.run("stack", "export").text, *files])
