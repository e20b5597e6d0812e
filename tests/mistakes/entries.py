"""The mistakes of the guide's page, by topic."""

from __future__ import annotations

from .kinds import KINDS
from .mistake import Mistake, Topic

UPLOADED = 'ods.UploadedFileDatasource(file=ods.File("data/air.csv"))'


def _dataset(type: str = '"csvfile"', datasource: str = UPLOADED, more: str = "") -> str:
    """A program with a dataset that has one source."""
    source = f"ods.Source(type={type}, datasource=data)"
    return f"""\
data = {datasource}
ods.Dataset("air", sources={{"day": {source}}}, {more}published=True)"""


REALTIME = 'ods.Dataset("air", sources={"sensor": ods.Source(type="realtime")}, published=True)'

OUTPUTS = Topic(
    "Outputs and other values",
    (
        Mistake(
            "An Output in an f-string",
            'editors = ods.Group("editors", title="Editors")\nods.Group("readers", title=f"Beside {editors.uid}")',
        ),
        Mistake(
            "An Output in a key of a mapping",
            'editors = ods.Group("editors", title="Editors")\n'
            'ods.HTTPConnection("server", url="https://files.mycity.org", headers={f"X-{editors.uid}": "1"})',
        ),
        Mistake(
            "An Output in the name of a resource",
            'editors = ods.Group("editors", title="Editors")\nods.Group(f"{editors.uid}-2", title="More editors")',
        ),
        Mistake("An Output as the path of a file", 'name = pulumi.Output.from_input("data/air.csv")\nods.File(name)'),
        Mistake(
            "An Output in the path of a file",
            'editors = ods.Group("editors", title="Editors")\nods.File(f"data/{editors.uid}.csv")',
        ),
        Mistake(
            "A resource in the place of its uid",
            'server = ods.HTTPConnection("server", url="https://files.mycity.org")\n'
            + _dataset(datasource="ods.HTTPDatasource(connection=server)"),
        ),
        Mistake(
            "A number of many digits",
            'ods.Dataset("air", processors=[ods.Processor(type="skip", params={"id": 12345678901234567890})])',
        ),
        Mistake(
            "NaN in the place of a number",
            'ods.Dataset("air", processors=[ods.Processor(type="skip", params={"limit": float("nan")})])',
        ),
        Mistake(
            "A date",
            "import datetime\n\n"
            "today = datetime.date(2026, 2, 6)\n"
            'ods.Dataset("air", metadata=ods.Metadata(default=ods.DefaultMetadata(modified=today)))',
        ),
        Mistake("A set", 'ods.Group("editors", title="Editors", permissions={"edit_page", "edit_theme"})'),
        Mistake(
            "Keys that are numbers",
            'ods.Dataset("air", processors=[ods.Processor(type="skip", params={2026: "year"})])',
        ),
        Mistake(
            "Bytes as a password",
            'auth = ods.BasicAuth(username="portal", password=b"secret")\n'
            'ods.HTTPConnection("server", url="https://files.mycity.org", auth=auth)',
        ),
    ),
)

ARGUMENTS = Topic(
    "Arguments",
    (
        Mistake("A mistyped argument of a resource", 'ods.Group("editors", titel="Editors")'),
        Mistake("A mistyped argument of a value", 'ods.Metadata(default=ods.DefaultMetadata(titel="Air"))'),
        Mistake("A mistyped key of a mapping", 'ods.Dataset("air", metadata={"default": {"titel": "Air"}})'),
        Mistake("A missing argument", 'ods.Group("editors")'),
        Mistake("A missing argument of a value", 'ods.BasicAuth(username="portal")'),
        Mistake("A missing key of a mapping", 'ods.Dataset("air", sources={"day": {"params": {}}})'),
        Mistake("A number in the place of text", 'ods.Group("editors", title=3)'),
        Mistake("Text in the place of a list", 'ods.Group("editors", title="Editors", permissions="edit_page")'),
        Mistake(
            "A login without its type",
            'login = {"username": "portal", "password": "secret"}\n'
            'ods.HTTPConnection("server", url="https://files.mycity.org", auth=login)',
        ),
        Mistake("A template that is not typed", 'ods.Metadata(dcat={"contact_email": "data@mycity.org"})'),
        Mistake("A field of a template that is not typed", 'ods.DefaultMetadata(audience="everyone")'),
        Mistake("UNMANAGED for a whole template", 'ods.Dataset("air", metadata=ods.Metadata(default=ods.UNMANAGED))'),
        Mistake(
            "A field that is named twice",
            'templates = {"default": ods.TemplateMetadata(fields={"title": "Luft"})}\n'
            'ods.Dataset("air", metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air"), templates=templates))',
        ),
        Mistake(
            "Two rules for one group",
            'rules = [ods.DatasetGroupAccess(group="editors"), ods.DatasetGroupAccess(group="editors")]\n'
            'ods.Dataset("air", group_access=rules)',
        ),
        Mistake(
            "Pulumi's `import_`",
            'ods.Group("editors", title="Editors", opts=pulumi.ResourceOptions(import_="editors"))',
        ),
        Mistake(
            "A connection without a natural key is to be adopted",
            'ods.OtherConnection("warehouse", type="snowflake_odbc", params={"server": "db"}, adopt=True)',
        ),
        Mistake(
            "A portal that is not configured", 'ods.Group("editors", title="Editors", portal="test")', portal="test"
        ),
    ),
)

