"""The sample of a group."""

from __future__ import annotations

import pulumi_opendatasoft as ods

from ..conformance.rules import Unwritten, Writes
from ..resources.groups import GROUP
from . import Sample, Site

OFFICIAL = r"(?:POST|PUT) /groups/(?:\{group_uid\}/)?"


def declare(site: Site) -> ods.Group:
    """Every property but the members, which others give by their `groups`."""
    return ods.Group(
        "Group",
        title="Editors",
        description="Those who edit",
        permissions=["edit_dataset", "create_dataset"],
        explore_limits=ods.ExploreLimits(api_calls=ods.Quota(limit=1000, unit="day")),
    )


def with_members(site: Site) -> ods.Group:
    """A group that names its members."""
    return ods.Group("Group 2", title="Readers", permissions=["edit_dataset"], members=["admin"])


SAMPLE = Sample(
    declare,
    GROUP,
    (with_members,),
    writes=(
        Writes(OFFICIAL, r"(title|description|permissions|explore_limits\..+)", r"Group:\1"),
        Writes(r"POST /groups/\{group_uid\}/users/(?:batch/)?", "username", "Group:members"),
    ),
    unwritten=(Unwritten(OFFICIAL, "management_limits", "deprecated, and has no members"),),
)
