"""The files of an exported Pulumi project: modules, texts, uploaded files, and what names the project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .found import Found, Portal
from .python_code import Code, declaration

PACKAGE = "portal"
"""The package of the program: a name that hides no module of Python's."""

VALUES = '''"""What the modules of the portal share: texts in files, and secrets in the stack's configuration."""

from pathlib import Path

import pulumi
import pulumi_opendatasoft as ods

_config = pulumi.Config()


def text(path: str) -> str:
    """The text of a file below the project's folder."""
    return (Path(__file__).parent.parent / path).read_bytes().decode()


def secret(name: str) -> pulumi.Output[str]:
    """A secret, set by `pulumi config set --secret NAME`. As long as it is not, the portal keeps its own."""
    return _config.get_secret(name) or pulumi.Output.secret(ods.KEPT)
'''

TITLES = {
    "templates": "Metadata templates",
    "groups": "Groups of users",
    "users": "Users",
    "connections": "Connections to the servers that datasets read from",
    "images": "Images",
    "harvesters": "Harvesters",
    "pages": "Pages",
}


@dataclass
class Project:
    """An exported project."""

    files: dict[str, bytes] = field(default_factory=dict)
    """The contents of the files that are made here, by their paths in the project's folder."""

    secrets: dict[str, str | None] = field(default_factory=dict)
    """The settings of secrets; None for those that only the portal knows."""


def project(portal: Portal, name: str) -> Project:
    """The files that declare what was found on a portal, without uploaded files.

    Args:
        portal: the portal as it was read.
        name: the name of the Pulumi project.
    """
    made = Project()
    modules: defaultdict[str, list[tuple[Found, Code]]] = defaultdict(list)
    for found in portal.found:
        code = declaration(found, portal)
        modules[found.module].append((found, code))
        made.secrets |= code.secrets
        for path, text in {**found.texts, **code.texts}.items():
            made.files[path] = text.encode()
    for module, declared in modules.items():
        made.files[f"{PACKAGE}/{module.replace('.', '/')}.py"] = _module(module, declared).encode()
    datasets = sorted(module.partition(".")[2] for module in modules if module.startswith("datasets."))
    if datasets:
        lines = "".join(f"    {name},\n" for name in datasets)
        listed = f"from . import (\n{lines})\n"
        made.files[f"{PACKAGE}/datasets/__init__.py"] = f'"""The datasets, one module each."""\n\n{listed}'.encode()
    top = sorted({module.partition(".")[0] for module in modules})
    imports = f"from . import {', '.join(top)}\n" if top else ""
    made.files[f"{PACKAGE}/__init__.py"] = (f'"""The portal {portal.domain}."""\n\n' + imports).encode()
    made.files[f"{PACKAGE}/values.py"] = VALUES.encode()
    made.files["__main__.py"] = f'"""Declares the portal."""\n\nimport {PACKAGE}  # noqa: F401\n'.encode()
    made.files[".gitignore"] = b".opendatasoft/\n__pycache__/\n"
    made.files["Pulumi.yaml"] = f"name: {name}\nruntime: python\n".encode()
    return made


def _module(module: str, declared: list[tuple[Found, Code]]) -> str:
    imports: set[str] = set().union(*(code.imports for _, code in declared))
    helpers = sorted(set[str]().union(*(code.helpers for _, code in declared)))
    names = sorted({name.partition(".")[0] for name in imports})
    head = TITLES.get(module) or f"The dataset {declared[0][0].name}"
    lines = [f'"""{_in_docstring(head)}."""', "", "import pulumi_opendatasoft as ods", ""]
    ours = [f"from {PACKAGE} import {', '.join(names)}"] if names else []
    ours += [f"from {PACKAGE}.values import {', '.join(helpers)}"] if helpers else []
    if ours:
        lines += [*ours, ""]
    return "\n".join([*lines, "\n".join(code.text for _, code in declared)])


def _in_docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', "'")


def copies(files: Mapping[str, bytes], places: Mapping[str, str], staging: Path) -> dict[str, bytes | Path]:
    """All files of a project: those that are made, and the uploaded ones where they were downloaded to."""
    return {**files, **{place: staging / place for place in places}}
