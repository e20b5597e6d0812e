"""The entry point of the command `opendatasoft`, also `python -m pulumi_opendatasoft.commands`."""

from __future__ import annotations

import importlib.util
import sys

PACKAGES = ("click", "rich")
"""The packages of the extra `cli`."""


def main() -> None:
    """Run the command of this process's arguments, and exit with its code."""
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        needed = " ".join(missing)
        print(f"Error: the command opendatasoft needs the extra `cli`: `pip install {needed}`", file=sys.stderr)
        sys.exit(2)
    from .group import opendatasoft  # noqa: PLC0415  # it imports these packages

    opendatasoft()


if __name__ == "__main__":
    main()
