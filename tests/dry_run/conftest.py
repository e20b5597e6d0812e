"""A city's portal and the samples of all types, each on the stub of the engine."""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..engine_stub.engine import Engine
from ..examples.file_server import serving
from ..examples.folders import EXAMPLES
from ..samples import PASSWORD, RECORDS, USER, declare

Program = Callable[[], Any]


@pytest.fixture
def city(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The example of a city's portal, in the stack's folder, which is the present one."""
    shutil.copytree(EXAMPLES / "city_portal", engine.folder, dirs_exist_ok=True)
    monkeypatch.chdir(engine.folder)
    return lambda: runpy.run_path("__main__.py")


@pytest.fixture
def all_types(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """A resource of every type with all its properties, and with its variants."""
    (tmp_path / "files").mkdir()
    for folder in (tmp_path / "files", engine.folder):
        (folder / "air.csv").write_text(RECORDS)
    monkeypatch.chdir(engine.folder)
    with serving(tmp_path / "files", USER, PASSWORD) as server:
        yield lambda: declare(server.url, variants=True)
