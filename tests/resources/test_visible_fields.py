"""Which fields are seen: none of them and all of them are two things, and neither is ever taken for the other."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from .observations import is_settled

NONE: dict[str, Any] = {"visible_fields": []}
ALL: dict[str, Any] = {}


def program(given: dict[str, Any]) -> None:
    """A dataset of which readers, and everybody, see what is given."""
    security = ods.DatasetSecurity(**given)
    rule = ods.DatasetGroupAccess(group="readers", security=security)
    ods.Dataset("air", default_security=security, group_access=[rule])


def seen(portal: Portal) -> list[Any]:
    """The visible fields for everybody, and for readers."""
    dataset = portal.dataset("air")
    (rule,) = portal.all(f"/datasets/{dataset['uid']}/security/groups/")
    return [dataset["default_security"]["visible_fields"], rule["security"]["visible_fields"]]


@pytest.mark.parametrize(("first", "second"), [(ALL, NONE), (NONE, ALL)], ids=["all to none", "none to all"])
def test_no_visible_field_differs_from_all_visible_fields(
    first: dict[str, Any], second: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    portal.post("/groups/", {"title": "Readers", "permissions": []})
    engine.up(lambda: program(first))
    assert seen(portal) == [first.get("visible_fields")] * 2
    is_settled(engine, portal, lambda: program(first))

    assert engine.up(lambda: program(second)).steps == {"air": "update"}
    assert seen(portal) == [second.get("visible_fields")] * 2
    is_settled(engine, portal, lambda: program(second))

    uid = portal.dataset("air")["uid"]
    live = portal.get(f"/datasets/{uid}/")["default_security"]
    portal.put(f"/datasets/{uid}/", {"default_security": {**live, "visible_fields": first.get("visible_fields")}})
    (rule,) = portal.all(f"/datasets/{uid}/security/groups/")
    rule["security"]["visible_fields"] = first.get("visible_fields")
    portal.put(f"/datasets/{uid}/security/groups/readers/", rule)
    assert engine.refresh().changed["air"]
    engine.up(lambda: program(second))
    assert seen(portal) == [second.get("visible_fields")] * 2
