"""The Pulumi stack of an exported project, by the command `pulumi`."""

from __future__ import annotations

import functools
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ConfigurationError

IMPORT = ("import", "--yes", "--skip-preview", "--protect=false", "--generate-code=false", "--file")
STATE = ("stack", "import", "--file")


def no_pulumi() -> ConfigurationError:
    """The error for a machine without the command `pulumi`."""
    return ConfigurationError(
        "there is no `pulumi` on this machine: install it (https://www.pulumi.com/docs/install/), then export"
    )


class PulumiStack:
    """A stack of a project, made if it does not exist.

    Args:
        folder: the folder of the project.
        name: the name of the stack.

    Raises:
        ConfigurationError: a command of Pulumi's failed; one line with the reason that it gave.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name

    def select(self) -> None:
        """Make the stack, if it does not exist, and select it."""
        self.run("stack", "select", "--create", self.name)

    def resources(self) -> set[tuple[str, str]]:
        """The types and names of the resources of its state."""
        deployment = self.deployment.get("resources") or []
        urns = [str(resource["urn"]).split("::") for resource in deployment]
        return {(parts[2].rpartition("$")[2], "::".join(parts[3:])) for parts in urns if len(parts) > 3}

    @functools.cached_property
    def deployment(self) -> dict[str, Any]:
        """The state before the export, with its secrets encrypted."""
        exported = json.loads(self.run("stack", "export", "--stack", self.name))
        found: dict[str, Any] = exported.get("deployment") or {}
        return found

    def set(self, plain: Mapping[str, str], secret: Mapping[str, str]) -> None:
        """Set configuration values. Secret ones go through standard input: other processes see the command line."""
        words = [word for name, value in plain.items() for word in ("--plaintext", f"{name}={value}")]
        self.run("config", "set-all", *words, "--stack", self.name)
        for name, value in secret.items():
            self.run("config", "set", "--secret", "--stack", self.name, name, stdin=value)

    def configuration(self) -> dict[str, tuple[Any, bool]]:
        """The values of the stack's configuration by their full names, each with whether it is secret."""
        found = json.loads(self.run("config", "--json", "--show-secrets", "--stack", self.name))
        return {
            name: (entry.get("objectValue", entry.get("value")), bool(entry.get("secret")))
            for name, entry in found.items()
        }

    def run(self, *words: str, stdin: str = "") -> str:
        """Run a command of Pulumi's in the folder of the project; returns what it printed."""
        command = ["pulumi", *words, "--non-interactive"]
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
                input=stdin,
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            raise no_pulumi() from None
        if done.returncode != 0:
            said = f"{done.stdout}\n{done.stderr}".splitlines()
            errors = [line.strip().removeprefix("error: ") for line in said if line.strip().startswith("error: ")]
            reason = errors[0] if errors else next((line for line in reversed(said) if line.strip()), "no reason given")
            raise ConfigurationError(f"`pulumi {' '.join(words[:2])}` in {self.folder} failed: {reason}")
        return done.stdout
