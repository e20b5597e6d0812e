"""A user's own unit tests of a program, written as Pulumi's documentation says: with mocks, without an engine."""

from __future__ import annotations

import os
import subprocess
import textwrap
from pathlib import Path

from ..preloaded.python import preloaded

PROGRAM = """
    import pulumi
    import pulumi_opendatasoft as ods

    editors = ods.Group("editors", title="Editors", permissions=["edit_dataset"])
    server = ods.HTTPConnection("server", url="https://files.city.org", headers={"X-Token": "secret"})
    air = ods.Dataset(
        "air",
        metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air"), internal=ods.InternalMetadata(license_id="cc")),
        sources={
            "day": ods.Source(
                type="csvfile", datasource=ods.HTTPDatasource(connection=server.uid, relative_url="/air.csv")
            )
        },
        fields=[ods.RenameField(from_name="a", to_name="b", field_label="B"), ods.DeleteField(field="c")],
        group_access=[ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset"])],
        published=True,
    )
"""
TESTS = """
    import pulumi
    import pulumi_opendatasoft as ods


    class Mocks(pulumi.runtime.Mocks):
        def new_resource(self, args):
            return f"{args.name}-id", args.inputs

        def call(self, args):
            return {}


    pulumi.runtime.set_mocks(Mocks(), preview=False)

    import program


    @pulumi.runtime.test
    def test_the_dataset_has_a_licence():
        def check(metadata):
            assert isinstance(metadata, ods.Metadata)
            assert metadata.internal.license_id == "cc"
            assert metadata.default.title == "Air"

        return program.air.metadata.apply(check)


    @pulumi.runtime.test
    def test_the_editors_have_access():
        def check(told):
            # Pulumi's own `all` makes plain dicts of whatever is one; the keys are the same.
            access, uid = told
            assert access == [{"group": uid, "permissions": ["edit_dataset"]}]
            assert uid == "editors-id"

        return pulumi.Output.all(program.air.group_access, program.editors.uid).apply(check)


    @pulumi.runtime.test
    def test_the_source_reads_from_the_server():
        def check(sources):
            assert isinstance(sources["day"].datasource, ods.HTTPDatasource)
            assert sources["day"].datasource.connection == "server-id"

        return program.air.sources.apply(check)


    @pulumi.runtime.test
    def test_the_rules_are_the_declared_ones():
        def check(fields):
            assert [type(rule) for rule in fields] == [ods.RenameField, ods.DeleteField]

        return program.air.fields.apply(check)


    @pulumi.runtime.test
    def test_the_dataset_is_a_draft():
        def check(published):
            assert not published

        return program.air.published.apply(check)
"""


def test_a_program_is_tested_with_mocks(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(textwrap.dedent(PROGRAM))
    (tmp_path / "test_program.py").write_text(textwrap.dedent(TESTS))
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OPENDATASOFT_", "PULUMI_"))}

    run = subprocess.run(
        [*preloaded().command, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "1 failed, 4 passed" in run.stdout, run.stdout + run.stderr
    assert "FAILED test_program.py::test_the_dataset_is_a_draft" in run.stdout
