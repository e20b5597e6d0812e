"""The table of CPU seconds: that it counts what tests start, by their folders, and has a budget for each folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .cpu_budget import BUDGETS, IN_ALL, LONGEST, START, CpuSeconds, cpu_seconds, folder_of

TESTS = Path(__file__).parent
BURN = "import time\nwhile time.process_time() < 0.3: pass\n"

FOLDER = f"""
import subprocess, sys, time

def test_that_starts_a_process():
    subprocess.run([sys.executable, "-I", "-S", "-c", {BURN!r}], check=True)

def test_that_waits():
    time.sleep(1)
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_started_process_counts_for_the_folder_of_its_test(tmp_path: Path, workers: str) -> None:
    for name in ("busy", "idle"):
        (tmp_path / "tests" / name).mkdir(parents=True)
    busy, idle = FOLDER.split("def test_that_waits")
    (tmp_path / "tests" / "busy" / "test_busy.py").write_text(busy)
    (tmp_path / "tests" / "idle" / "test_idle.py").write_text(f"import time\n\ndef test_that_waits{idle}")
    words = ["-q", "-p", "tests.cpu_budget", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    words += ["-p", "xdist.plugin", "-n", workers]

    run = subprocess.run(
        [sys.executable, "-m", "pytest", *words, str(tmp_path / "tests")],
        cwd=TESTS.parent,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    lines = re.findall(r"^ +([\d.]+) +(?:\d+|-) +(\d+|-)  (.+)$", run.stdout, re.MULTILINE)
    table = {folder: (float(used), tests) for used, tests, folder in lines}
    assert table.keys() == {"busy", "idle", START, "in all"}
    assert table["busy"][0] >= 0.3 > table["idle"][0]
    assert table["busy"][1] == table["idle"][1] == "1"
    assert table[START][0] > 0
    assert table["in all"][0] == pytest.approx(sum(used for used, _ in table.values()) / 2, abs=0.2)


def test_processes_that_still_run_are_counted() -> None:
    before = cpu_seconds()
    burn = f"{BURN}print('done', flush=True)\ninput()"
    words = [sys.executable, "-I", "-S", "-c", burn]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert cpu_seconds() - before > 0.2  # the kernel counts in hundredths of a second
        process.communicate(b"\n")
    assert cpu_seconds() - before > 0.2


def test_a_folder_over_its_budget_is_marked() -> None:
    measured = CpuSeconds()
    measured.seconds.update({"engine": BUDGETS["engine"] + 1.0, "schema": 0.1, "elsewhere": 5.0})
    header, engine, elsewhere, schema, in_all = measured.table()
    assert header.split() == ["used", "budget", "tests", "folder"]
    assert engine.endswith("engine  over its budget")
    assert "over" not in elsewhere + schema + in_all


def test_the_longest_files_exist() -> None:
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []


def test_every_folder_with_tests_has_a_budget() -> None:
    found = {folder_of(str(path.relative_to(TESTS.parent))) for path in TESTS.rglob("test_*.py")}
    assert BUDGETS.keys() - {START} == found, "give each folder of tests a budget in tests/cpu_budget.py"
    assert sum(BUDGETS.values()) <= IN_ALL
