"""A process of the provider for the tests of a lifecycle, and the resource type `Club` in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pulumi_opendatasoft.lifecycle.context import Api, Context
from pulumi_opendatasoft.lifecycle.ownership import Ownership
from pulumi_opendatasoft.lifecycle.results import State

from .club import Club

URN = "urn:pulumi:dev::city::pulumi-python:dynamic/opendatasoft:Club::chess"
LIFECYCLE = Club.lifecycle()
SERVER_ERROR = {"method": "PUT", "path": "/groups/", "nth": 1, "fault": "status:503"}


@dataclass
class Process:
    """The client of a process, the objects that it owns, and the messages that it printed."""

    api: Api
    ownership: Ownership = field(default_factory=Ownership)
    messages: list[str] = field(default_factory=list)

    def context(self, **more: Any) -> Context:
        return Context(
            self.api, 'Club "chess"', **{"urn": URN, "ownership": self.ownership, "info": self.messages.append, **more}
        )


def desired(**given: Any) -> State:
    """The desired values of a club, as `check` returns them."""
    inputs, failures = LIFECYCLE.check({}, {"title": "Chess", **given})
    assert failures == []
    return inputs
