"""What the built package tells Pulumi about itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from .stacks import ROOT


def test_the_package_declares_no_native_plugin(tmp_path: Path) -> None:
    # Else Pulumi takes a package with this name for the half of a native plugin, and looks for the other half.
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)

    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        told = json.loads(wheel.read("pulumi_opendatasoft/pulumi-plugin.json"))
        files = set(wheel.namelist())

    assert told == {"resource": False}
    assert {"pulumi_opendatasoft/py.typed", "opendatasoft_emulator/py.typed"} <= files
