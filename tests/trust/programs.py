"""The programs of `make trust`: two of the examples and one with every resource type, each in two forms."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import pulumi
import pulumi_opendatasoft as ods

from ..engine.stacks import ROOT
from ..engine_stub.program import Program
from ..faults import program
from ..faults.fleet import web_server, write_files

EXAMPLES = ROOT / "examples"

Declare = Callable[[bool], None]
"""Declares the resources of a program in one of its two forms."""

CHANGES = {
    "quickstart": (
        ('"Weather of Seattle"', '"The weather of Seattle"'),
        ('keyword=["weather", "climate"]', 'keyword=["weather", "rain"]'),
        ('to_name="highest", field_label="Highest temperature"', 'to_name="highest", field_label="Highest"'),
        ('field="lowest", annotation="unit", args=["°C"]', 'field="lowest", annotation="unit", args=["K"]'),
        (
            'ods.AnnotateField(field="wind"',
            'ods.DescribeField(field="wind", description="Mean"), ods.AnnotateField(field="wind"',
        ),
    ),
    "city_portal": (
        ('title="Data editors"', 'title="Data editors", description="Who edits"'),
        ('"edit_dataset", "publish_dataset"])\npartners', '"edit_dataset"])\npartners'),
        ('title=about["title"]', 'title="New: " + about["title"]'),
        ('fields=about["fields"]', 'fields=about["fields"][:-1]'),
        ('language="en"', 'language="fr"'),
        ('email="ana@city.example", groups=[editors.uid]', 'email="ana@city.example", groups=[partners.uid]'),
        ('or "change-me"', 'or "changed"'),
    ),
}
"""The texts of an example that differ in its other form."""


def example(name: str) -> Declare:
    """An example, run in the current folder, with its texts changed or not."""

    def declare(changed: bool) -> None:
        text = Path("__main__.py").read_text()
        for before, after in CHANGES[name] if changed else ():
            assert before in text, f"{name} no longer contains {before}"
            text = text.replace(before, after)
        exec(compile(text, f"{name}/__main__.py", "exec"), {"__name__": "__main__"})

    return declare


def every_type(changed: bool) -> None:
    """One resource of each type; the dataset uses every section."""
    word = "new" if changed else "old"
    served = Path("served").read_text()
    program.group("town", changed=changed)
    program.user("eve", changed=changed)
    program.connection("depot", changed=changed)
    program.harvester("region", changed=changed)
    server = ods.HTTPConnection("server", url=served)
    program.dataset("air", changed=changed, connection=server.uid)
    program.metadata_template("heritage", changed=changed)
    program.code_editor_page("welcome", changed=changed)
    program.studio_page("budget", changed=changed)
    ods.Image("logo", file=ods.File("stations.csv", filename=f"logo-{word}.svg"))
    ods.ApiKey("import", label=f"Import, {word}", permissions=["edit_dataset"], rotate=word)
    ods.FTPConnection("ftp", url="ftp://files.example.org", auth=ods.BasicAuth(username=word, password=word))
    ods.AzureBlobStorageConnection(
        "lake",
        url="https://lake.example.org/container",
        auth=ods.AzureSharedKeyAuth(account_name="lake", shared_key=f"key, {word}"),
    )
    ods.OtherConnection(
        "warehouse", type="snowflake_odbc", params={"warehouse": word}, secret_params={"connection_string": word}
    )
    bucket = ods.AmazonS3Connection("bucket", auth=ods.AWSIAMRoleAuth(region="eu-west-2" if changed else "eu-west-1"))
    ods.AmazonS3ConnectionRole("role", connection=bucket.uid, role_arn=f"arn:aws:iam::123456789012:role/{word}")
    ods.SharepointConnection("shares", auth=ods.SharepointOIDCAuth(nonce="nonce", code="code"))
    ods.GoogleDriveConnection("drive", auth=ods.GoogleDriveOIDCAuth(nonce="nonce", code="code"))


DECLARES: dict[str, Declare] = {
    "quickstart": example("quickstart"),
    "city_portal": example("city_portal"),
    "every_type": every_type,
}


@contextmanager
def laid_out(name: str, folder: Path) -> Iterator[None]:
    """Put a program's files into the folder of its stack, and serve those that a web server gives."""
    if name == "every_type":
        write_files(folder)
        with web_server(folder) as url:
            (folder / "served").write_text(url)
            yield
    else:
        shutil.copytree(EXAMPLES / name, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("Pulumi*.yaml"))
        yield


def form(name: str, folder: Path, *, changed: bool) -> Program:
    """A program in one of its two forms, as the engine runs it in the folder of its stack."""

    def declared() -> None:
        with chdir(folder):
            pulumi.runtime.set_all_config({})
            DECLARES[name](changed)

    return declared
