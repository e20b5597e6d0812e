"""The quickstart, as the top-level project runs it and by itself."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable

import pytest

from ..conftest import Portal
from ..engine.stacks import ROOT, Stack
from ..engine_stub.engine import Engine
from .folders import EXAMPLES, lay_out, on_the_stub


def test_quickstart_is_settled_on_the_stub(portal: Portal, engine: Engine) -> None:
    program = on_the_stub(engine, "quickstart")
    with (EXAMPLES / "quickstart" / "data" / "seattle-weather.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    engine.up(program)
    shown = portal.records("seattle-weather", limit=1)
    assert shown["total_count"] == len(rows) == 1461
    assert shown["results"][0]["highest"] == float(rows[0]["temp_max"])
    engine.is_settled(program)
    engine.destroy()
    assert portal.all("/datasets/") == []


# The demo of tests/tools does the same in make test, but for what the program exports.
@pytest.mark.trust
def test_quickstart_comes_up_settles_and_is_destroyed(portal: Portal, another_stack: Callable[..., Stack]) -> None:
    stack = another_stack("checkout", project="opendatasoft-quickstart")
    shutil.copy(ROOT / "Pulumi.yaml", stack.folder / "Pulumi.yaml")
    lay_out(stack, "quickstart", below="examples/quickstart")
    with (EXAMPLES / "quickstart" / "data" / "seattle-weather.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    stack.up()

    assert stack.outputs() == {
        "address": f"{portal.url}/explore/dataset/seattle-weather/",
        "uid": portal.dataset("seattle-weather")["uid"],
    }
    shown = portal.records("seattle-weather", limit=1)
    assert shown["total_count"] == len(rows) == 1461
    assert shown["results"][0]["highest"] == float(rows[0]["temp_max"])
    stack.is_settled()

    stack.destroy()
    assert portal.all("/datasets/") == []


def test_quickstart_is_a_project_by_itself(another_stack: Callable[..., Stack]) -> None:
    stack = another_stack("alone", project="seattle-weather")
    lay_out(stack, "quickstart")
    assert stack.steps() == {"seattle-weather-alone": "create", "seattle-weather": "create"}
