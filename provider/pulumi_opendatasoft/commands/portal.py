"""The portal that a command works on: from the environment, or from the Pulumi project of the folder."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ..configuration import NAMESPACE, Settings, from_config, refuse_plain_http
from ..errors import ConfigurationError

VARIABLES: Final = ("OPENDATASOFT_DOMAIN", "OPENDATASOFT_API_KEY")
PROJECT_FILES: Final = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
PULUMI_TIMEOUT: Final = 120.0
"""Seconds that `pulumi config` may take: it may wait for the service that keeps the stacks' secrets."""


def settings(portal: str | None = None, stack: str | None = None, folder: Path | None = None) -> Settings:
    """Return the settings of a portal.

    The variables OPENDATASOFT_DOMAIN and OPENDATASOFT_API_KEY name one, if both are set and neither a portal nor a
    stack is given. Else the configuration of the Pulumi project in the folder, or above it, does.

    Args:
        portal: An entry of `opendatasoft:portals`; None for the stack's only portal.
        stack: A stack of the project; None for the selected one.
        folder: The folder; None for the present one.

    Raises:
        ConfigurationError: There is no portal, or no key for it; one line with the remedy, without any key.
    """
    from_environment = not (portal or stack) and all(os.environ.get(name) for name in VARIABLES)
    values = {} if from_environment else _of_project(folder or Path.cwd(), stack, is_needed=bool(portal or stack))
    found = from_config(values.get, portal)
    try:
        refuse_plain_http(found, portal)
    except ConfigurationError as error:
        if not from_environment:
            raise
        hint = "; that is read from a stack: add --stack NAME, in the folder of its project"
        raise ConfigurationError(f"{error}{hint}") from None
    return found


def project_folder(folder: Path | None = None) -> Path | None:
    """The folder of the Pulumi project that a folder lies in; None where there is none."""
    start = (folder or Path.cwd()).resolve()
    for candidate in (start, *start.parents):
        if any((candidate / name).is_file() for name in PROJECT_FILES):
            return candidate
    return None


def _of_project(folder: Path, stack: str | None, *, is_needed: bool) -> dict[str, Any]:
    """The values below `opendatasoft:` of a stack's configuration; none where there is no project to read them from."""
    project = project_folder(folder)
    if project is None:
        if is_needed:
            raise ConfigurationError(f"{folder} is in no Pulumi project, so it has no stack: go to one")
        if any(os.environ.get(name) for name in VARIABLES):
            return {}  # the message about the variable that is missing is that of every program
        raise ConfigurationError(
            f"no portal: set {' and '.join(VARIABLES)}, or go to the folder of a Pulumi project whose stack has them "
            "(`pulumi config set opendatasoft:domain mycity`)"
        )
    entries = _pulumi_config(project, stack)
    prefix = f"{NAMESPACE}:"
    return {
        name.removeprefix(prefix): entry.get("objectValue", entry.get("value"))
        for name, entry in entries.items()
        if name.startswith(prefix) and isinstance(entry, Mapping)
    }


def _pulumi_config(project: Path, stack: str | None) -> dict[str, Any]:
    command = ["pulumi", "config", "--json", "--show-secrets", "--non-interactive"]
    if stack:
        command += ["--stack", stack]
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        done = subprocess.run(
            command,
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PULUMI_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise ConfigurationError(
            f"{project} is a Pulumi project, but there is no `pulumi` to read its configuration: install it, or set "
            f"{' and '.join(VARIABLES)}"
        ) from None
    except subprocess.TimeoutExpired:
        raise ConfigurationError(f"`pulumi config` in {project} gave no answer for {PULUMI_TIMEOUT:.0f} s") from None
    if done.returncode != 0:
        raise ConfigurationError(f"`{' '.join(command[:2])}` in {project} failed: {_reason(done.stderr)}")
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ConfigurationError(f"`pulumi config --json` in {project} did not print JSON")
    return found


def _reason(printed: str) -> str:
    """The line in which Pulumi gives its reason."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return (errors or lines or ["it gave no reason"])[0]
