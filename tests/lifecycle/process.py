"""A process of the provider for the tests of a life, and what it asks of the noun that they live with."""

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
    """Its client, what it holds, and what it said."""

    api: Api
    ownership: Ownership = field(default_factory=Ownership)
    said: list[str] = field(default_factory=list)

    def run(self, **more: Any) -> Context:
        return Context(
            self.api, 'Club "chess"', **{"urn": URN, "ownership": self.ownership, "info": self.said.append, **more}
        )


def desired(**given: Any) -> State:
    """What a program asks of a club, as the check gives it."""
    inputs, failures = LIFECYCLE.check({}, {"title": "Chess", **given})
    assert failures == []
    return inputs
