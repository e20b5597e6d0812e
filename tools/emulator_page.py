"""The tables of docs/guide/emulator.md, made from the emulator's code: `python -m tools.emulator_page` writes them."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from opendatasoft_emulator.explore.reference import REFERENCE
from opendatasoft_emulator.processing.extractors import KNOWN as EXTRACTORS
from opendatasoft_emulator.processing.fields import CONFIGURATIONS
from opendatasoft_emulator.processing.parameters import Parameter
from opendatasoft_emulator.processing.processors import GROUPS, OTHERS, PUBLIC_TYPES
from opendatasoft_emulator.processing.processors import KNOWN as PROCESSORS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "guide" / "emulator.md"

BEGIN = "<!-- Made by `make docs` from the emulator's code. Do not edit. -->\n"
END = "<!-- End of what `make docs` made. -->\n"

_EXTRACTORS = """
## Extractors

Parameters in **bold** are required, here and below.

| type | reads | file names | parameters |
|---|---|---|---|
"""

_PROCESSORS = """
## Processors

Types in *italics* are not public: they are named after the titles in the service's user guide. So are most parameters.
"""

_TABLE = """
| type | effect | parameters |
|---|---|---|
"""

_OTHERS = """
### Not carried out

"""

_CONFIGURATIONS = "\n## Field configurations\n"

_EXPLORE = """
## The Explore API

Everything that the service's reference of version 2.1 documents. What is refused gets a 400 in the form of the service,
`{"error_code": "NotImplementedError", "message": …}`.
"""

_REFERENCE = """
| | in | result |
|---|---|---|
"""


def page() -> str:
    """The text of the page, with the tables as they are now."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{''.join(_tables())}\n{END}{after}"


def _tables() -> Iterator[str]:
    yield _EXTRACTORS
    for extractor in EXTRACTORS.values():
        suffixes = " ".join(f"`{suffix}`" for suffix in getattr(extractor, "suffixes", ()))
        yield f"| `{extractor.type}` | {extractor.label} | {suffixes} | {_parameters(extractor.parameters)} |\n"
    yield _PROCESSORS
    for subject, kinds in GROUPS.items():
        yield f"\n### {subject}\n{_TABLE}"
        for kind in kinds:
            name = f"`{kind.type}`" if kind.type in PUBLIC_TYPES else f"*`{kind.type}`*"
            yield f"| {name} | {kind.effect} | {_parameters(kind.parameters)} |\n"
    yield _OTHERS
    for kind in PROCESSORS.values():
        if kind.prepare is None:
            yield f"- {kind.label} (`{kind.type}`): {kind.effect}\n"
    yield from (f"- {title}: {reason}\n" for title, reason in OTHERS.items())
    yield _CONFIGURATIONS + _TABLE
    for type, configuration in CONFIGURATIONS.items():
        yield f"| `{type}` | {configuration.effect} | {_names(configuration.parameters)} |\n"
    yield _EXPLORE
    for title, rows in REFERENCE.items():
        yield f"\n### {title}\n{_REFERENCE}"
        for row in rows.values():
            syntax = row.syntax.replace("|", "\\|")
            result = f"refused: {row.result}" if row.refusal else row.result
            yield f"| `{syntax}` | {row.places} | {result.replace('|', chr(92) + '|')} |\n"


def _parameters(parameters: tuple[Parameter, ...]) -> str:
    with_effect = ", ".join(
        f"**`{parameter.name}`**" if parameter.is_mandatory else f"`{parameter.name}`"
        for parameter in parameters
        if parameter.is_carried_out
    )
    without = _names(parameter.name for parameter in parameters if not parameter.is_carried_out)
    return with_effect + (f"; without effect {without}" if without else "")


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main() -> int:
    """Write the page; return the exit code."""
    PAGE.write_text(page())
    print(f"Written: {PAGE.relative_to(PAGE.parents[2])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
