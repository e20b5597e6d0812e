"""The reference pages of the functions, their results and the table of operations, which `tools.reference` writes."""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi_opendatasoft
from pulumi_opendatasoft import results
from pulumi_opendatasoft.functions.info import Info
from pulumi_opendatasoft.operations import Operation, of_function, operations

from .output_forms import function_modules

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
EXAMPLES = FOLDER / "examples" / "functions"

_MADE = "<!-- Made by `make docs` from the code. Do not edit. -->\n\n"

_FUNCTIONS = """# Functions

Functions read a portal while the program runs, in a preview too; none of them changes it. The guide's page
[Functions](../guide/functions.md) shows how they are used.

Each has a form for Outputs: `get_group_output` takes the arguments of `get_group`, which may be Outputs, and returns an
Output. `portal` names one of the portals under `opendatasoft:portals`; left out, it is the one of
`opendatasoft:domain`. A `dataset` is given by its uid (`da_…`) or its dataset_id.

"""

_RESULTS = """# Results of functions

The classes are public as `ods.results`, for annotations. Their objects are read only, and each is also a dict with all
members that the portal sent. A member that it did not send is None, a list or a mapping empty. A *secret* is masked
when it is printed; `info["name"]` and an output of the stack have it as a secret Output, and the result of a function's
`_output` form is a secret as a whole.
"""

_OPERATIONS = """# Operations

The Automation API has 181 operations. Each is reached by the life of a resource type, or of one of its properties; by a
[function](functions.md); or by a [command](#commands).

"""

_COMMANDS = """
## Commands

The commands in the table are those of the program `opendatasoft`: `opendatasoft publish`. Its `--help` lists them.
"""


class MissingExampleError(Exception):
    """A module of functions has no example; the message contains the path of the file to write."""


def pages() -> dict[str, str]:
    """Return the text of each page by its file name. Raises MissingExampleError."""
    return {
        "functions.md": "".join(_functions()),
        "results.md": "".join(_results()),
        "operations.md": "".join(_operations()),
    }


def _functions() -> Iterator[str]:
    yield _MADE + _FUNCTIONS
    modules = function_modules()
    yield from (f"- [{_title(module)}](#{_title(module).lower().replace(' ', '-')})\n" for module in modules)
    for module, names in modules.items():
        yield f"\n## {_title(module)}\n\n```python\n{_example(module)}```\n"
        for name in names:
            function = getattr(pulumi_opendatasoft, name)
            yield f"\n### {name}\n\n`{name}{_signature(function)}`\n\n{_documentation(function)}\n"
            yield f"\nCalls {', '.join(f'`{operation.name}`' for operation in of_function(name))}.\n"


def _title(module: str) -> str:
    """The heading of a module: its name, as a text."""
    return {"history": "Versions and feedback"}.get(module, module.capitalize())


def _example(module: str) -> str:
    path = EXAMPLES / f"{module}.py"
    if not path.exists():
        raise MissingExampleError(
            f"the functions of {module} have no example. Write docs/reference/examples/functions/{module}.py: a small "
            "program that calls each of them and comes up on the emulator; then run `make docs`."
        )
    return path.read_text()


def _signature(function: Any) -> str:
    return re.sub(r"'", "", str(inspect.signature(function)))


def _documentation(function: Any) -> str:
    """The docstring, its arguments as a list. The argument `portal` is the same everywhere."""
    text, _, rest = (inspect.getdoc(function) or "").partition("\n\nArgs:\n")
    arguments, _, returns = rest.partition("\n\nReturns:\n")
    lines = [text.strip()]
    joined = re.sub(r"\n {8}", " ", arguments)
    described = [re.sub(r"^ {4}(\w+): ", r"- `\1`: ", line) for line in joined.splitlines()]
    lines += ["", *(line for line in described if not line.startswith("- `portal`"))] if described else []
    lines += ["", f"Returns: {' '.join(returns.split())}"] if returns else []
    return "\n".join(lines)


def _results() -> Iterator[str]:
    yield _MADE + _RESULTS
    for name in results.__all__:
        cls = getattr(results, name)
        if cls is Info:
            continue
        yield f"\n## {name}\n\n{inspect.getdoc(cls)}\n\n"
        yield from (f"- `{member}`: {_type(str(hint))}\n" for member, hint in cls.__annotations__.items())


def _type(hint: str) -> str:
    if hint == "SecretText":
        return "`str | None`, *secret*"
    named = [name for name in re.findall(r"\w+", hint) if name in results.__all__]
    return f"`{hint}`" + "".join(f", see [{name}](#{name.lower()})" for name in dict.fromkeys(named))


def _operations() -> Iterator[str]:
    yield _MADE + _OPERATIONS
    noun = ""
    for operation in operations():
        if operation.noun != noun:
            noun = operation.noun
            yield f"{'' if noun == operations()[0].noun else chr(10)}## {noun}\n\n"
            yield "| operation | resource types | functions | commands |\n|---|---|---|---|\n"
        yield _row(operation)
    yield _COMMANDS


def _row(operation: Operation) -> str:
    cells = [
        f"`{operation.name}`",
        ", ".join(map(_resource, operation.resources)),
        ", ".join(f"[`{name}`](functions.md#{name})" for name in operation.functions),
        ", ".join(f"`{name}`" for name in operation.commands),
    ]
    return f"| {' | '.join(cells)} |\n"


def _resource(entry: str) -> str:
    kind = entry.partition(".")[0]
    page = "../guide/connections.md" if kind == "Connection" else f"{kind}.md"
    return f"[`{entry}`]({page})"


if __name__ == "__main__":
    sys.exit("python -m tools.reference writes these pages beside those of the resource types")
