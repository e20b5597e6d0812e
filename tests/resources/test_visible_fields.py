"""The visible fields: no field and all fields are different values, and neither is taken for the other."""

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
    """A dataset with the same visible fields for all and for the readers."""
    security = ods.DatasetSecurity(**given)
    rule = ods.DatasetGroupAccess(group="readers", security=security)
    ods.Dataset("air", default_security=security, group_access=[rule])


def visible_fields(portal: Portal) -> list[Any]:
    """The visible fields for all, and for the readers."""
    dataset = portal.dataset("air")
    (rule,) = portal.all(f"/datasets/{dataset['uid']}/security/groups/")
    return [dataset["default_security"]["visible_fields"], rule["security"]["visible_fields"]]


@pytest.mark.parametrize(("first", "second"), [(ALL, NONE), (NONE, ALL)], ids=["all to none", "none to all"])
def test_no_visible_field_differs_from_all_visible_fields(
    first: dict[str, Any], second: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    portal.post("/groups/", {"title": "Readers", "permissions": []})
    engine.up(lambda: program(first))
    assert visible_fields(portal) == [first.get("visible_fields")] * 2
    is_settled(engine, portal, lambda: program(first))

    assert engine.up(lambda: program(second)).steps == {"air": "update"}
    assert visible_fields(portal) == [second.get("visible_fields")] * 2
    is_settled(engine, portal, lambda: program(second))

    uid = portal.dataset("air")["uid"]
    security = portal.get(f"/datasets/{uid}/")["default_security"]
    portal.put(f"/datasets/{uid}/", {"default_security": {**security, "visible_fields": first.get("visible_fields")}})
    (rule,) = portal.all(f"/datasets/{uid}/security/groups/")
    rule["security"]["visible_fields"] = first.get("visible_fields")
    portal.put(f"/datasets/{uid}/security/groups/readers/", rule)
    assert engine.refresh().changed["air"]
    engine.up(lambda: program(second))
    assert visible_fields(portal) == [second.get("visible_fields")] * 2
