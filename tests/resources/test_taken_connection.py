"""A new connection that another resource takes before the response to its POST has come."""

from __future__ import annotations

import pulumi_opendatasoft as ods
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.operations import Creation

from ..client.conftest import KEY
from ..client.scripted import Reply, Request, Response, serving


def test_connection_taken_before_the_response_is_made_again() -> None:
    handler = ods.HTTPConnection.lifecycle().handler
    uids = iter(["co_1", "co_2"])

    def portal(_: Request) -> Reply:
        uid = next(uids)
        if uid == "co_1":
            # Another resource, whose own response was lost, finds this connection and takes it for its own.
            assert context.ownership.take_if_free(context.domain, handler.owned_as, uid)
        return Response({"uid": uid, "type": "http", "url": "https://data.example"}, 201)

    with serving(portal) as served, Client(served.url, KEY, retries=0) as client:
        context = Context(client, 'HTTPConnection "files"')
        created = handler.create(Creation(context, {"url": "https://data.example"}))
        assert created["uid"] == "co_2"
        assert served.calls() == ["POST /datasource_connections/"] * 2
