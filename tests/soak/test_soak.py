"""A city's portal with many resources of every kind converges after random edits of its program and of the portal.

Only `make trust` runs it. `make test` runs as many edits of a smaller city on the stub, in `tests/trust/test_soak.py`.
"""

from __future__ import annotations

import copy
import json
import os
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tools.seed import serve_region

from ..conftest import Portal
from ..engine.stacks import Stack, eventually
from ..engine_stub.servers import Servers
from ..export.projects import stays_unchanged
from ..faults.fleet import web_server
from .edits import PORTAL_EDITS, PROGRAM_EDITS
from .observed import Observed, records
from .plan import EMPTY, FILES, REALTIME, City, plan
from .portal_edits import EditedPortal, Shown

SEED = int(os.environ.get("CITY_SEED", "20261124"))
"""The seed of the random edits; CITY_SEED sets another one."""

ROUNDS = 3
EDITS = 15
"""The number of edits of the program, and of the portal, over all rounds."""

DATASETS = 60
COMPARED = 12
"""The number of datasets that are compared after each round, besides the edited ones; all of them are at the end."""

WIDE = ("--parallel", "32")


class CityStack:
    """The stack of the city, its portal, the edits so far, and the records that were pushed."""

    def __init__(self, stack: Stack, portal: Portal, files: str, datasets: int) -> None:
        self.rng = random.Random(SEED)
        self.stack, self.portal = stack, portal
        self.city: City = plan(self.rng, files, datasets)
        self.done: list[str] = []
        self.pushed: list[int] = []
        self.others = Observed(portal, EMPTY).others()
        shutil.copy(Path(__file__).with_name("program.py"), stack.folder / "__main__.py")

    def up(self) -> None:
        """Run an `up` of the present plan, and accept all invitations."""
        (self.stack.folder / "city.json").write_text(json.dumps(self.city))
        self.stack.up(*WIDE)
        for user in self.portal.all("/users/"):
            if user.get("joined_at") is None:
                self.portal.control.post("/join", json={"email": user["email"]}).raise_for_status()

    def preview_is_empty(self) -> None:
        """Check that a preview shows no change."""
        self.stack.preview("--expect-no-changes", "--diff", *WIDE)

    def refresh(self, *names: str) -> Shown:
        """Run a refresh of the resources with these names, or of all; returns the changes that it shows."""
        urns = {name: resource["urn"] for name, resource in self.stack.state().items()} if names else {}
        targets = [word for name in names for word in ("--target", urns[name])]
        return dict(CHANGED.findall(self.stack.refresh(*WIDE, *targets).out))

    def push(self) -> None:
        """Push three more records."""
        uid = self.portal.dataset(REALTIME)["uid"]
        (source,) = self.portal.all(f"/datasets/{uid}/resources/")
        new = [self.rng.randint(1, 1000) for _ in range(3)]
        httpx.post(
            source["url"], json=[{"place": "bridge", "value": value} for value in new], timeout=30
        ).raise_for_status()
        self.pushed += new
        eventually(self.has_pushed_records)

    def has_pushed_records(self) -> bool:
        """Whether every record that was ever pushed is public."""
        return [record["value"] for record in records(self.portal, REALTIME)] == self.pushed

    def is_as_planned(self, datasets: list[str] | None = None) -> None:
        """Check that the portal is as planned, by an independent client."""
        names = list(self.city["datasets"]) if datasets is None else datasets
        assert Observed(self.portal, self.city).differences(names) == []
        assert self.has_pushed_records()


CHANGED = re.compile(r"^ [~-]  pulumi-python:dynamic/opendatasoft:\w+ (\S+) (updated|deleted)\b", re.MULTILINE)


@pytest.fixture
def city_stack(big_stack: Stack, portal: Portal, tmp_path: Path) -> Iterator[CityStack]:
    """The stack of the city, with its files beside the program and on a server."""
    serve_region(portal.emulator.portal.folder)
    served = tmp_path / "served"
    served.mkdir()
    for folder in (served, big_stack.folder):
        for name, text in FILES.items():
            (folder / name).write_text(text)
    with web_server(served) as url:
        yield CityStack(big_stack, portal, url, DATASETS)


@pytest.mark.trust
def test_city_converges_after_thirty_random_edits(city_stack: CityStack, servers: Servers, tmp_path: Path) -> None:
    try:
        run_rounds(city_stack)
        stays_unchanged(city_stack.portal, tmp_path / "exported", servers)
    except BaseException as error:
        error.add_note("\n".join([f"CITY_SEED={SEED}, and the edits:", *city_stack.done]))
        raise


def run_rounds(city_stack: CityStack) -> None:
    city_stack.up()
    kinds = ("groups", "users", "connections")
    assert [len(city_stack.city[kind]) for kind in kinds] == [6, 20, 10]
    assert len(city_stack.stack.state()) == sum(map(len, city_stack.city.values()))
    city_stack.push()
    city_stack.is_as_planned()
    city_stack.preview_is_empty()

    of_the_program = city_stack.rng.sample(PROGRAM_EDITS, EDITS)
    of_the_portal = city_stack.rng.sample(PORTAL_EDITS, EDITS)
    for n in range(ROUNDS):
        at = EditedPortal(city_stack.portal, city_stack.city, city_stack.rng, city_stack.others)
        shown: Shown = {}
        for edit in of_the_portal[n::ROUNDS]:
            changes = edit(at)
            city_stack.done.append(f"on the portal: {edit.__name__}: {changes}")
            shown = changes | shown
        # Nothing else: this is also the refresh of all that the round before left alone.
        assert city_stack.refresh() == shown

        before = copy.deepcopy(city_stack.city)
        for change in of_the_program[n::ROUNDS]:
            city_stack.done.append(f"in the program: {change.__name__}: {change(city_stack.rng, city_stack.city)}")
        city_stack.up()
        edited = {
            kind: [name for name, about in now.items() if name in at.touched or before[kind].get(name) != about]
            for kind, now in city_stack.city.items()
        }
        sampled = city_stack.rng.sample(list(city_stack.city["datasets"]), COMPARED)
        city_stack.is_as_planned([*edited["datasets"], *sampled])
        assert city_stack.refresh(*(name for names in edited.values() for name in names)) == {}
        city_stack.preview_is_empty()
        city_stack.push()

    assert city_stack.refresh() == {}
    city_stack.is_as_planned()
    for about in city_stack.city["datasets"].values():
        about["may_be_lost"] = True
    city_stack.up()
    city_stack.stack.destroy(*WIDE)
    assert Observed(city_stack.portal, EMPTY).others() == city_stack.others
