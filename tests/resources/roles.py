"""The resource type `AmazonS3ConnectionRole` under test: the role of a connection that exists already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from .rows import Row
from .subject import Subject

if TYPE_CHECKING:
    from .bench import Bench

ROLE = "arn:aws:iam::123456789012:role/lake"
OTHER_ROLE = "arn:aws:iam::123456789012:role/sea"
PUT = "PUT /datasource_connections/{uid}/"
NAMES = ("one", "two")


def prepare(bench: Bench) -> dict[str, Any]:
    """Create two connections without a role."""
    auth = {"type": "iam_role", "region": "eu-west-1", "role_arn": ""}
    return {
        name: bench.portal.post("/datasource_connections/", {"type": "amazon_s3", "auth": auth})["uid"]
        for name in NAMES
    }


def seen(bench: Bench) -> Any:
    """The role of each connection."""
    connections = {name: bench.portal.get(f"/datasource_connections/{bench.facts[name]}/") for name in NAMES}
    return {name: connection["auth"]["role_arn"] for name, connection in connections.items()}


def disturb(bench: Bench, path: str, value: Any) -> None:
    """Set another role."""
    endpoint = f"/datasource_connections/{bench.facts[path]}/"
    connection = bench.portal.get(endpoint)
    bench.portal.put(endpoint, {**connection, "auth": {**connection["auth"], "role_arn": value}})


ROLE_SUBJECT = Subject(
    ods.AmazonS3ConnectionRole,
    {"": lambda facts: {"connection": facts["one"], "role_arn": ROLE}},
    (
        Row("role_arn", lambda _: {"role_arn": OTHER_ROLE}, {"one": OTHER_ROLE}, (PUT,)),
        # The other connection gets its role before this one loses it.
        Row(
            "connection",
            lambda facts: {"connection": facts["two"]},
            {"one": "", "two": ROLE},
            (PUT, PUT),
            "replace",
            drifts=False,
            reads=2,
        ),
        Row("adopt", lambda _: {"adopt": True}, drifts=False, reads=0),
        Row("portal", lambda _: {"portal": "second"}, drifts=False, reads=0),
    ),
    seen,
    disturb,
    remove=lambda bench: disturb(bench, "one", ""),
    left=lambda bench: [role for role in seen(bench).values() if role],
    prepare=prepare,
)
