"""The sample of an API key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from ..conformance.rules import Unwritten, Writes
from ..resources.rows import ANYTHING, Row
from ..resources.subject import Subject
from . import Sample, Site

if TYPE_CHECKING:
    from ..resources.bench import Bench

GIVEN = {
    "label": "Nightly import",
    "permissions": ["edit_dataset", "create_dataset"],
    "rotate": "2026-01",
    "revocation_reason": "the import moved",
}
PUT = ("PUT /apikeys/{uid}/",)
KEY = r"(?:POST|PUT) /apikeys/(?:\{apikey_uid\}/)?"


def declare(site: Site) -> ods.ApiKey:
    """Every property."""
    return ods.ApiKey(
        "ApiKey",
        label="Nightly import",
        permissions=["edit_dataset", "create_dataset"],
        rotate="2026-01",
        revocation_reason="the import moved",
    )


def seen(bench: Bench) -> Any:
    """The key, without its secret."""
    return {name: value for name, value in bench.portal.get(f"/apikeys/{bench.id}/").items() if name != "key"}


def left(bench: Bench) -> list[Any]:
    """The keys that open something, but for the one that the stack calls with."""
    return [key for key in bench.portal.all("/apikeys/") if not key["is_revoked"] and key["label"] == GIVEN["label"]]


SAMPLE = Sample(
    declare,
    Subject(
        ods.ApiKey,
        {"": lambda _: dict(GIVEN)},
        (
            Row("label", lambda _: {"label": "Weekly import"}, {"label": "Weekly import"}, PUT),
            Row("permissions", lambda _: {"permissions": ["edit_page"]}, {"permissions": ["edit_page"]}, PUT),
            Row(
                "rotate",
                lambda _: {"rotate": "2026-02"},
                {"uid": ANYTHING},
                ("POST /apikeys/", "POST /apikeys/{uid}/revoke/"),
                "replace",
                drifts=False,
            ),
            Row("revocation_reason", lambda _: {"revocation_reason": "leaked"}, drifts=False, reads=0),
            Row("adopt", lambda _: {"adopt": True}, drifts=False, refused="labels repeat"),
            Row("portal", lambda _: {"portal": "second"}, drifts=False, reads=0),
        ),
        seen,
        disturb=lambda bench, path, value: bench.portal.put(f"/apikeys/{bench.id}/", {path: value}),
        remove=lambda bench: bench.portal.post(f"/apikeys/{bench.id}/revoke/"),
        left=left,
    ),
    writes=(
        Writes(KEY, "(label|permissions)", r"ApiKey:\1"),
        Writes(r"POST /apikeys/\{apikey_uid\}/revoke/", "reason", "ApiKey:revocation_reason"),
    ),
    unwritten=(Unwritten("POST /apikeys/search_key/", "key", "a search, which stores nothing"),),
    proofs={"revocation_reason": "test_api_keys::test_destroyed_key_is_revoked_with_the_reason"},
)
