"""A stack on the real engine: a program in a folder of its own, a file backend beside it, a portal on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".state" / "engine" / "bin"
PASSPHRASE = "a passphrase for tests"


def engine_folder() -> Path | None:
    """Where this machine's `pulumi` is: the one that `make setup` built, else the one on PATH."""
    if (BUILT / "pulumi").exists():
        return BUILT
    found = shutil.which("pulumi")
    return Path(found).parent if found else None


@dataclass(frozen=True)
class Result:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything that a person sees."""
        return self.out + self.err


class Stack:
    """One stack of one program against one portal."""

    def __init__(self, folder: Path, *, domain: str, key: str, name: str = "dev", project: str = "city") -> None:
        self.folder = folder
        self.name = name
        self.project = project
        folder.mkdir(parents=True, exist_ok=True)
        backend = folder / ".backend"
        backend.mkdir(exist_ok=True)
        engine = engine_folder()
        assert engine is not None, "no Pulumi engine: run `make setup`"
        self.env: dict[str, str] = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "OPENDATASOFT_"))},
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), str(engine), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": f"file://{backend}",
            "PULUMI_HOME": str(folder / ".home"),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "OPENDATASOFT_DOMAIN": domain,
            "OPENDATASOFT_API_KEY": key,
        }
        (folder / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n")
        self.run("stack", "init", name)
        # Failures that are asked for would be retried for seconds; tests of the retries say so themselves.
        self.run("config", "set", "opendatasoft:maxRetries", "0")

    def program(self, text: str) -> None:
        """Write the program; `pulumi` and `ods` are imported already."""
        head = "import pulumi\nimport pulumi_opendatasoft as ods\n\n"
        (self.folder / "__main__.py").write_text(head + textwrap.dedent(text))

    def run(self, *words: str, ok: bool | None = True, env: Mapping[str, str] | None = None) -> Result:
        """A `pulumi` command; `ok` says how it must end, None that it does not matter."""
        done = subprocess.run(
            ["pulumi", *words, "--non-interactive"],
            cwd=self.folder,
            env={**self.env, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        result = Result(done.returncode, done.stdout, done.stderr)
        assert ok is None or ok == (result.code == 0), result.text
        return result

    def up(self, *words: str, ok: bool | None = True, **more: Any) -> Result:
        """`pulumi up` without a question."""
        return self.run("up", "--yes", "--skip-preview", *words, ok=ok, **more)

    def preview(self, *words: str, ok: bool | None = True, **more: Any) -> Result:
        """`pulumi preview`."""
        return self.run("preview", *words, ok=ok, **more)

    def refresh(self, *words: str, ok: bool | None = True, **more: Any) -> Result:
        """`pulumi refresh` without a question."""
        return self.run("refresh", "--yes", "--skip-preview", *words, ok=ok, **more)

    def destroy(self, *words: str, ok: bool | None = True, **more: Any) -> Result:
        """`pulumi destroy` without a question."""
        return self.run("destroy", "--yes", "--skip-preview", *words, ok=ok, **more)

    def is_settled(self) -> None:
        """Law 3: neither a preview nor a refresh shows a change."""
        self.preview("--expect-no-changes", "--diff")
        self.preview("--refresh", "--expect-no-changes", "--diff")

    def steps(self, *words: str) -> dict[str, str]:
        """What a preview would do, by resource name: create, update, replace, delete; nothing for what stays."""
        told = json.loads(self.preview("--json", *words).out)
        return {s["urn"].rpartition("::")[2]: s["op"] for s in told["steps"] if s["op"] not in ("same", "refresh")}

    def state(self) -> dict[str, dict[str, Any]]:
        """The resources of the state by name, without the stack and the provider."""
        told = json.loads(self.run("stack", "export").out)
        resources = told["deployment"].get("resources", [])
        return {
            r["urn"].rpartition("::")[2]: r for r in resources if "pulumi-python:dynamic/opendatasoft:" in r["type"]
        }

    def outputs(self) -> dict[str, Any]:
        """What the program exported."""
        told: dict[str, Any] = json.loads(self.run("stack", "output", "--json").out)
        return told
