"""The sample of a user."""

from __future__ import annotations

import pulumi_opendatasoft as ods

from ..conformance.rules import Unwritten, Writes
from ..resources.users import USER
from . import Sample, Site

OFFICIAL = r"(?:POST /users/(?:invite|provision)/|PUT /users/\{username\}/)"
NAMES = "test_groups_and_users::test_names_are_written_to_a_portal_that_keeps_them"


def declare(site: Site) -> ods.User:
    """A user who is invited, and belongs to a group."""
    editors = site.get(ods.Group)
    return ods.User("User", email="ana@example.org", groups=[editors.uid], permissions=["edit_theme"], first_name="Ana")


SAMPLE = Sample(
    declare,
    USER,
    writes=(
        Writes(OFFICIAL, r"(first_name|last_name|email|permissions|explore_limits\..+)", r"User:\1"),
        Writes(OFFICIAL, r"groups\[\]\.uid", "User:groups"),
        Writes(OFFICIAL, r"identity_provider\.uid", "User:identity_provider"),
        Writes(OFFICIAL, r"identity_provider_attributes", "User:identity_provider_attributes"),
    ),
    unwritten=(
        Unwritten(
            OFFICIAL, "username", "chosen by the portal; it need not exist before the user accepts the invitation"
        ),
        Unwritten(
            OFFICIAL,
            r"groups\[\]\.(title|description|permissions|management_limits|explore_limits\..+)",
            "only the uid of a group that is sent is used",
        ),
        Unwritten(OFFICIAL, "management_limits", "deprecated, and has no members"),
    ),
    proofs={
        "first_name": NAMES,
        "last_name": NAMES,
        "identity_provider_attributes": "test_groups_and_users::test_identity_provider_attributes_are_sent",
    },
)
