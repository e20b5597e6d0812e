"""Creates of many resources at once through one provider process, which is killed during one write of each."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pulumi_opendatasoft as ods
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine.stacks import eventually
from ..engine_stub.engine import Engine
from ..engine_stub.program import registered
from ..engine_stub.servers import Failed, Provider, Unfinished
from ..engine_stub.state import Registration
from . import program
from .content import content
from .fleet import furnished, web_server, write_files

ROLE_ARN = "arn:aws:iam::123456789012:role/portal"


class Write(NamedTuple):
    """One call of a create that may change something."""

    method: str
    path: str
    nth: int
    """Its number among the calls of the same method below the same collection."""

    fault: str
    is_first: bool
    """Whether it is the create's first one."""


@dataclass
class Place:
    """One portal, with what the resources refer to."""

    label: str
    portal: Portal
    folder: Path
    web: str
    bucket: str
    """A connection to which a role is given."""


@dataclass
class Case:
    """One resource on one portal, and the write during which the provider is killed; None for none."""

    type: str
    place: Place
    write: Write | None = None
    id: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The resource's name."""
        return f"city@{self.type}-{self.place.label}"


def collection_of(type: str) -> str:
    """The path below which the calls of a type are."""
    named = {
        "Group": "/groups/",
        "User": "/users/",
        "ApiKey": "/apikeys/",
        "MetadataTemplate": "/metadata/templates/",
        "Harvester": "/harvesters/",
        "CodeEditorPage": "/code_editor_pages/",
        "StudioPage": "/studio_pages/",
        "Dataset": "/datasets/",
    }
    return named.get(type, "/datasource_connections/")


def _declare(case: Case) -> None:
    name, portal = case.name, case.place.label
    match case.type:
        case "ApiKey":
            ods.ApiKey(name, portal=portal, label="Nightly import", permissions=["edit_dataset"])
        case "FTPConnection":
            ods.FTPConnection(name, portal=portal, url="ftp://files.example", auth=None)
        case "AmazonS3Connection":
            ods.AmazonS3Connection(name, portal=portal, auth=ods.AWSIAMRoleAuth(region="eu-west-1"))
        case "AmazonS3ConnectionRole":
            ods.AmazonS3ConnectionRole(name, portal=portal, connection=case.place.bucket, role_arn=ROLE_ARN)
        case "AzureBlobStorageConnection":
            lake = ods.AzureSharedKeyAuth(account_name="lake", shared_key="a key")
            ods.AzureBlobStorageConnection(name, portal=portal, url="https://lake.example/container", auth=lake)
        case "SharepointConnection":
            ods.SharepointConnection(name, portal=portal, auth=ods.SharepointOIDCAuth(nonce="a nonce", code="a code"))
        case "GoogleDriveConnection":
            ods.GoogleDriveConnection(name, portal=portal, auth=ods.GoogleDriveOIDCAuth(nonce="a nonce", code="a code"))
        case "OtherConnection":
            secret = {"connection_string": "a string"}
            ods.OtherConnection(
                name, portal=portal, type="snowflake_odbc", params={"warehouse": "w"}, secret_params=secret
            )
        case "Dataset":
            program.dataset(name, portal, connection=case.place.web, folder=str(case.place.folder))
        case "CodeEditorPage":
            program.code_editor_page(name, portal, folder=str(case.place.folder))
        case _:
            program.DECLARES[case.type](name, portal)


TYPES = (
    *program.DECLARES,
    "ApiKey",
    "FTPConnection",
    "AmazonS3Connection",
    "AmazonS3ConnectionRole",
    "AzureBlobStorageConnection",
    "SharepointConnection",
    "GoogleDriveConnection",
    "OtherConnection",
)


