"""What every noun, section and run has by itself."""

from __future__ import annotations

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.errors import ResourceError
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.lifecycle import Lifecycle
from pulumi_opendatasoft.lifecycle.operations import Reading, Update
from pulumi_opendatasoft.lifecycle.section import Progress, Section

from ..conftest import Portal
from .clubs import Crier
from .process import Process


def test_a_noun_refuses_and_remarks_nothing_by_itself() -> None:
    life = Crier.lifecycle()
    assert life.check({}, {"title": "Hear"}) == ({"title": "Hear"}, [])
    assert life.handler.warnings({}, {"title": "Hear"}) == []


def test_what_exists_is_nobodys_unfinished_work_unless_the_noun_says_so(process: Process, found: str) -> None:
    group = ods.Group.lifecycle()
    with pytest.raises(ResourceError, match=r"nothing was written"):
        group.create(process.run(), {"title": "Chess"})
    assert process.said == []


def test_a_section_must_say_how_it_reads_and_writes(process: Process) -> None:
    section, run = Section(Crier.declaration().shape["description"]), process.run()
    with pytest.raises(NotImplementedError):
        section.read(Reading(run, "chess", {}), {})
    with pytest.raises(NotImplementedError):
        section.apply(Update(run, "chess", {}, {}, frozenset(), {}), Progress({}))


def test_a_run_knows_what_is_held_and_needs_nobody_who_listens(process: Process, connection: Client) -> None:
    run = Context(connection, "Club", ownership=process.ownership)
    run.info("into the air")
    assert not run.is_owned("Club", "chess")
    process.ownership.record(run.domain, "Club", "chess")
    assert run.is_owned("Club", "chess")


def test_a_noun_without_a_natural_key_is_never_in_the_way_and_never_found(process: Process, portal: Portal) -> None:
    life: Lifecycle = Crier.lifecycle()
    life.create(process.run(), {"title": "Hear"})
    life.create(process.run(), {"title": "Hear"})
    assert len(portal.all("/groups/")) == 2
    assert life.handler.kind_name == "crier"
