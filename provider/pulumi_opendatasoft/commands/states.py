"""The states that a command reads: those of the folder's stacks, of files, and of other project folders."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..comparison import stacks
from ..dry_run.preview import NotAPreview, Step, resources_in
from ..errors import ArgumentError, ConfigurationError
from .portal import project_folder


def text_of(file: str) -> str:
    """The text of a file, or of standard input for `-`."""
    return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig", errors="replace")


def resources(names: Sequence[str], stack_names: Sequence[str]) -> list[Step]:
    """The resources of states.

    Args:
        names: Files that `pulumi stack export` made, `-`, or folders of projects, of which all stacks count.
        stack_names: Stacks of the project of this folder; without them and without `names`, all its stacks count.

    Raises:
        ConfigurationError: There is no project here, or Pulumi failed.
        ArgumentError: A file is no state.
    """
    found: list[Step] = []
    for name in names:
        folder = project_folder(Path(name)) if Path(name).is_dir() else None
        found += _of_project(folder) if folder else _of_file(name)
    if stack_names or not names:
        found += _of_project(needed_project(), stack_names)
    return found


def needed_project() -> Path:
    """The project of this folder. Raises ConfigurationError where there is none."""
    project = project_folder()
    if project is None:
        raise ConfigurationError(
            "this folder is in no Pulumi project, so it has no stacks: go to one, or name files that "
            "`pulumi stack export --file` made"
        )
    return project


def _of_project(project: Path, stack_names: Iterable[str] = ()) -> list[Step]:
    chosen = list(stack_names) or stacks.names(project)
    return [one for stack in chosen for one in _parsed(stacks.state(project, stack), f"stack {stack}")]


def _of_file(name: str) -> list[Step]:
    return _parsed(text_of(name), name)


def _parsed(text: str, name: str) -> list[Step]:
    try:
        return resources_in(text)
    except NotAPreview as error:
        raise ArgumentError(f"{name}: {error}") from None
