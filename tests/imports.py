"""What the modules of this project import, read from their text."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "provider"


def modules(package: str = "") -> dict[str, Path]:
    """The modules below `provider/`, by their names: those of one package, or all."""
    return {name: path for name, path in _every_module().items() if not package or is_below(name, package)}


@functools.cache
def _every_module() -> dict[str, Path]:
    found = {}
    for path in sorted(SOURCES.rglob("*.py")):
        steps = path.relative_to(SOURCES).with_suffix("").parts
        found[".".join(steps[:-1] if steps[-1] == "__init__" else steps)] = path
    return found


def imported(module: str, path: Path) -> set[str]:
    """The modules that a module imports, wherever in its text; `from a import b` names `a` and, if it is one, `a.b`."""
    known = _every_module()
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = _source(module, path, node)
            inner = {f"{source}.{alias.name}" for alias in node.names} & known.keys()
            found |= inner or {source}
    return found


def _source(module: str, path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def is_below(module: str, package: str) -> bool:
    """Whether a module is a package, or lies in it."""
    return module == package or module.startswith(f"{package}.")
