"""The life of a role of Amazon S3, which is a part of a connection that others made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from .life import Life
from .rows import Row

if TYPE_CHECKING:
    from .home import Home

ROLE = "arn:aws:iam::123456789012:role/lake"
OTHER_ROLE = "arn:aws:iam::123456789012:role/sea"
PUT = "PUT /datasource_connections/{uid}/"
NAMES = ("one", "two")


def prepare(home: Home) -> dict[str, Any]:
    """Two connections without a role."""
    auth = {"type": "iam_role", "region": "eu-west-1", "role_arn": ""}
    return {
        name: home.portal.post("/datasource_connections/", {"type": "amazon_s3", "auth": auth})["uid"] for name in NAMES
    }


def seen(home: Home) -> Any:
    """The role of each connection."""
    return {name: home.portal.get(f"/datasource_connections/{home.facts[name]}/")["auth"]["role_arn"] for name in NAMES}


def disturb(home: Home, path: str, value: Any) -> None:
    """Name another role."""
    place = f"/datasource_connections/{home.facts[path]}/"
    connection = home.portal.get(place)
    home.portal.put(place, {**connection, "auth": {**connection["auth"], "role_arn": value}})


ROLE_LIFE = Life(
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
    remove=lambda home: disturb(home, "one", ""),
    left=lambda home: [role for role in seen(home).values() if role],
    prepare=prepare,
)
