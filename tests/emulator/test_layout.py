"""Tests of the emulator's layout: which folder may import which, and that no modules import each other in a circle."""

import functools
import graphlib
import subprocess
import sys

import pytest

from ..imports import imported, is_below, modules

EMULATOR = "opendatasoft_emulator"

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "processing": set(),
    "state": set(),
    "odsql": {"processing"},
    "metadata": {"errors", "state"},
    "publishing": {"errors", "processing", "state"},
    "portal": {"processing", "publishing", "state"},
    "automation": {"errors", "metadata", "portal", "processing", "publishing", "state"},
    "explore": {"automation", "odsql", "portal", "processing", "state"},
    "web": {"explore", "portal", "processing", "state"},
    "control": {"automation", "state"},
    "server": {"automation", "control", "errors", "explore", "portal", "state", "web"},
    "__main__": {"portal", "server", "state"},
    "pytest": {"portal", "server", "state"},
}
"""The folders, and the modules beside them, with their imports: only what stands above them in this list."""

WHEN_NEEDED = {
    "babel",
    "charset_normalizer",
    "dateutil",
    "lark",
    "numpy",
    "openpyxl",
    "pyproj",
    "shapely",
    "xlsxwriter",
}
"""The packages that take long to load, which no start of a portal waits for."""


@functools.cache
def imports() -> dict[str, set[str]]:
    """Return what each module imports of the emulator; read when it is first needed."""
    return {
        name: {other for other in imported(name, path) if is_below(other, EMULATOR)}
        for name, path in modules(EMULATOR).items()
    }


def folder(module: str) -> str:
    """The folder of a module, or the module itself if it is in none; empty for the package."""
    return module.removeprefix(EMULATOR).removeprefix(".").partition(".")[0]


def test_every_folder_is_named_in_the_table() -> None:
    assert {folder(module) for module in imports()} == {"", *MAY_IMPORT}


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_folder_imports_only_what_its_line_names(name: str) -> None:
    used = {folder(other) for module, others in imports().items() if folder(module) == name for other in others}
    assert used - {name} == MAY_IMPORT[name]


def test_table_has_only_arrows_that_run_down() -> None:
    below: set[str] = set()
    for name, others in MAY_IMPORT.items():
        assert others <= below, name
        below.add(name)


def test_no_modules_import_each_other_in_a_circle() -> None:
    try:
        graphlib.TopologicalSorter(imports()).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_heavy_packages_are_loaded_when_needed() -> None:
    loaded = "import sys, opendatasoft_emulator.server; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert WHEN_NEEDED & set(done.stdout.split()) == set()
