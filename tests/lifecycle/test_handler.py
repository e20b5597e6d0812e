"""The defaults of a handler, a section and a context."""

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
from .club import Crier
from .process import Process


def test_default_handler_refuses_nothing() -> None:
    lifecycle = Crier.lifecycle()
    assert lifecycle.check({}, {"title": "Hear"}) == ({"title": "Hear"}, [])


def test_default_handler_has_no_unfinished_work(process: Process, found: str) -> None:
    group = ods.Group.lifecycle()
    with pytest.raises(ResourceError, match=r"nothing was written"):
        group.create(process.context(), {"title": "Chess"})
    assert process.messages == []


def test_section_must_implement_read_and_apply(process: Process) -> None:
    section, context = Section(Crier.declaration().shape["description"]), process.context()
    with pytest.raises(NotImplementedError):
        section.read(Reading(context, "chess", {}), {})
    with pytest.raises(NotImplementedError):
        section.apply(Update(context, "chess", {}, {}, frozenset(), {}), Progress({}))


def test_context_knows_owners_and_prints_to_no_one_by_default(process: Process, connection: Client) -> None:
    context = Context(connection, "Club", ownership=process.ownership)
    context.info("into the air")
    assert not context.is_owned("Club", "chess")
    process.ownership.record(context.domain, "Club", "chess")
    assert context.is_owned("Club", "chess")


def test_handler_without_natural_key_finds_nothing(process: Process, portal: Portal) -> None:
    lifecycle: Lifecycle = Crier.lifecycle()
    lifecycle.create(process.context(), {"title": "Hear"})
    lifecycle.create(process.context(), {"title": "Hear"})
    assert len(portal.all("/groups/")) == 2
    assert lifecycle.handler.kind_name == "crier"
