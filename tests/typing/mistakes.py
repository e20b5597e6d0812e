"""A program in which each line marked E holds one mistake, which every type checker must flag. Never run."""

from __future__ import annotations

from typing import assert_type

import pulumi
import pulumi_opendatasoft as ods
from pulumi_opendatasoft.program.descriptors import computed, member, prop

password = pulumi.Output.secret("p4ss")
editors = ods.Group("editors", title="Editors")
server = ods.HTTPConnection("server", url="u")
air = ods.Dataset("air")
keys = ods.AWSSignatureV4Auth(access_key_id="a", secret_access_key=password, region="r")
basic = ods.BasicAuth(username="u", password=password)
code = ods.SharepointOIDCAuth(nonce="n", code="c")

# What must be given is missing
ods.Group("no title")  # E
ods.User("no address", first_name="Ana")  # E
ods.HTTPConnection("no url")  # E
ods.FTPConnection("no url")  # E
ods.AmazonS3Connection("no login")  # E
ods.AzureBlobStorageConnection("no login", url="u")  # E
ods.AmazonS3ConnectionRole("no role", connection=server.uid)  # E
ods.OtherConnection("no type", params={})  # E
ods.Dataset()  # E
ods.Group.get("no id")  # E

# Something of another type
ods.Group("a number", title=3)  # E
ods.User("a list", email=["ana@example.org"])  # E
ods.HTTPConnection("a text", url="u", is_reusable="yes")  # E
ods.OtherConnection("a number", type=3)  # E
ods.AmazonS3ConnectionRole("a resource", connection=server, role_arn="arn")  # E
ods.Dataset("a text", published="yes")  # E
ods.Dataset("a list", sources=[ods.Source(type="csvfile")])  # E
ods.Dataset("an Output of a number", dataset_id=editors.user_count)  # E
ods.Group("options", title="t", opts="protect")  # E

# A value that does not belong there
ods.Group("a quota", title="t", explore_limits=ods.Quota(limit=1, unit="day"))  # E
ods.HTTPConnection("a login of S3", url="u", auth=keys)  # E
ods.FTPConnection("a login of S3", url="u", auth=keys)  # E
ods.SharepointConnection("a password", auth=basic)  # E
ods.GoogleDriveConnection("a login of Sharepoint", auth=code)  # E
ods.AmazonS3Connection("a password", auth=basic)  # E
ods.AzureBlobStorageConnection("a login of S3", auth=keys)  # E
ods.Dataset("a template alone", metadata=ods.DefaultMetadata(title="t"))  # E
ods.Dataset("a rule among processors", processors=[ods.DeleteField(field="a")])  # E
ods.Dataset("a datasource among rules", fields=[ods.FTPDatasource(connection="c")])  # E
ods.Dataset("a rule of a connection", group_access=[ods.GroupAccess(group="g")])  # E
ods.Source(type="csvfile", datasource=ods.File("a.csv"))  # E

# A wrong member of a list or a mapping
ods.Group("a number among texts", title="t", permissions=["edit_dataset", 3])  # E
ods.User("groups, not their uids", email="a@example.org", groups=[editors])  # E
ods.HTTPConnection("a number among headers", url="u", headers={"x-token": 3})  # E
ods.Dataset("a number among schedules", schedules=[6])  # E
ods.AnnotateField(field="a", annotation="unit", args=[None])  # E
ods.AssetContentConfiguration(records_search_boosts={"a": "high"})  # E

# What only the portal sets
ods.Group("a uid", title="t", uid="t")  # E
ods.HTTPConnection("a date", url="u", created_at="2026-01-01")  # E
ods.GoogleDriveConnection("an application", application_id="a")  # E
ods.SharepointConnection("claims", claims={})  # E
ods.Dataset("a status", status="idle")  # E

# A word that is not there
ods.User("a typing mistake", email="a@example.org", permission=["edit_dataset"])  # E
ods.Dataset("a word of another noun", title="t")  # E
ods.DefaultMetadata(titel="t")  # E
ods.Dataset("a second name", "air")  # E

# A mistake inside a value
ods.BasicAuth(username="u")  # E
ods.Quota(limit="many", unit="day")  # E
ods.TypeField(field="a")  # E
ods.OrderFields(order=3)  # E
ods.RenameField(from_name="a", to_name=2, field_label="A")  # E
ods.UploadedFileDatasource(file="a.csv")  # E
ods.File(3)  # E
ods.OAuth2Auth(client_id="c", client_secret=password, scope="s", token_endpoint="t")  # E
ods.Metadata(default=ods.DefaultMetadata(title=3))  # E

# Read as something that it is not
assert_type(air.uid, pulumi.Output[int])  # E
assert_type(editors.permissions, list[str])  # E
assert_type(editors.description, pulumi.Output[str])  # E
assert_type(air.sources, pulumi.Output[list[ods.Source]])  # E
assert_type(air.metadata, pulumi.Output[ods.Metadata])  # E
assert_type(basic.username, pulumi.Output[str])  # E
print(air.titel)  # E
editors.title.apply(lambda title: title.no_such_method())  # E
air.processors.apply(lambda steps: steps[0].no_such_member)  # E
air.metadata.apply(lambda whole: whole.default)  # E
ods.Group("a number of members as title", title=editors.user_count.apply(lambda count: count + 1))  # E

# A function
ods.get_nothing()  # E
ods.Datset("a name that does not exist")  # E
ods.get_group(3)  # E
ods.get_group(editors.uid)  # E
ods.get_group_output(editors)  # E
ods.get_group_output(name="Editors")  # E
ods.get_dataset_metadata("air", name="title")  # E
ods.list_users(sort=3)  # E
ods.preview_source("air", datasource="https://a.example/air.csv")  # E
print(ods.get_group(title="Editors").titel)  # E
assert_type(ods.get_group(title="Editors").title, str)  # E
assert_type(ods.list_groups_output(), pulumi.Output[ods.results.GroupInfo])  # E

# An option that a declaration does not have
prop(secrt=True)  # E
prop(once=True)  # E
prop(secret="yes")  # E
member(refers_to=3)  # E
member(computed=True)  # E
computed(default=None)  # E
