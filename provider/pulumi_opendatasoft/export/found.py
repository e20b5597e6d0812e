"""The content of a portal for an export: its objects, each with the inputs that a program would give."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ..lifecycle.lifecycle import Lifecycle
from ..program.resource import REGISTRY

KINDS = (
    "MetadataTemplate",
    "Group",
    "User",
    "HTTPConnection",
    "FTPConnection",
    "AmazonS3Connection",
    "AzureBlobStorageConnection",
    "SharepointConnection",
    "GoogleDriveConnection",
    "OtherConnection",
    "Image",
    "Dataset",
    "Harvester",
    "CodeEditorPage",
    "StudioPage",
)
"""The resource types that an export reads, those that others refer to first."""

MODULES = {
    "MetadataTemplate": "templates",
    "Group": "groups",
    "User": "users",
    "Image": "images",
    "Dataset": "datasets",
    "Harvester": "harvesters",
    "CodeEditorPage": "pages",
    "StudioPage": "pages",
}
"""The module of a program that declares the objects of a type; `connections` for all others."""

CONNECTIONS = frozenset(kind for kind in KINDS if kind.endswith("Connection"))
"""The types of connections, all of one collection."""


@dataclass(frozen=True)
class Selection:
    """Which objects of a portal are read."""

    only: frozenset[str] = frozenset(KINDS)
    """The names of resource types. `Connection` stands for those of all connections."""

    match: Sequence[str] = ()
    """Patterns such as `air-*`: an object is read if its name fits one of them. Without any, all are."""

    exclude: Sequence[str] = ()
    """Patterns: an object whose name fits one of them is not read."""

    with_dependencies: bool = False
    """Whether what the selected objects refer to is read as well."""

    users: bool = True
    """Whether users are read."""

    empty: bool = False
    """Whether a dataset's empty lists of sources, rules and processors are inputs, so that additions are drift."""

    def has(self, found: Found) -> bool:
        """Whether an object is selected by its type and name."""
        kinds = {found.kind, "Connection"} if found.kind in CONNECTIONS else {found.kind}
        if not kinds & self.only or (found.kind == "User" and not self.users):
            return False
        is_matched = not self.match or any(fnmatchcase(found.name, pattern) for pattern in self.match)
        return is_matched and not any(fnmatchcase(found.name, pattern) for pattern in self.exclude)


@dataclass
class Found:
    """One object of a portal."""

    kind: str
    """The name of its resource type."""

    id: str
    """The id that a state contains: for most types the uid."""

    row: Mapping[str, Any]
    """The object as the portal lists it, in the API's spelling."""

    name: str = ""
    """The name of the resource, by its content: the same for an equal object of another portal."""

    variable: str = ""
    """The name of the variable of the program that holds the resource, and of the folder of its files."""

    inputs: dict[str, Any] = field(default_factory=dict)
    """The inputs by which a program declares this very object, in the form of `Lifecycle.check`.

    References are the ids of this portal (`Portal.target` finds the object of one). An uploaded file is the value of a
    `File`, a long text of a page that of a `TextFile`. Secrets that the portal returns are in clear; those that it does
    not return are `schema.secrets.MASKED` (public as `ods.KEPT`), as far as they must exist.
    """

    outputs: dict[str, Any] = field(default_factory=dict)
    """The state that the object has with these inputs, taken over and not created: `adopted` is true."""

    texts: dict[str, str] = field(default_factory=dict)
    """The texts of `TextFile` values, by their paths in the project's folder."""

    remarks: list[str] = field(default_factory=list)
    """The parts of it that are not in the inputs, with the reasons; one sentence each."""

    @property
    def lifecycle(self) -> Lifecycle:
        """The lifecycle of its resource type."""
        return REGISTRY[self.kind].lifecycle()

    @property
    def module(self) -> str:
        """The module of the program: `groups`; for a dataset the one of its own, `datasets.air_quality`."""
        module = MODULES.get(self.kind, "connections")
        return f"{module}.{self.variable}" if self.kind == "Dataset" else module

    @property
    def label(self) -> str:
        """Its name in messages: `Dataset "air"`."""
        return f'{self.kind} "{self.name}"'


@dataclass(frozen=True)
class FilledIn:
    """The values that the portal itself writes into all datasets."""

    timezone: str | None = None
    """The time zone of every dataset, if they all have the same one."""


@dataclass(frozen=True)
class Portal:
    """A portal as it was read with one API key."""

    domain: str
    """The host, as states contain it."""

    seen_as: str | None
    """The username of the key's owner; None where the portal does not return it."""

    found: Sequence[Found]
    """The objects, in the order in which a program declares them: by type, then by name."""

    left_out: Sequence[str]
    """The objects that were not read, with the reasons; one sentence each."""

    others: Sequence[Found] = ()
    """The objects that were listed and not selected: they have a name, but no inputs."""

    @functools.cached_property
    def _by_reference(self) -> Mapping[tuple[str, str], Found]:
        found: dict[tuple[str, str], Found] = {}
        for one in (*self.others, *self.found):
            heading, key = _referred_by(one)
            if key is not None:
                found[heading, str(key)] = one
        return found

    def target(self, refers_to: str, id: str) -> Found | None:
        """The object of a reference (`Group.uid`, an id), selected or not; None where none was listed."""
        kind = refers_to.partition(".")[0]
        heading = "Connection" if kind in CONNECTIONS else kind
        return None if refers_to == "Dataset.dataset_id" else self._by_reference.get((heading, id))


def _referred_by(found: Found) -> tuple[str, Any]:
    """How inputs refer to an object: a heading, and the value of a reference."""
    if found.kind in CONNECTIONS:
        return "Connection", found.id
    return found.kind, found.row.get("username") if found.kind == "User" else found.id
