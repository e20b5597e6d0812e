"""A stack on the real engine: a program in a folder of its own, a file backend beside it, a portal on this machine."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tools.engine.install import OWN_FOLDER

from ..preloaded.python import preloaded
from .key_server import PROVIDER, key_server

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
PASSPHRASE = "a passphrase for tests"


def engine_folder() -> Path | None:
    """Where this machine's `pulumi` is: the one that `make setup` built, else the one on PATH."""
    if (OWN_FOLDER / "pulumi").exists():
        return OWN_FOLDER
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

    @property
    def said(self) -> dict[str, list[str]]:
        """The lines under Diagnostics by the resource's name; the engine's own last word left out."""
        lines: dict[str, list[str]] = {}
        name = ""
        for line in self.out.partition("Diagnostics:\n")[2].partition("Outputs:\n")[0].splitlines():
            if line.strip() == "Resources:":
                break
            heading = re.fullmatch(r"  \S+ \((.+)\):", line)
            if heading:
                name = heading[1]
            elif line.strip() and line.strip() not in ("error: update failed", "error: preview failed"):
                lines.setdefault(name, []).append(line.strip())
        return lines


class Stack:
    """One stack of one program against one portal.

    Its programs and providers run in preloaded processes, and the key of its secrets is on a key server, which saves
    most of the CPU of a command. With `own_python` they run in processes of their own, and the stack has a passphrase,
    as for a user (with `only_provider` the providers alone, and no passphrase); with `plugin_search` the engine also
    looks for plugins among the packages of that Python. `passphrase` chooses the passphrase or the key server by
    itself. Without `checkpoints` the engine writes the state once, at the end of a command, and not twice for each
    resource: for stacks of many resources. Its state is in a folder beside the program, unless another `backend` is
    given, perhaps with more environment variables.
    """

    def __init__(
        self,
        folder: Path,
        *,
        domain: str,
        key: str,
        name: str = "dev",
        project: str = "city",
        own_python: bool = False,
        only_provider: bool = False,
        passphrase: bool | None = None,
        plugin_search: bool = False,
        checkpoints: bool = True,
        backend: str = "",
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.name = name
        self.project = project
        folder.mkdir(parents=True, exist_ok=True)
        if not backend:
            (folder / ".backend").mkdir(exist_ok=True)
            backend = f"file://{folder / '.backend'}"
        engine = engine_folder()
        assert engine is not None, "no Pulumi engine: run `make setup`"
        python = [] if plugin_search else [str(preloaded().folder)]
        self.env: dict[str, str] = {
            # No command of a test needs so much memory that collecting garbage before is worth its time.
            "GOGC": "off",
            "GOMEMLIMIT": "1GiB",
            **{k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "OPENDATASOFT_", "VAULT_"))},
            "PATH": os.pathsep.join([*python, str(Path(sys.executable).parent), str(engine), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": backend,
            "PULUMI_HOME": str(folder / ".home"),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "OPENDATASOFT_DOMAIN": domain,
            "OPENDATASOFT_API_KEY": key,
            **(env or {}),
        }
        if own_python:
            self.env["OWN_PROVIDER" if only_provider else "OWN_PYTHON"] = "yes"
        if passphrase is None:
            passphrase = own_python and not only_provider
        if not passphrase:
            self.env |= key_server().env
            # With a file in the place of the folder, the engine leaves out the log that it writes of every command.
            (folder / ".home").mkdir(exist_ok=True)
            (folder / ".home" / "logs").touch()
        if not checkpoints:
            self.env |= {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
        (folder / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n")
        # Failures that are asked for would be retried for seconds; tests of the retries say so themselves.
        (folder / f"Pulumi.{name}.yaml").write_text('config:\n  opendatasoft:maxRetries: "0"\n')
        self.init(name)

    def init(self, name: str) -> None:
        """Make a stack, which is then the selected one."""
        keys = ["--secrets-provider", PROVIDER] if "VAULT_ADDR" in self.env else []
        self.run("stack", "init", name, *keys)
        self._selected = name

    def without_own_python(self) -> None:
        """Run the programs and providers of further commands in preloaded processes."""
        for name in ("OWN_PYTHON", "OWN_PROVIDER"):
            self.env.pop(name, None)

    def program(self, text: str) -> None:
        """Write the program; `pulumi` and `ods` are imported already."""
        head = "import pulumi\nimport pulumi_opendatasoft as ods\n\n"
        (self.folder / "__main__.py").write_text(head + textwrap.dedent(text))

    def file(self, name: str, text: str) -> Path:
        """Write a file beside the program."""
        path = self.folder / name
        path.write_text(text)
        return path

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
            timeout=600,
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

    def is_settled(self, *, also_unrefreshed: bool = False) -> None:
        """Law 3: neither a refresh nor a preview after it shows a change.

        That a preview without a refresh shows none either, the stub proves after every `up`; `also_unrefreshed` looks
        here as well.
        """
        if also_unrefreshed:
            self.preview("--expect-no-changes", "--diff")
        self.preview("--refresh", "--expect-no-changes", "--diff")

    def steps(self, *words: str) -> dict[str, str]:
        """What a preview would do, by resource name: create, update, replace, delete; not what only is."""
        told = json.loads(self.preview("--json", *words).out)
        return {
            s["urn"].rpartition("::")[2]: s["op"] for s in told["steps"] if s["op"] not in ("same", "refresh", "read")
        }

    def state(self) -> dict[str, dict[str, Any]]:
        """The resources of the selected stack's state by name, without the stack and the provider."""
        # Read as the engine stored it: `pulumi stack export` is the same, and costs a fifth of a second of CPU.
        stored = self.folder / ".backend" / ".pulumi" / "stacks" / self.project / f"{self._selected}.json"
        if stored.exists():
            deployment = json.loads(stored.read_text())["checkpoint"]["latest"]
        else:
            deployment = json.loads(self.run("stack", "export").out)["deployment"]
        resources = deployment.get("resources") or []
        return {
            r["urn"].rpartition("::")[2]: r for r in resources if "pulumi-python:dynamic/opendatasoft:" in r["type"]
        }

    def ids(self) -> dict[str, str]:
        """The id of each resource of the state, by name."""
        return {name: resource["id"] for name, resource in self.state().items()}

    def urn(self, name: str) -> str:
        """The engine's name of a resource of the state."""
        return str(self.state()[name]["urn"])

    def urn_of(self, kind: str, name: str) -> str:
        """The engine's name of a resource that stands by itself in the program, perhaps not made yet."""
        return f"urn:pulumi:{self.name}::{self.project}::pulumi-python:dynamic/opendatasoft:{kind}::{name}"

    def outputs(self) -> dict[str, Any]:
        """What the program exported."""
        told: dict[str, Any] = json.loads(self.run("stack", "output", "--json").out)
        return told

    # ------------------------------------------------------------ commands that are interrupted

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """A `pulumi` command that goes on beside the test. What it leaves behind of this stack ends with the block."""
        with (self.folder / "printed").open("w") as printed:
            engine = subprocess.Popen(
                ["pulumi", *words, "--non-interactive"],
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                text=True,
            )
            try:
                yield engine
            finally:
                engine.kill()
                engine.wait()
                for pid in self.processes():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

    def printed(self) -> str:
        """What the command beside the test has said so far."""
        return (self.folder / "printed").read_text()

    def processes(self, words: str = "") -> dict[int, str]:
        """The processes that a command of this stack started, with these words in their command line."""
        mark = f"PULUMI_HOME={self.env['PULUMI_HOME']}".encode()
        found = {}
        for place in Path("/proc").iterdir():
            # A process may end between two looks at it.
            with contextlib.suppress(OSError):
                if place.name.isdigit() and mark in (place / "environ").read_bytes().split(b"\0"):
                    command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if command and words in command:
                        found[int(place.name)] = command
        return found


def eventually(look: Callable[[], T], within: float = 60.0) -> T:
    """What `look` answers as soon as that is something; an assertion fails when it is not `within` so many seconds."""
    end = time.monotonic() + within
    while not (seen := look()):
        assert time.monotonic() < end, f"not within {within:.0f} s"
        time.sleep(0.05)
    return seen
