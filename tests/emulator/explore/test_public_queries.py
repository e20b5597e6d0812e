"""Tests of queries of public dashboards and scripts, each named by where it is from."""

from typing import Any

import httpx
import pytest

from ..calls import body_of, error_detail
from .public_queries import ANSWERED
from .stations import RECORDS

EXPORTS = "datasets/stations/exports"
SYNTAX, MALFORMED = "ODSQLSyntaxError", "ODSQLError"


@pytest.mark.parametrize(
    ("path", "params", "results"), [case[1:] for case in ANSWERED], ids=[case[0] for case in ANSWERED]
)
def test_public_query_is_answered(
    stations: httpx.Client, path: str, params: dict[str, Any], results: list[Any]
) -> None:
    assert body_of(stations.get(path, params=params))["results"] == results


@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        ({"select": "sum(town)"}, MALFORMED, "StatAggregation only supports numeric or date expression"),
        ({"select": "stddev(capacity)"}, SYNTAX, "unexpected ( at position 6 in stddev(capacity)"),
        ({"group_by": "place"}, MALFORMED, "Aggregation on geo point field is not possible"),
        ({"where": "opened = '2024'"}, MALFORMED, "IncompatibleTypesInComparisonFilter"),
        ({"where": "year(opened) in (2023)"}, SYNTAX, "unexpected in at position 13"),
        ({"where": 'contains(name, "x")'}, SYNTAX, "unexpected ( at position 8"),
        (
            {"select": "count(*) as y", "group_by": "year(opened) as y"},
            MALFORMED,
            "Alias 'y' is declared several times",
        ),
        ({"group_by": "town", "order_by": "town, count(*)"}, MALFORMED, "Aggregations must come before fields"),
        ({"group_by": "range(opened, 2 months)"}, MALFORMED, "Invalid interval: 2 months"),
        ({"limit": "101"}, "InvalidRESTParameterError", "-1 <= limit <= 100 is expected"),
        ({"group_by": "town", "limit": "20001"}, "InvalidRESTParameterError", "-1 <= limit <= 20000 is expected"),
    ],
)
def test_public_query_is_refused(stations: httpx.Client, params: dict[str, str], code: str, message: str) -> None:
    refused = error_detail(stations.get(RECORDS, params=params))
    assert refused["error_code"] == code
    assert message in refused["message"]


def test_groups_have_no_total_count(stations: httpx.Client) -> None:
    assert set(body_of(stations.get(RECORDS, params={"group_by": "town"}))) == {"results"}


def test_address_of_the_export_tab_has_the_offsets_of_its_zone(stations: httpx.Client) -> None:
    query = "lang=fr&timezone=Europe%2FParis&use_labels=true&delimiter=%3B"
    titles, first, *_ = (
        stations.get(f"{EXPORTS}/csv?{query}").raise_for_status().text.removeprefix("\ufeff").splitlines()
    )
    assert titles == "Id;Name;Town;Capacity;Share;Opened;Seen;Lines;Path;Open;Place;Zone"
    assert first.split(";")[:8] == [
        "1",
        "Gare du Nord",
        "Paris",
        "20",
        "0.5",
        "2023-01-15",
        "2024-03-01T00:30:00+01:00",
        "4,5",
    ]
