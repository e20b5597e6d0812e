"""A city's portal of almost a hundred resources lives through many edits, of its program and behind its back."""

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

from ..conftest import Portal
from ..engine.stacks import Stack, eventually
from ..faults.fleet import web_server
from .plan import FILES, REALTIME, City, plan
from .portal_edits import PORTAL_EDITS, Place, Shown
from .program_edits import PROGRAM_EDITS
from .seen import Seen, records

SEED = int(os.environ.get("CITY_SEED", "20261124"))
"""What the edits depend on; CITY_SEED tries another row of them."""

ROUNDS = 3
EDITS = 15
"""So many of the program, and so many of the portal, over all rounds."""

EMPTY: City = {"groups": {}, "users": {}, "connections": {}, "datasets": {}}

LOOKED_AT = 12
"""So many datasets are looked at after each round, besides those that were edited; all of them at the end."""

WIDE = ("--parallel", "32")


class Life:
    """The city on its portal, what was done to it, and what was pushed to it."""

    def __init__(self, stack: Stack, portal: Portal, files: str) -> None:
        self.rng = random.Random(SEED)
        self.stack, self.portal = stack, portal
        self.city: City = plan(self.rng, files)
        self.done: list[str] = []
        self.pushed: list[int] = []
        self.strangers = Seen(portal, EMPTY).strangers()
        shutil.copy(Path(__file__).with_name("program.py"), stack.folder / "__main__.py")

    def up(self) -> None:
        """What the plan says now becomes the program, and is carried out; who is invited by it joins."""
        (self.stack.folder / "city.json").write_text(json.dumps(self.city))
        self.stack.up(*WIDE)
        for user in self.portal.all("/users/"):
            if user["joined_at"] is None:
                self.portal.control.post("/join", json={"email": user["email"]}).raise_for_status()

    def nothing_changes(self) -> None:
        """A refresh is empty, and so is a preview. Only who is known to have joined is missed when not found again."""
        assert self.refresh() == {}
        self.stack.preview("--expect-no-changes", "--diff", *WIDE)

    def refresh(self) -> Shown:
        """What a refresh says has changed on the portal."""
        told = self.stack.refresh(*WIDE).out
        return dict(CHANGED.findall(told))

    def push(self) -> None:
        """Three more bicycles pass."""
        uid = self.portal.dataset(REALTIME)["uid"]
        (source,) = self.portal.all(f"/datasets/{uid}/resources/")
        new = [self.rng.randint(1, 1000) for _ in range(3)]
        httpx.post(source["url"], json=[{"place": "bridge", "value": value} for value in new]).raise_for_status()
        self.pushed += new
        eventually(self.has_what_was_pushed)

    def has_what_was_pushed(self) -> bool:
        """Whether readers see every record that was ever pushed."""
        return [record["value"] for record in records(self.portal, REALTIME)] == self.pushed

    def is_as_planned(self, datasets: list[str] | None = None) -> None:
        """The portal is what the program says, read by a client that is not ours."""
        names = list(self.city["datasets"]) if datasets is None else datasets
        assert Seen(self.portal, self.city).differences(names) == []
        assert self.has_what_was_pushed()


CHANGED = re.compile(r"^ [~-]  pulumi-python:dynamic/opendatasoft:\w+ (\S+) (updated|deleted)\b", re.MULTILINE)


@pytest.fixture
def life(big_stack: Stack, portal: Portal, tmp_path: Path) -> Iterator[Life]:
    """The city's program with its files, beside it and on a server."""
    served = tmp_path / "served"
    served.mkdir()
    for folder in (served, big_stack.folder):
        for name, text in FILES.items():
            (folder / name).write_text(text)
    with web_server(served) as url:
        yield Life(big_stack, portal, url)


def test_a_city_survives_thirty_random_edits(life: Life) -> None:
    try:
        lives(life)
    except BaseException as error:
        error.add_note("\n".join([f"CITY_SEED={SEED}, and what was done:", *life.done]))
        raise


def lives(life: Life) -> None:
    life.up()
    assert {noun: len(things) for noun, things in life.city.items()} == {
        "groups": 6,
        "users": 20,
        "connections": 10,
        "datasets": 60,
    }
    assert len(life.stack.state()) == 96
    life.push()
    life.is_as_planned()
    life.nothing_changes()

    of_the_program = life.rng.sample(PROGRAM_EDITS, EDITS)
    of_the_portal = life.rng.sample(PORTAL_EDITS, EDITS)
    for n in range(ROUNDS):
        at = Place(life.portal, life.city, life.rng, life.strangers)
        shown: Shown = {}
        for edit in of_the_portal[n::ROUNDS]:
            told = edit(at)
            life.done.append(f"on the portal: {edit.__name__}: {told}")
            shown = told | shown
        assert life.refresh() == shown

        before = copy.deepcopy(life.city["datasets"])
        for change in of_the_program[n::ROUNDS]:
            life.done.append(f"in the program: {change.__name__}: {change(life.rng, life.city)}")
        life.up()
        now = life.city["datasets"]
        edited = {name for name, about in now.items() if name in at.touched or before.get(name) != about}
        others = life.rng.sample(list(now), LOOKED_AT)
        life.is_as_planned([*edited, *others])
        life.nothing_changes()
        life.push()

    life.is_as_planned()
    for about in life.city["datasets"].values():
        about["may_be_lost"] = True
    life.up()
    life.stack.destroy(*WIDE)
    assert Seen(life.portal, EMPTY).strangers() == life.strangers
