"""What a program may import: final once released."""

from __future__ import annotations

import inspect
import subprocess
import sys
import types

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.functions.outputs.places import PLACES

from .declarations import resource_types, values
from .golden.golden import only_grows


def test_package_has_the_public_names_and_no_others() -> None:
    found = {name for name, thing in vars(ods).items() if not isinstance(thing, types.ModuleType)}
    found |= {"errors", "results", *PLACES}
    assert sorted(name for name in found if not name.startswith("_")) == sorted(ods.__all__)


def test_functions_are_loaded_when_they_are_used() -> None:
    loaded = "import sys, pulumi_opendatasoft as ods; print(*sys.modules); ods.get_group; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    before, after = (set(line.split()) for line in done.stdout.splitlines())
    assert "pulumi_opendatasoft.functions.accounts" in after - before
    assert set(PLACES) <= set(dir(ods))
    with pytest.raises(AttributeError, match="module 'pulumi_opendatasoft' has no attribute 'get_nothing'"):
        ods.get_nothing  # type: ignore[attr-defined]  # noqa: B018


def test_no_public_name_is_ever_taken_back() -> None:
    assert set(only_grows("public_names.txt", ods.__all__)) == set(ods.__all__)


def test_every_resource_type_and_value_is_public() -> None:
    for name, cls in {**resource_types(), **values()}.items():
        assert getattr(ods, name) is cls


def test_every_public_class_says_what_it_is() -> None:
    for name in ods.__all__:
        thing = getattr(ods, name)
        if inspect.isclass(thing):
            assert (inspect.getdoc(thing) or "").splitlines()[0].endswith("."), name


def test_a_star_gives_the_public_names() -> None:
    given: dict[str, object] = {}
    exec("from pulumi_opendatasoft import *", given)
    assert given.keys() - {"__builtins__"} == set(ods.__all__)