class Killed:
    """Portals, and one stack on the engine stub whose resources are created, read and deleted side by side."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self._folder = engine, folder
        self._open = ExitStack()
        self.places: list[Place] = []
        write_files(folder / "files")

    def __enter__(self) -> Killed:
        self._web = self._open.enter_context(web_server(self._folder / "files"))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, wanted: Sequence[tuple[str, Write | None]]) -> list[Case]:
        """Cases on new portals, as few as will do: of each collection there is one on each portal."""
        rows: dict[str, int] = {}
        cases: list[Case] = []
        first = len(self.places)
        for type, write in wanted:
            collection = collection_of(type)
            row = rows[collection] = rows.get(collection, -1) + 1
            if len(self.places) <= first + row:
                self._place()
            cases.append(Case(type, self.places[first + row], write))
        return cases

    def _place(self) -> Place:
        label = f"p{len(self.places)}"
        portal = Portal(self._open.enter_context(Emulator(self._folder / label)))
        self._open.callback(portal.close)
        web = furnished(portal, self._web)
        login = {"type": "iam_role", "region": "eu-west-1", "role_arn": ""}
        bucket = portal.post("/datasource_connections/", {"type": "amazon_s3", "auth": login})
        portal.forget()
        self.places.append(Place(label, portal, self._folder / "files", web, str(bucket["uid"])))
        self.engine.config["opendatasoft:portals"] = json.dumps(
            {p.label: {"domain": p.portal.url, "apiKey": p.portal.key} for p in self.places}
        )
        return self.places[-1]

    @staticmethod
    def writes(case: Case) -> list[Write]:
        """The writes of a create, each with what a kill during it may leave behind."""
        counted: dict[str, int] = {}
        found: list[Write] = []
        for line in case.place.portal.writes():
            method, path = line.split(" ", 1)
            if not path.startswith(collection_of(case.type)):
                continue
            counted[method] = counted.get(method, 0) + 1
            # Before the commit, all but the first write is as after the one before it.
            faults = ["timeout_after_commit"] if found else ["timeout", "timeout_after_commit"]
            found += [Write(method, path, counted[method], fault, len(faults) == 2) for fault in faults]
        return found

    def interrupt(self, cases: list[Case]) -> None:
        """Create them all, and kill the provider when every one has come to its write."""
        for place in self.places:
            own = [case for case in cases if case.place is place and case.write]
            place.portal.fail(*(_fault(case) for case in own))
        with self.engine.together() as provider, _asides(provider, self.registered(cases)):
            waiting = [case.place.portal for case in cases if case.write]
            eventually(lambda: all(map(_has_struck, waiting)), within=300)
            os.kill(provider.process, signal.SIGKILL)
        for place in self.places:
            place.portal.fail()

    def up(self, cases: list[Case]) -> dict[str, str]:
        """Create them all; returns the failures by the names of the resources."""
        failed: dict[str, str] = {}
        declared = {registration.name: registration for registration in self.registered(cases)}
        with self.engine.together() as provider:

            def create(case: Case) -> None:
                try:
                    inputs, problems = provider.check(declared[case.name].urn, {}, declared[case.name].inputs)
                    assert not problems
                    case.id, case.outputs = provider.create(declared[case.name].urn, inputs)
                    assert (
                        provider.diff(declared[case.name].urn, case.id, case.outputs, inputs, inputs).changes == "none"
                    )
                except (Failed, Unfinished) as error:
                    failed[case.name] = str(error)

            with ThreadPoolExecutor(len(cases)) as pool:
                list(pool.map(create, cases))
        return failed

    def destroy(self, cases: list[Case]) -> None:
        """Delete them all."""
        declared = {registration.name: registration for registration in self.registered(cases)}
        with self.engine.together() as provider, ThreadPoolExecutor(len(cases)) as pool:

            def delete(case: Case) -> None:
                provider.delete(declared[case.name].urn, case.id, case.outputs, declared[case.name].inputs)

            list(pool.map(delete, cases))

    @staticmethod
    def registered(cases: list[Case]) -> list[Registration]:
        """The program of these cases."""

        def declared() -> None:
            for case in cases:
                _declare(case)

        return registered(declared)

    def forget(self) -> None:
        """Delete the journal, as if the next run were on another machine."""
        shutil.rmtree(self.engine.folder / ".home")

    def entries(self) -> list[str]:
        """What is left in the journal."""
        folder = self.engine.folder / ".home" / "opendatasoft" / "begun"
        return sorted(path.read_text() for path in folder.iterdir()) if folder.exists() else []


def whole(portal: Portal) -> dict[str, Any]:
    """Everything on a portal: API keys that are not revoked included."""
    keys = [key["label"] for key in portal.all("/apikeys/") if not key["is_revoked"]]
    roles = [c["auth"].get("role_arn") for c in portal.all("/datasource_connections/") if c["type"] == "amazon_s3"]
    held = content(portal)
    connections = [_without_uuid(connection) for connection in held["connections"]]
    return {**held, "connections": connections, "api keys": sorted(keys), "roles": [role or "" for role in roles]}


def owned(cases: list[Case]) -> list[Any]:
    """The objects on the portals of each resource: those of its collection that were not there before."""
    held = {place.label: whole(place.portal) for place in {case.place.label: case.place for case in cases}.values()}
    return [_own(case, held[case.place.label]) for case in cases]


def _own(case: Case, held: dict[str, Any]) -> Any:
    match case.type:
        case "Group":
            return [group for group in held["groups"] if group["title"] == "city editors"]
        case "User":
            invited = [address for address in held["invitations"] if address.startswith("city@")]
            return invited, [user for user in held["users"] if user["email"].startswith("city@")]
        case "ApiKey":
            return held["api keys"]
        case "AmazonS3ConnectionRole":
            return held["roles"]
        case "MetadataTemplate":
            return held["metadata templates"]
        case "Harvester":
            return held["harvesters"]
        case "CodeEditorPage":
            return held["code editor pages"]
        case "StudioPage":
            return held["Studio pages"]
        case "Dataset":
            return held["datasets"]
        case _:
            return held["connections"][2:]


def _without_uuid(connection: dict[str, Any]) -> dict[str, Any]:
    """A connection whose login has neither an id that is another one each time, nor empty members."""
    auth = {name: value for name, value in (connection.get("auth") or {}).items() if value and name != "external_id"}
    return {**connection, "auth": auth}


def _fault(case: Case) -> dict[str, Any]:
    assert case.write
    path = f"^{collection_of(case.type)}"
    return {"method": case.write.method, "path": path, "nth": case.write.nth, "fault": case.write.fault}


def _has_struck(portal: Portal) -> bool:
    faults = portal.control.get("/faults").raise_for_status().json()
    return all(fault["count"] >= fault["nth"] for fault in faults)


@contextmanager
def _asides(provider: Provider, registrations: list[Registration]) -> Iterator[None]:
    """Creates under way in threads of their own. Their failures, which the kill brings about, are dropped."""

    def create(registration: Registration) -> None:
        try:
            inputs, _ = provider.check(registration.urn, {}, registration.inputs)
            provider.create(registration.urn, inputs)
        except Failed:
            pass

    threads = [threading.Thread(target=create, args=(one,), daemon=True) for one in registrations]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(30)
