"""Values that look mistyped, at any depth."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.schema.types import UNKNOWN
from pulumi_opendatasoft.schema.typos import mistyped

SHAPE = ods.Dataset.declaration().shape


@pytest.mark.parametrize(
    ("desired", "reason"),
    [
        ({"sources": {"day": {"type": "cvsfile"}}}, 'sources.day.type: is "cvsfile" meant to be "csvfile"?'),
        (
            {"fields": [{}, {"type": "type", "type_param": "datetim"}]},
            'fields[1].type_param: is "datetim" meant to be "datetime"?',
        ),
        (
            {"group_access": [{"group": "a", "permissions": ["edit_dataset", "publish_datasets"]}]},
            'group_access[0].permissions: is "publish_datasets" meant to be "publish_dataset"?',
        ),
        (
            {"default_security": {"api_calls_quota": {"limit": 1, "unit": "mintue"}}},
            'default_security.api_calls_quota.unit: is "mintue" meant to be "minute"?',
        ),
    ],
)
def test_a_value_close_to_a_known_one_is_reported_with_its_path(desired: dict[str, Any], reason: str) -> None:
    assert list(mistyped(SHAPE, desired)) == [f"{reason} It is sent as it is"]


@pytest.mark.parametrize(
    "desired",
    [
        {"sources": {"day": {"type": "csvfile"}}, "fields": [{"type": "type", "type_param": "date"}]},
        {"sources": {"day": {"type": "snowflake_odbc"}}, "dataset_id": "csvfil"},
        *({"sources": {"day": {"type": value}}} for value in ("shapefile", "kmlfile", "xmlfile", "gpxfile", "file")),
        {"sources": UNKNOWN, "fields": [UNKNOWN, {"type": "type", "type_param": UNKNOWN}], "nonsense": "csvfil"},
    ],
)
def test_other_values_are_not_reported(desired: dict[str, Any]) -> None:
    assert list(mistyped(SHAPE, desired)) == []
