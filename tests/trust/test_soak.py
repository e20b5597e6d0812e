"""Random edits of a city's program and of its portal, one after another: after each the portal is as the model is.

Over ten seeds these are more than seven hundred edits, on the engine stub; tests/soak makes thirty on the real engine.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Sequence
from contextlib import chdir, closing, contextmanager
from pathlib import Path

import pytest
from opendatasoft_emulator.server import Emulator

from tools.seed import serve_region

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from ..faults.fleet import web_server
from ..soak.edits import PORTAL_EDITS, PROGRAM_EDITS
from ..soak.observed import Observed
from ..soak.page_edits import IN_THE_PROGRAM, ON_THE_PORTAL
from ..soak.plan import EMPTY, FILES, City, plan
from ..soak.portal_edits import EditedPortal, PortalEdit, Shown
from ..soak.program import declare
from ..soak.program_edits import ProgramEdit, resource_is_renamed
from .table import SEED, Outcome, Record

SEEDS = range(SEED, SEED + 10)
STEPS = {"updated": "update", "deleted": "delete"}

ON_DATA = [edit for edit in PORTAL_EDITS if edit not in ON_THE_PORTAL]

EDITS: list[ProgramEdit] = [edit for edit in PROGRAM_EDITS if edit is not resource_is_renamed]
"""Those that the engine stub can follow: it knows no aliases."""

EDITS_OF_DATA = [edit for edit in EDITS if edit not in IN_THE_PROGRAM]


class CityStack:
    """The stack of the city on the engine stub, and its portal."""

    def __init__(self, seed: int, engine: Engine, portal: Portal, files: str, datasets: int) -> None:
        self.rng = random.Random(seed)
        self.engine, self.portal = engine, portal
        self.others = Observed(portal, EMPTY).others()
        self.city: City = plan(self.rng, files, datasets)

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

    def edit_portal(self, edits: Sequence[PortalEdit]) -> set[str]:
        """Edit the portal, and check that a refresh shows just that; returns the edited datasets."""
        at = EditedPortal(self.portal, self.city, self.rng, self.others)
        shown: Shown = {}
        for edit in edits:
            shown = edit(at) | shown
        assert self.engine.refresh().steps == {name: STEPS[step] for name, step in shown.items()}
        return at.touched & self.city["datasets"].keys()

    def edit_program(self, edits: Sequence[ProgramEdit]) -> set[str]:
        """Edit the program; returns the datasets that differ from before."""
        before = copy.deepcopy(self.city["datasets"])
        for edit in edits:
            edit(self.rng, self.city)
        return {name for name, about in self.city["datasets"].items() if before.get(name) != about}

    def differences(self, datasets: set[str]) -> list[str]:
        """The differences between the portal and the plan, and the steps that are left to do."""
        sampled = self.rng.sample(list(self.city["datasets"]), 5)
        found = Observed(self.portal, self.city).differences({*datasets, *sampled} & self.city["datasets"].keys())
        return [*found, *self.engine.preview(self.program).steps]


@contextmanager
def city_stack(seed: int, folder: Path, servers: Servers, datasets: int) -> Iterator[CityStack]:
    """The stack of a city that was never brought up."""
    stack = folder / "stack"
    stack.mkdir()
    for name, text in FILES.items():
        (stack / name).write_text(text)
    with Emulator(folder / "portal") as emulator, web_server(stack) as files:
        serve_region(emulator.portal.folder)
        portal = Portal(emulator)
        with (
            closing(portal),
            Engine(servers, stack, domain=portal.url, key=portal.key) as engine,
        ):
            engine.side_by_side = 8
            yield CityStack(seed, engine, portal, files, datasets)


def walk(
    city: CityStack, on_portal: list[PortalEdit], in_program: list[ProgramEdit], record: Record, *, rounds: int
) -> None:
    """Make the edits of both kinds in so many rounds, each followed by an `up`, and take the city down."""
    wrong: dict[str, list[str]] = {}
    for n in range(rounds):
        edits = [*on_portal[n::rounds], *in_program[n::rounds]]
        datasets = city.edit_portal(on_portal[n::rounds]) | city.edit_program(in_program[n::rounds])
        city.up()
        differences = city.differences(datasets)
        for _ in edits:
            record("update", "random edit", Outcome.LEFT_BEHIND if differences else Outcome.BY_ITSELF)
        if differences:
            wrong[" and ".join(edit.__name__ for edit in edits)] = differences
    assert wrong == {}
    for about in city.city["datasets"].values():
        about["may_be_lost"] = True
    city.up()
    city.engine.destroy()
    assert Observed(city.portal, EMPTY).others() == city.others


@pytest.mark.trust
@pytest.mark.parametrize("seed", SEEDS)
def test_a_city_is_as_planned_after_each_edit(seed: int, tmp_path: Path, servers: Servers, record: Record) -> None:
    with city_stack(seed, tmp_path, servers, 40) as city:
        city.up()
        on_portal = city.rng.sample(PORTAL_EDITS, len(PORTAL_EDITS))
        in_program = city.rng.sample(EDITS, len(EDITS))
        walk(city, on_portal, in_program, record, rounds=max(len(on_portal), len(in_program)))


@pytest.mark.sampled
def test_a_small_city_survives_thirty_edits(tmp_path: Path, servers: Servers, record: Record) -> None:
    """Every edit of a page, a template, a harvester and an image, and some of the others, ten in each round."""
    with city_stack(SEED, tmp_path, servers, 6) as city:
        city.up()
        on_portal = [*ON_THE_PORTAL, *city.rng.sample(ON_DATA, 15 - len(ON_THE_PORTAL))]
        in_program = [*IN_THE_PROGRAM, *city.rng.sample(EDITS_OF_DATA, 15 - len(IN_THE_PROGRAM))]
        walk(city, on_portal, in_program, record, rounds=3)
