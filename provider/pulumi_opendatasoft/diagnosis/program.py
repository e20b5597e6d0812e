"""The permissions that the program of a folder needs, by what a preview would do or by what a state contains."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ..dry_run.permissions import permissions_needed
from ..dry_run.preview import Step
from ..dry_run.run import DryRun
from .examination import Needs


def needs_of_steps(steps: Sequence[Step], source: str) -> Needs:
    """The permissions that steps need, each with the paths of the calls that need it.

    Args:
        steps: The steps.
        source: Where they come from: `the preview`.
    """
    outcomes = DryRun().run(steps)
    failed = sum(bool(outcome.failure) for outcome in outcomes)
    but_for = f" (but for {failed} of {len(steps)} resources, whose calls are not known)" if failed else ""
    return Needs(permissions_needed(call for outcome in outcomes for call in outcome.calls), f"{source}{but_for}")


def needs_of_state(resources: Sequence[Step], source: str) -> Needs:
    """The permissions that it takes to create what a state contains, which is also what its changes take.

    Args:
        resources: The resources of the state.
        source: Where it comes from: `the state of the stack`.
    """
    return needs_of_steps([_as_create(one) for one in resources], source)


def _as_create(one: Step) -> Step:
    new = {name: value for name, value in one.old.items() if name != "adopt"}
    return dataclasses.replace(one, op="create", new=new, sources={})
