"""The public errors: one base for all of them, reached without the HTTP library."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.client.address import parse
from pulumi_opendatasoft.client.client import Client

from .imports import modules

PACKAGE = "pulumi_opendatasoft"

MISTAKES_OF_CODE = {"TypeError", "AttributeError", "NotImplementedError"}
"""Errors of Python that are raised for what no user of a program can mend but its author."""

PUBLIC = {
    "ArgumentError",
    "BadFile",
    "Busy",
    "ConfigurationError",
    "Conflict",
    "KeyRefused",
    "NotAPortal",
    "NotFound",
    "NotPermitted",
    "OpendatasoftError",
    "PortalError",
    "PortalFailed",
    "Refused",
    "ResourceError",
    "Throttled",
    "Uncertain",
    "Unreachable",
}


def error_classes() -> Iterator[type[BaseException]]:
    """Every exception class that a module of the package defines."""
    for name in modules(PACKAGE):
        for thing in vars(importlib.import_module(name)).values():
            if inspect.isclass(thing) and issubclass(thing, BaseException) and thing.__module__.startswith(PACKAGE):
                yield thing


def test_every_error_class_derives_from_the_public_base() -> None:
    found = set(error_classes())
    assert ods.errors.NotFound in found
    assert {error for error in found if not issubclass(error, ods.errors.OpendatasoftError)} == set()


def test_the_errors_are_reached_by_their_public_names() -> None:
    found = {
        name for name, thing in vars(ods.errors).items() if inspect.isclass(thing) and issubclass(thing, Exception)
    }
    assert found == PUBLIC


@pytest.mark.parametrize("name", [name for name in modules(PACKAGE) if ".dynamic" not in name])
def test_no_module_raises_a_plain_error_of_python(name: str) -> None:
    tree = ast.parse(modules(PACKAGE)[name].read_text())
    raised = {node.exc.func.id for node in ast.walk(tree) if is_raise_of_a_name(node)}  # type: ignore[attr-defined]
    assert raised & set(dir(builtins)) - MISTAKES_OF_CODE == set()


def is_raise_of_a_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)


@pytest.mark.parametrize("domain", ["", "my city", "ftp://mycity.org", "https://jane:pw@mycity.org"])
def test_a_bad_domain_is_an_error_of_the_package(domain: str) -> None:
    with pytest.raises(ods.errors.ArgumentError):
        parse(domain)


def test_a_bad_key_is_an_error_of_the_package() -> None:
    with pytest.raises(ods.errors.ArgumentError):
        Client("mycity", "two words")


def test_errors_are_reached_without_loading_httpx() -> None:
    program = (
        "import sys, pulumi_opendatasoft as ods\n"
        "assert issubclass(ods.errors.NotPermitted, ods.errors.PortalError)\n"
        "assert issubclass(ods.errors.PortalError, ods.errors.OpendatasoftError)\n"
        "print('httpx' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
