"""The forms of the functions of `harvesters` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from ..harvesters import (
    HarvesterErrors,
    HarvesterInfo,
    HarvesterPreview,
    HarvesterScheduleInfo,
    get_harvester,
    get_harvester_errors,
    get_harvester_schedule,
    list_harvester_schedules,
    list_harvesters,
    preview_harvester,
)
from ..later import later


def get_harvester_output(
    uid: pulumi.Input[str | None] = None,
    *,
    name: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[HarvesterInfo]:
    """Return a harvester by its uid or its name.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_harvester, {"uid": uid, "name": name, "portal": portal})


def list_harvesters_output(*, portal: pulumi.Input[str | None] = None) -> pulumi.Output[list[HarvesterInfo]]:
    """Return the harvesters.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_harvesters, {"portal": portal})


def get_harvester_errors_output(
    uid: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[HarvesterErrors]:
    """Return the errors of a harvester's last run.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_harvester_errors, {"uid": uid, "portal": portal})


def preview_harvester_output(
    uid: pulumi.Input[str],
    *,
    source: pulumi.Input[Mapping[str, Any] | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[HarvesterPreview]:
    """Return what a run of a harvester would harvest now.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        uid: the harvester.
        source: members of its source to try without saving them: `{"url": "https://…"}`. The others, also secrets,
            are those that the harvester has.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(preview_harvester, {"uid": uid, "source": source, "portal": portal})


def list_harvester_schedules_output(
    harvester: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[HarvesterScheduleInfo]]:
    """Return the schedules of a harvester, of which the uid is given; there is one at most.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_harvester_schedules, {"harvester": harvester, "portal": portal})


def get_harvester_schedule_output(
    harvester: pulumi.Input[str], uid: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[HarvesterScheduleInfo]:
    """Return a schedule of a harvester by its uid (`sc_…`).

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_harvester_schedule, {"harvester": harvester, "uid": uid, "portal": portal})