FILES = Topic(
    "Files and sources",
    (
        Mistake("A file that is not there", 'ods.File("data/nowhere.csv")'),
        Mistake("A folder", 'ods.File("data")'),
        Mistake("A path with `~`", 'ods.File("~/air.csv")'),
        Mistake("No path", "ods.File(None)"),
        Mistake(
            "A path in the place of a file", _dataset(datasource='ods.UploadedFileDatasource(file="data/air.csv")')
        ),
        Mistake(
            "An asset of Pulumi in the place of a file",
            _dataset(datasource='ods.UploadedFileDatasource(file=pulumi.FileAsset("data/air.csv"))'),
        ),
        Mistake(
            "One path for two contents",
            "for year in (2025, 2026):\n"
            '    with open("data/year.csv", "w") as file:\n'
            '        file.write(f"year\\n{year}\\n")\n'
            '    data = ods.UploadedFileDatasource(file=ods.File("data/year.csv", filename=f"{year}.csv"))\n'
            '    ods.Dataset(f"year-{year}", sources={"data": ods.Source(type="csvfile", datasource=data)})',
        ),
        Mistake(
            "Two files of one name",
            "def upload(path: str) -> ods.Source:\n"
            '    return ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File(path)))\n\n\n'
            'ods.Dataset("air", sources={"old": upload("data/2025/air.csv"), "new": upload("data/air.csv")})',
        ),
        Mistake("A source without data", 'ods.Dataset("air", sources={"day": ods.Source(type="csvfile")})'),
        Mistake(
            "A file that is deleted before it is sent",
            "import os\n\n"
            'ods.Dataset("air", attachments={"air.csv": ods.File("data/air.csv")})\n'
            'os.remove("data/air.csv")',
            step="up",
        ),
    ),
)

RECORDS = Topic(
    "Changes that would lose records",
    (
        Mistake(
            "A dataset is taken from the public",
            'ods.Dataset("air", published=False)',
            first='ods.Dataset("air", published=True)',
        ),
        Mistake(
            "A dataset gets another `dataset_id`",
            'ods.Dataset("air", dataset_id="air-quality")',
            first='ods.Dataset("air")',
        ),
        Mistake("A realtime source is removed", 'ods.Dataset("air", sources={}, published=True)', first=REALTIME),
        Mistake("A dataset with a realtime source is destroyed", REALTIME, first=REALTIME, step="destroy"),
    ),
)

PORTAL = Topic(
    "What the portal has or refuses",
    (
        Mistake(
            "The object exists already",
            'ods.Group("editors", title="Editors")',
            step="up",
            prepare=lambda portal: portal.post("/groups/", {"title": "Editors"}),
        ),
        Mistake(
            "Two resources declare one object",
            'editors = ods.Group("editors", title="Editors")\n'
            'ods.Group("redaktion", title="Editors", opts=pulumi.ResourceOptions(depends_on=[editors]))',
            step="up",
        ),
        Mistake(
            "The object to adopt does not exist", 'ods.Group("editors", title="Editors", adopt="editors-2")', step="up"
        ),
        Mistake(
            "A permission that the portal does not have",
            'ods.Group("editors", title="Editors", permissions=["edit_page", "edit_datasets"])',
            step="up",
        ),
        Mistake("A mistyped e-mail address", 'ods.User("ana", email="ana at mycity.org")', step="up"),
        Mistake(
            "A connection that does not exist",
            _dataset(datasource='ods.HTTPDatasource(connection="co_000000", relative_url="/air.csv")'),
            step="up",
        ),
        Mistake(
            "A group that does not exist",
            'rule = ods.DatasetGroupAccess(group="nobody", permissions=["edit_dataset"])\n'
            'ods.Dataset("air", group_access=[rule])',
            step="up",
        ),
        Mistake("A mistyped schedule", 'ods.Dataset("air", schedules=["0 6 * * *", "every morning"])', step="up"),
        Mistake("An extractor that the portal does not have", _dataset('"csv"'), step="up"),
        Mistake(
            "The title of a column in the place of the field's name",
            'pool = ods.RenameField(from_name="Pool Name", to_name="pool", field_label="Pool")\n'
            + _dataset(more="fields=[pool], "),
            step="up",
        ),
        Mistake(
            "The mask of a secret in the place of the secret",
            'headers = {"X-Token": "another value on the portal"}\n'
            'ods.HTTPConnection("server", url="https://files.mycity.org", headers=headers)',
            step="up",
        ),
    ),
)

CONFIGURATION = Topic(
    "Configuration",
    (
        Mistake("No portal", config={"domain": ""}, commands="opendatasoft:domain is not set"),
        Mistake("No API key", config={"apiKey": ""}, commands="opendatasoft:apiKey is not set"),
        Mistake(
            "A mistyped key",
            config={"maxConcurency": "4"},
            commands="pulumi config set opendatasoft:maxConcurency 4",
        ),
        Mistake(
            "A value that does not fit",
            config={"maxConcurrency": "many"},
            commands="pulumi config set opendatasoft:maxConcurrency many",
        ),
        Mistake(
            "An address that is no domain",
            config={"domain": "ftp://mycity.org"},
            commands="pulumi config set opendatasoft:domain ftp://mycity.org",
        ),
        Mistake(
            "An API key of another portal",
            'ods.Group("editors", title="Editors")',
            step="up",
            config={"apiKey": "0" * 56},
        ),
        Mistake(
            "A portal that cannot be reached",
            'ods.Group("editors", title="Editors")',
            step="up",
            config={"domain": "mycity.invalid"},
        ),
    ),
)

TOPICS = (OUTPUTS, ARGUMENTS, FILES, KINDS, RECORDS, PORTAL, CONFIGURATION)
