"""The permissions that the program of a folder needs, by what a preview would do or by what a state contains."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ..dry_run.permissions import permissions_needed
from ..dry_run.preview import Step
from ..dry_run.run import DryRun


def needs_of_steps(steps: Sequence[Step]) -> dict[str, list[str]]:
    """The permissions that the steps of a preview need, each with the paths of the calls that need it."""
    return permissions_needed(call for outcome in DryRun().run(steps) for call in outcome.calls)


def needs_of_state(resources: Sequence[Step]) -> dict[str, list[str]]:
    """The permissions that it takes to create what a state contains, which is also what its changes take."""
    return needs_of_steps([_as_create(one) for one in resources])


def _as_create(one: Step) -> Step:
    new = {name: value for name, value in one.old.items() if name != "adopt"}
    return dataclasses.replace(one, op="create", new=new, sources={})
