"""Random edits of a city's program and of its portal, one after another: after each the portal is as the model is.

Over ten seeds these are more than five hundred edits, on the engine stub; tests/soak makes thirty on the real engine.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from contextlib import chdir, closing, contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from ..faults.fleet import web_server
from ..soak.observed import Observed
from ..soak.plan import FILES, City, plan
from ..soak.portal_edits import PORTAL_EDITS, EditedPortal
from ..soak.program import declare
from ..soak.program_edits import PROGRAM_EDITS, ProgramEdit, resource_is_renamed
from .table import SEED, Outcome, Record

SEEDS = range(SEED, SEED + 10)
EMPTY: City = {"groups": {}, "users": {}, "connections": {}, "datasets": {}}
STEPS = {"updated": "update", "deleted": "delete"}

EDITS: list[ProgramEdit] = [edit for edit in PROGRAM_EDITS if edit is not resource_is_renamed]
"""Those that the engine stub can follow: it knows no aliases."""


class CityStack:
    """The stack of the city on the engine stub, and its portal."""

    def __init__(self, seed: int, engine: Engine, portal: Portal, files: str) -> None:
        self.rng = random.Random(seed)
        self.engine, self.portal = engine, portal
        self.others = Observed(portal, EMPTY).others()
        self.city: City = plan(self.rng, files, 60)

    def program(self) -> None:
        """Declare the city as it is planned now."""
        with chdir(self.engine.folder):
            declare(copy.deepcopy(self.city))

    def up(self) -> None:
        """Run an `up` of the present plan, and accept all invitations."""
        self.engine.up(self.program)
        for user in self.portal.all("/users/"):
            if user.get("joined_at") is None:
                self.portal.control.post("/join", json={"email": user["email"]}).raise_for_status()

    def edit_portal(self, edit: Callable[[EditedPortal], Any]) -> set[str]:
        """Edit the portal, and check that a refresh shows just that; returns the edited resources."""
        at = EditedPortal(self.portal, self.city, self.rng, self.others)
        shown = edit(at)
        assert self.engine.refresh().steps == {name: STEPS[step] for name, step in shown.items()}
        return at.touched & self.city["datasets"].keys()

    def edit_program(self, edit: ProgramEdit) -> set[str]:
        """Edit the program; returns the datasets that differ from before."""
        before = copy.deepcopy(self.city["datasets"])
        edit(self.rng, self.city)
        return {name for name, about in self.city["datasets"].items() if before.get(name) != about}

    def differences(self, datasets: set[str]) -> list[str]:
        """The differences between the portal and the plan, and the steps that are left to do."""
        sampled = self.rng.sample(list(self.city["datasets"]), 5)
        found = Observed(self.portal, self.city).differences({*datasets, *sampled} & self.city["datasets"].keys())
        return [*found, *self.engine.preview(self.program).steps]


@contextmanager
def city_stack(seed: int, folder: Path, servers: Servers) -> Iterator[CityStack]:
    """The stack of a city that was never brought up."""
    stack = folder / "stack"
    stack.mkdir()
    for name, text in FILES.items():
        (stack / name).write_text(text)
    with Emulator(folder / "portal") as emulator, web_server(stack) as files:
        portal = Portal(emulator)
        with (
            closing(portal.http),
            closing(portal.control),
            Engine(servers, stack, domain=portal.url, key=portal.key) as engine,
        ):
            engine.side_by_side = 8
            yield CityStack(seed, engine, portal, files)


@pytest.mark.trust
@pytest.mark.parametrize("seed", SEEDS)
def test_a_city_is_as_planned_after_each_edit(seed: int, tmp_path: Path, servers: Servers, record: Record) -> None:
    with city_stack(seed, tmp_path, servers) as city:
        city.up()
        edits = zip_longest(city.rng.sample(PORTAL_EDITS, len(PORTAL_EDITS)), city.rng.sample(EDITS, len(EDITS)))
        wrong: dict[str, list[str]] = {}
        for on_the_portal, in_the_program in edits:
            datasets: set[str] = set()
            if on_the_portal:
                datasets |= city.edit_portal(on_the_portal)
            if in_the_program:
                datasets |= city.edit_program(in_the_program)
            city.up()
            differences = city.differences(datasets)
            name = " and ".join(edit.__name__ for edit in (on_the_portal, in_the_program) if edit)
            for edit in (on_the_portal, in_the_program):
                if edit:
                    record("update", "random edit", Outcome.LEFT_BEHIND if differences else Outcome.BY_ITSELF)
            if differences:
                wrong[name] = differences
        assert wrong == {}
        for about in city.city["datasets"].values():
            about["may_be_lost"] = True
        city.up()
        city.engine.destroy()
        assert Observed(city.portal, EMPTY).others() == city.others
