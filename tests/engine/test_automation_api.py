"""Pulumi's Automation API: a program that drives the engine by itself, with its program beside it or within."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ..conftest import Portal
from ..preloaded.python import preloaded
from .key_server import PROVIDER
from .stacks import Stack

LOCAL = """
    from pulumi import automation

    stack = automation.select_stack("dev", work_dir="project")
    print(stack.up().outputs["uid"].value)
    stack.refresh(expect_no_changes=True)
    stack.preview(refresh=True, expect_no_changes=True)
"""
INLINE = """
    import pulumi
    import pulumi_opendatasoft as ods
    from pulumi import automation

    def program():
        source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
        air = ods.Dataset("air", sources={"day": source}, published=True)
        pulumi.export("uid", air.uid)

    options = automation.LocalWorkspaceOptions(secrets_provider=SECRETS_PROVIDER)
    stack = automation.create_or_select_stack("inline", project_name="inline", program=program, opts=options)
    print(stack.up().outputs["uid"].value)
    print({str(op): count for op, count in stack.preview(expect_no_changes=True).change_summary.items()})
    stack.destroy()
"""


def _driven(python: list[str], stack: Stack, script: str, **env: str) -> list[str]:
    """The lines that a script prints, run by this Python beside the stack's folder."""
    file = stack.folder.parent / "script.py"
    file.write_text(textwrap.dedent(script))
    run = subprocess.run(
        [*python, file],
        cwd=stack.folder.parent,
        env={**stack.env, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_a_program_beside_the_script(stack: Stack, portal: Portal) -> None:
    stack.program('pulumi.export("uid", ods.Group("editors", title="Editors").uid)')
    script = LOCAL.replace("project", stack.folder.name)

    assert _driven(preloaded().command, stack, script) == ["editors"]
    assert [g["title"] for g in portal.all("/groups/")] == ["Editors"]


@pytest.mark.own_python(plugin_search=True, passphrase=False)
def test_a_program_within_the_script(stack: Stack, portal: Portal, tmp_path: Path) -> None:
    (stack.folder.parent / "air.csv").write_text("day,value\n2026-01-01,3\n")
    # Without the virtual environment on PATH the provider needs to be told which Python has the packages.
    path = stack.env["PATH"].split(":")
    env = {"PATH": ":".join(path[1:]), "PULUMI_PYTHON_CMD": sys.executable}

    uid, summary = _driven([sys.executable], stack, INLINE.replace("SECRETS_PROVIDER", repr(PROVIDER)), **env)

    assert uid.startswith("da_")
    assert summary == "{'same': 2}"
    assert portal.all("/datasets/") == []
