"""The whole export of a portal into a folder: read, write the program, make the stack and its state, report."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..client.client import Client
from ..configuration import Settings
from ..errors import ConfigurationError
from ..program.provider_string import TYPE_PREFIX
from .files import Downloads
from .folder import OWN, Folder, Written
from .found import KINDS, Found, Portal, Selection
from .import_file import import_file
from .naming import slug
from .project import Project, copies, project
from .pulumi_stack import IMPORT, STATE, PulumiStack, no_pulumi
from .reading import read_portal
from .reads import Recording
from .stack_state import state

SETTINGS = "opendatasoft:"


@dataclass(frozen=True)
class Plan:
    """The content of an export."""

    folder: Path
    stack: str = "dev"
    selection: Selection = field(default_factory=Selection)

    by_state: bool = False
    """Whether the state is generated, rather than made by `pulumi import`."""

    imports: bool = False
    """Whether the command that makes the state is run, and not only named."""


@dataclass
class Report:
    """The report of an export."""

    portal: str
    seen_as: str | None
    folder: str
    project: str
    stack: str
    objects: dict[str, int]
    left_out: list[str]
    remarks: list[str]
    files: Written
    secrets_set: list[str]
    """The settings of secrets that the portal returned, now in the stack's configuration."""

    secrets_kept: list[str]
    """The settings of secrets that only the portal knows. As long as they are not set, it keeps them."""

    resumed: int
    """The reads of an interrupted export that were used again."""

    command: str
    """The command that makes the state; empty where there is nothing to import."""

    is_imported: bool = False

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return asdict(self)


def export(
    client: Client,
    settings: Settings,
    plan: Plan,
    *,
    expect: Callable[[int], None] = lambda objects: None,
    progress: Callable[[Found], None] = lambda found: None,
) -> Report:
    """Export a portal into a folder; nothing is written to the portal.

    Args:
        client: the portal.
        settings: its settings, for the configuration of the stack.
        plan: what is made.
        expect: called with the number of objects that are read next.
        progress: called after each object, from several threads.

    Raises:
        ConfigurationError: the folder or the stack cannot be used, or a command of Pulumi's failed.
        PortalError: the portal cannot be read. What was read is used again by another export within the hour.
    """
    if shutil.which("pulumi") is None:
        raise no_pulumi()
    folder = Folder(plan.folder)
    name = project_name(client.host)
    portal, made, downloads, recording = read_into(client, settings, folder, plan.selection, name, expect, progress)
    stack = PulumiStack(plan.folder, plan.stack)
    _put_project_file(folder, made)
    stack.select()
    present = stack.resources()
    if present and folder.is_new:
        raise ConfigurationError(
            f"the stack {plan.stack} of the project {name} has resources already: name another with --stack"
        )
    written = folder.write(copies(made.files, downloads.places, folder.staging))
    if present and not _keeps_adopted(plan):
        for found in portal.found:  # the user has made the stack's objects their own
            found.outputs["adopted"] = False
    _configure(stack, settings, made, is_first=not present)
    missing = [one for one in portal.found if (TYPE_PREFIX + one.kind, one.name) not in present]
    command = _state_command(folder, stack, portal, missing, plan, name) if missing else ()
    if command and plan.imports:
        stack.run(*command)
        (folder.own / Path(command[-1]).name).unlink(missing_ok=True)
    folder.end()
    recording.end()
    counts = Counter(found.kind for found in portal.found)
    return Report(
        portal=portal.domain,
        seen_as=portal.seen_as,
        folder=str(plan.folder),
        project=name,
        stack=plan.stack,
        objects={kind: counts[kind] for kind in KINDS if counts[kind]},
        left_out=list(portal.left_out),
        remarks=[f"{found.label}: {remark}" for found in portal.found for remark in found.remarks],
        files=written,
        secrets_set=sorted(n for n, value in made.secrets.items() if value is not None),
        secrets_kept=sorted(n for n, value in made.secrets.items() if value is None),
        resumed=recording.resumed,
        command=shlex.join(["pulumi", *command]) if command else "",
        is_imported=bool(command) and plan.imports,
    )


def read_into(
    client: Client,
    settings: Settings,
    folder: Folder,
    selection: Selection,
    name: str,
    expect: Callable[[int], None] = lambda objects: None,
    progress: Callable[[Found], None] = lambda found: None,
) -> tuple[Portal, Project, Downloads, Recording]:
    """Read a portal, and make the files of its project; its uploaded files are downloaded beside them.

    Args:
        client: the portal.
        settings: its settings.
        folder: the folder of the project.
        selection: which objects are read.
        name: the name of the project.
        expect: called with the number of objects that are read next.
        progress: called after each object.
    """
    recording = Recording(folder.reads, client.host, settings.key)
    kept = {n.removeprefix("file "): v for n, v in recording.reads.items() if n.startswith("file ")}
    downloads = Downloads(client, folder.staging, kept=kept, keep=lambda p, h: recording.keep(f"file {p}", h))
    portal = read_portal(client, selection, fetch=downloads, recording=recording, expect=expect, progress=progress)
    return portal, project(portal, name), downloads, recording


def project_name(host: str) -> str:
    """The name of the Pulumi project: `mycity` for mycity.opendatasoft.com."""
    name = re.sub(r"\.(opendatasoft|huwise)\.com$", "", host)
    return slug(name)[:100]


def _put_project_file(folder: Folder, made: Project) -> None:
    """Write Pulumi.yaml before all else, if there is none: `pulumi` makes no stack without it."""
    file = folder.path / "Pulumi.yaml"
    if not file.exists():
        file.write_bytes(made.files["Pulumi.yaml"])


def _keeps_adopted(plan: Plan) -> bool:
    file = plan.folder / f"Pulumi.{plan.stack}.yaml"
    return file.exists() and f"{SETTINGS}keepAdopted:" in file.read_text()


def _configure(stack: PulumiStack, settings: Settings, made: Project, *, is_first: bool) -> None:
    """Set what the program needs: the portal, what keeps its objects, and the secrets that it returned."""
    plain = {f"{SETTINGS}domain": settings.domain}
    if is_first:
        plain[f"{SETTINGS}keepAdopted"] = "true"
    if settings.allow_http:
        plain[f"{SETTINGS}allowHttp"] = "true"
    secrets = {name: value for name, value in made.secrets.items() if value is not None}
    if os.environ.get("OPENDATASOFT_API_KEY") != settings.key:
        secrets[f"{SETTINGS}apiKey"] = settings.key
    stack.set(plain, secrets)


def _state_command(
    folder: Folder, stack: PulumiStack, portal: Portal, missing: list[Found], plan: Plan, name: str
) -> tuple[str, ...]:
    """Write the file that makes the state; returns the command of Pulumi's that reads it.

    Args:
        folder: the folder of the project.
        stack: its stack.
        portal: the portal as it was read.
        missing: the objects that are not in the state yet.
        plan: what is made.
        name: the name of the project.

    Raises:
        ConfigurationError: the state is to be generated, and the stack has one already.
    """
    if not plan.by_state:
        folder.private("import.json", import_file(missing))
        return (*IMPORT, f"{OWN}/import.json")
    if len(missing) < len(portal.found):
        raise ConfigurationError(f"--state: the stack {plan.stack} has a state already: export without --state")
    folder.private("state.json", state(portal, stack, name))
    return (*STATE, f"{OWN}/state.json")
