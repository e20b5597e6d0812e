"""The forms of the functions that take Inputs and return Outputs: `python -m tools.output_forms` writes their modules.

Each module of pulumi_opendatasoft/functions/ with public functions gets one of its name in functions/outputs/. Type
checkers and editors need written signatures; these are made from those of the functions. `outputs/public.py` has the
public names of all functions and forms for type checkers, `outputs/places.py` their modules.
"""

import ast
import copy
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
FUNCTIONS = PROJECT / "provider" / "pulumi_opendatasoft" / "functions"
FOLDER = FUNCTIONS / "outputs"

_HEAD = '''"""The forms of the functions of `{module}` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

{imports}
from ..later import later

'''

_PACKAGE = '"""The forms of the functions that take Inputs and return Outputs. Made by `make docs`: do not edit."""\n'

_ADDED = "The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too."


def modules() -> dict[str, str]:
    """Return the text of each module by its file name."""
    made = {path.name: _module(path) for path in sorted(FUNCTIONS.glob("*.py")) if _public(path)}
    return {"__init__.py": _PACKAGE, **_formatted({**made, "public.py": _names(), "places.py": _places()})}


def function_modules() -> dict[str, list[str]]:
    """Return the names of the functions by their module, each once."""
    found = {path.stem: list(dict.fromkeys(node.name for node in _public(path))) for path in FUNCTIONS.glob("*.py")}
    return {module: names for module, names in sorted(found.items()) if names}


def _places() -> str:
    places: dict[str, str] = {}
    for module, names in function_modules().items():
        places |= dict.fromkeys(names, module) | dict.fromkeys(
            [f"{name}_output" for name in names], f"outputs.{module}"
        )
    lines = [f'    "{name}": "{places[name]}",' for name in sorted(places)]
    head = '"""The module of each public function, below `functions`. Made by `make docs`: do not edit."""'
    return "\n".join([head, "", "from typing import Final", "", "PLACES: Final = {", *lines, "}", ""])


def _names() -> str:
    lines, public = ['"""All public functions and their forms. Made by `make docs`: do not edit."""\n'], set[str]()
    for module, names in function_modules().items():
        forms = [f"{name}_output" for name in names]
        lines += [f"from ..{module} import {', '.join(names)}", f"from .{module} import {', '.join(forms)}"]
        public |= {*names, *forms}
    return "\n".join([*lines, "", f"__all__ = {sorted(public)}", ""])


def _public(path: Path) -> list[ast.FunctionDef]:
    """The public functions of a module, with their overloads; those with the argument `portal` call one."""
    return [
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "portal" in [argument.arg for argument in node.args.kwonlyargs]
    ]


def _module(path: Path) -> str:
    functions = _public(path)
    body = "\n\n".join(ast.unparse(made) for made in map(_form, functions))
    used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    names = sorted({function.name for function in functions} | (used & _defined(path)))
    source = ast.parse(path.read_text()).body
    imports = [node for node in source if isinstance(node, ast.ImportFrom) and not node.level]
    found = [
        f"from {node.module} import {', '.join(alias.name for alias in node.names if alias.name in used)}"
        for node in imports
        if any(alias.name in used for alias in node.names)
    ]
    lines = [*found, "", "import pulumi", "", f"from ..{path.stem} import {', '.join(names)}"]
    return _HEAD.format(module=path.stem, imports="\n".join(lines)) + "\n" + body + "\n"


def _defined(path: Path) -> set[str]:
    """The classes and aliases that a module defines, which its functions return."""
    return {
        name
        for node in ast.parse(path.read_text()).body
        for name in (
            [node.name]
            if isinstance(node, ast.ClassDef)
            else [target.id for target in node.targets if isinstance(target, ast.Name)]
            if isinstance(node, ast.Assign)
            else []
        )
    }


def _form(function: ast.FunctionDef) -> ast.FunctionDef:
    """The form of one function, or of one of its overloads."""
    made = copy.deepcopy(function)
    made.name = f"{function.name}_output"
    arguments = [*made.args.args, *made.args.kwonlyargs]
    for argument in arguments:
        assert argument.annotation is not None, f"{function.name} has an argument without a type"
        argument.annotation = _of("Input", _with_inputs(argument.annotation))
    assert made.returns is not None
    made.returns = _of("Output", made.returns)
    if made.decorator_list:
        return made
    documentation = ast.get_docstring(function) or ""
    first, _, rest = documentation.partition("\n")
    text = "\n".join(_indented(f"{first}\n\n{_ADDED}" + (f"\n\n{rest.strip()}" if rest.strip() else "")))
    given = ", ".join(f'"{argument.arg}": {argument.arg}' for argument in arguments)
    made.body = [ast.Expr(ast.Constant(text)), *ast.parse(f"return later({function.name}, {{{given}}})").body]
    return made


def _with_inputs(annotation: ast.expr) -> ast.expr:
    """A type whose sequences may have Inputs as items."""
    if isinstance(annotation, ast.BinOp):
        return ast.BinOp(_with_inputs(annotation.left), annotation.op, _with_inputs(annotation.right))
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Sequence":
        return ast.Subscript(annotation.value, _of("Input", annotation.slice), annotation.ctx)
    return annotation


def _of(name: str, annotation: ast.expr) -> ast.Subscript:
    return ast.Subscript(ast.parse(f"pulumi.{name}", mode="eval").body, annotation, ast.Load())


def _indented(text: str) -> Iterator[str]:
    """The lines of a docstring as they are below a `def`."""
    for number, line in enumerate(text.splitlines()):
        yield f"    {line}" if number and line else line
    if "\n" in text:
        yield "    "


def _formatted(made: dict[str, str]) -> dict[str, str]:
    """The modules as ruff formats them, by the project's settings."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in made.items():
            (Path(folder) / name).write_text(text)
        ruff = [sys.executable, "-m", "ruff"]
        settings = ["--quiet", "--no-cache", "--config", str(PROJECT / "pyproject.toml"), folder]
        for command in (["check", "--fix", "--select", "I"], ["format"]):
            subprocess.run([*ruff, *command, *settings], check=True)
        return {name: (Path(folder) / name).read_text() for name in made}


def main() -> int:
    """Write every module, and delete those of functions that no longer exist; return the exit code."""
    made = modules()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.py"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text)
    print(f"Written: {len(made)} modules in {FOLDER.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
