"""A schedule that another client adds between the read and the write of ours."""

from __future__ import annotations

import pulumi_opendatasoft as ods
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.operations import Update
from pulumi_opendatasoft.lifecycle.section import Progress

from ..client.conftest import KEY
from ..client.scripted import Reply, Request, Response, refusal, serving

CRON = "0 6 * * *"


def test_schedule_that_was_added_meanwhile_is_no_failure() -> None:
    def portal(request: Request) -> Reply:
        if request.method == "GET":
            return Response({"total_count": 0, "results": [], "links": []})
        return refusal(409, "conflict", "there is such a schedule already")

    [section] = [s for s in ods.Dataset.lifecycle().handler.sections if s.names == ("schedules",)]
    with serving(portal) as served, Client(served.url, KEY, retries=0) as client:
        context = Context(client, 'Dataset "air"')
        update = Update(context, "da_x", {"schedules": []}, {"schedules": [CRON]}, frozenset({"schedules"}), {})
        assert section.apply(update, Progress({})) == {}
        assert [call for call in served.calls() if call.startswith("POST")] == ["POST /datasets/da_x/schedules/"]
