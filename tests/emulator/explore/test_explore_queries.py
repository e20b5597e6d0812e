"""Tests of queries in ODSQL: the records, their order, and their fields."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..calls import add_csv, body_of, error_detail, new_dataset, publish

CONTENT = (
    "Id,Name,Size,Share,Day,Seen,Tags,Open,Place,Year\n"
    '1,Star Wars,10,0.5,2024-02-29,2024-02-29T12:30:00,a/b,true,"47.5,7.5",2020\n'
    "2,Étoile d'été,20,1.5,2024-03-01,2024-03-01T00:00:00Z,b,false,,2021\n"
    "3,Startup,,,,,,,,\n"
    '4,"The ""star"", (again)",-5,100,2023-12-31,2024-02-29T14:30:00+02:00,c,true,,2022\n'
)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., httpx.Response]]:
    """The records of a dataset with four films, which no test changes."""
    with Emulator(tmp_path_factory.mktemp("portal")) as portal:
        with httpx.Client(
            base_url=f"{portal.url}/api/automation/v1.0", headers={"Authorization": f"apikey {portal.key}"}, timeout=30
        ) as api:
            uid = new_dataset(api, "films")
            add_csv(api, uid, CONTENT)
            for rule in (
                {"type": "annotate", "field": "tags", "annotation": "multivalued", "args": ["/"]},
                {"type": "type", "field": "open", "type_param": "boolean"},
            ):
                body_of(api.post(f"/datasets/{uid}/fields/", json={"label": "rule", **rule}), 201)
            assert publish(api, uid)["records_errors"] == []
        with httpx.Client(base_url=f"{portal.url}/api/explore/v2.1/catalog/datasets/films", timeout=30) as public:
            yield lambda **params: public.get("/records", params=params)


Records = Callable[..., httpx.Response]

OTHER_TYPE = "IncompatibleTypesInComparisonFilter: The field"
"""How the service's message begins; dates and numbers in quotes are refused by it, as several clients found."""


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("", [1, 2, 3, 4]),
        # Comparisons are false for an empty value.
        ("size = 10", [1]),
        ("size: 10", [1]),
        ("SIZE = 10 OR size = 20".lower(), [1, 2]),
        ("size != 10", [2, 4]),
        ("size > 10", [2]),
        ("size >= 10", [1, 2]),
        ("size < 0", [4]),
        ("size <= -5", [4]),
        ("size = +10.0", [1]),
        ("share = 1e2", [4]),
        ("year!=2022", [1, 2]),
        ("`size`>15", [2]),
        ('name = "Star Wars"', [1]),
        ("name = 'Star Wars'", [1]),
        ('name = "star wars"', []),
        (r'name = "The \"star\", (again)"', [4]),
        ('name > "T"', [2, 4]),
        ('tags = "b"', [1, 2]),
        ('tags = "a/b"', []),
        ('tags != "b"', [4]),
        # Dates and times: omitted parts are the smallest.
        ("day = date'2024-02-29'", [1]),
        ("day = date'2024/02/29'", [1]),
        ("day < date'2024'", [4]),
        ("day >= date'2024-03'", [2]),
        ("seen = date'2024-02-29T12:30:00'", [1, 4]),
        ("seen = date'2024-02-29T13:30:00+01:00'", [1, 4]),
        ("seen > date'2024-02-29T12:30'", [2]),
        ("day < now()", [1, 2, 4]),
        ("seen > now()", []),
        # Booleans.
        ("open", [1, 4]),
        ("open is true", [1, 4]),
        ("open is false", [2]),
        ("open = false", [2]),
        ("open: TRUE", [1, 4]),
        ("open is not true", [2, 3]),
        ("NOT open", [2, 3]),
        # Empty values.
        ("size is null", [3]),
        ("size IS NOT NULL", [1, 2, 4]),
        ("place is null", [2, 3, 4]),
        # Lists and ranges.
        ("size in (10, 20, 30)", [1, 2]),
        ('name in ("Startup")', [3]),
        ('tags in ("a", "c")', [1, 4]),
        ("size in [10..20]", [1, 2]),
        ("size in [10 to 20]", [1, 2]),
        ("size in ]10..20]", [2]),
        ("size in [-5..20[", [1, 4]),
        ("size: [0..15]", [1]),
        ("day in [date'2024-01-01'..date'2024-02-29']", [1]),
        # Words, in any case and without accents.
        ('name like "star"', [1, 4]),
        ('name like "STAR wars"', [1]),
        ('name like "wars, star"', [1]),
        ('name like "etoile"', [2]),
        ('name like "star*"', [1, 3, 4]),
        ('name like "*up"', [3]),
        ('name like "%tar%"', [1, 3, 4]),
        ('name like "art"', []),
        ('size like "10"', [1]),
        ('"star"', [1, 4]),
        ('"star" and "again"', [4]),
        ('"ete" or "again"', [2, 4]),
        ('NOT "star"', [2, 3]),
        ('"star 10"', [1]),
        ('"2024"', [1, 2, 4]),
        ('search("wars")', [1]),
        ('search(*, "wars")', [1]),
        ('search(tags, name, "b wars")', [1]),
        ('search(tags, "wars")', []),
        ('""', [1, 2, 3, 4]),
        # Combinations: NOT is the exact complement, AND precedes OR.
        ("size = 10 or size = 20 and open", [1]),
        ("(size = 10 or size = 20) and open", [1]),
        ("(size = 10 or size = 20) and not open", [2]),
        ("not size = 10", [2, 3, 4]),
        ("not (size = 10 or open)", [2, 3]),
        ("not not size = 10", [1]),
        ("not " * 100 + "open", [1, 4]),
        ("(" * 100 + "open" + ")" * 100, [1, 4]),
        (" or ".join(["size = 10"] * 2000), [1]),
        ('NOT tags = "b"', [3, 4]),
        ('NOT name like "star"', [2, 3]),
        ("NOT size in (10, 20)", [3, 4]),
        ("not size is null and not open is null", [1, 2, 4]),
    ],
)
def test_where_selects_records(records: Records, where: str, found: list[int]) -> None:
    response = body_of(records(where=where))
    assert [record["id"] for record in response["results"]] == found
    assert response["total_count"] == len(found)


def test_several_filters_hold_together(records: Records) -> None:
    response = body_of(records(where=["size > 0", "open"]))
    assert [record["id"] for record in response["results"]] == [1]


def test_total_count_is_of_all_selected_records(records: Records) -> None:
    response = body_of(records(where="size is not null", limit=1, offset=1))
    assert (response["total_count"], [record["id"] for record in response["results"]]) == (3, [2])
    assert body_of(records(where="size is not null", limit=0)) == {"total_count": 3, "results": []}


@pytest.mark.parametrize(
    ("order_by", "found"),
    [
        ("size", [4, 1, 2, 3]),
        ("size asc", [4, 1, 2, 3]),
        ("size DESC", [2, 1, 4, 3]),
        ("seen, size", [4, 1, 2, 3]),
        ("seen, size desc", [1, 4, 2, 3]),
        ("open desc, id desc", [4, 1, 2, 3]),
        ("name", [1, 3, 4, 2]),
        ("tags", [1, 2, 4, 3]),
        ("`day` desc", [2, 1, 4, 3]),
    ],
)
def test_order_by_sorts_empty_values_last(records: Records, order_by: str, found: list[int]) -> None:
    assert [record["id"] for record in body_of(records(order_by=order_by))["results"]] == found


@pytest.mark.parametrize(
    ("select", "first"),
    [
        ("id", {"id": 1}),
        ("size, id", {"size": 10, "id": 1}),
        ("id as number, name AS title", {"number": 1, "title": "Star Wars"}),
        ("id, id as again", {"id": 1, "again": 1}),
        ("include(s*), id", {"size": 10, "share": 0.5, "seen": "2024-02-29T12:30:00+00:00", "id": 1}),
        ("include(id)", {"id": 1}),
        ("exclude(*), id", {"id": 1}),
        (
            "*, exclude(s*), exclude(place), exclude(tags)",
            {"id": 1, "name": "Star Wars", "day": "2024-02-29", "open": True, "year": 2020},
        ),
        (
            "exclude(s*), exclude(place), exclude(tags)",
            {"id": 1, "name": "Star Wars", "day": "2024-02-29", "open": True, "year": 2020},
        ),
        ("place, tags", {"place": {"lon": 7.5, "lat": 47.5}, "tags": ["a", "b"]}),
    ],
)
def test_select_shows_fields_in_its_order(records: Records, select: str, first: dict[str, Any]) -> None:
    shown = body_of(records(select=select))["results"][0]
    assert shown == first
    assert list(shown) == list(first)


def test_number_without_a_finite_result_is_empty(records: Records) -> None:
    params = {"select": "share * 1e308 * 1e308 as x, size / 0 as y", "limit": 1}
    assert body_of(records(**params))["results"] == [{"x": None, "y": None}]


def test_a_star_selects_all_fields(records: Records) -> None:
    assert body_of(records(select="*")) == body_of(records())


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("garbage==", "unexpected = at position 8 in garbage=="),
        ('contains(name, "x")', 'unexpected ( at position 8 in contains(name, "x")'),
        ("1_uai = 2", "unexpected _uai at position 1 in 1_uai = 2"),
        ("size = ", "unexpected end of line in size = "),
        ("size = 1 and", "unexpected end of line in size = 1 and"),
        ("size = 1 size = 2", "unexpected size at position 9 in size = 1 size = 2"),
        ("size not in (1)", "unexpected not at position 5 in size not in (1)"),
        ('name not like "x"', 'unexpected not at position 5 in name not like "x"'),
        ("(size = 1", "unexpected end of line in (size = 1"),
        ("size = 1)", "unexpected ) at position 8 in size = 1)"),
        ("size in [1, 2]", "unexpected , at position 10 in size in [1, 2]"),
        ("size in ()", "unexpected ) at position 9 in size in ()"),
        ("name like 3", "unexpected 3 at position 10 in name like 3"),
        ("size is 3", "unexpected 3 at position 8 in size is 3"),
        ("size = 1 and and size = 2", "unexpected and at position 13 in size = 1 and and size = 2"),
        ('name = "never closed', 'unexpected " at position 7 in name = "never closed'),
        ("size ; 1", "unexpected ; at position 5 in size ; 1"),
        ("  ;", "unexpected ; at position 2 in   ;"),
    ],
)
def test_unparsable_clause_has_the_service_message(records: Records, where: str, what: str) -> None:
    assert error_detail(records(where=where)) == {
        "error_code": "ODSQLSyntaxError",
        "message": f"ODSQL syntax exception: {what}. Clause(s) containing the error(s): where.",
    }


@pytest.mark.parametrize(
    ("params", "what"),
    [
        ({"where": "anzahl = 1"}, "Unknown field: anzahl"),
        ({"where": "Size = 1"}, "Unknown field: Size"),
        ({"select": "anzahl"}, "Unknown field: anzahl"),
        ({"order_by": "anzahl"}, "Unknown field: anzahl"),
        ({"where": 'size = "many"'}, f"{OTHER_TYPE} size of type int cannot be compared with many"),
        ({"where": 'size = "10"'}, f"{OTHER_TYPE} size of type int cannot be compared with 10"),
        (
            {"where": 'day = "2024-02-29"'},
            f"{OTHER_TYPE} day of type date cannot be compared with 2024-02-29",
        ),
        ({"where": "size = date'2024'"}, f"{OTHER_TYPE} size of type int cannot be compared with 2024"),
        (
            {"where": "day > date'0001-01-01T00:00+14:00'"},
            "Invalid date: 0001-01-01T00:00+14:00",
        ),
        ({"where": 'day > "yesterday"'}, f"{OTHER_TYPE} day of type date cannot be compared with yesterday"),
        ({"where": "day = 2024"}, f"{OTHER_TYPE} day of type date cannot be compared with 2024"),
        ({"where": "open = 1"}, f"{OTHER_TYPE} open of type boolean cannot be compared with 1"),
        (
            {"where": 'open = "perhaps"'},
            f"{OTHER_TYPE} open of type boolean cannot be compared with perhaps",
        ),
        (
            {"where": 'place = "47.5,7.5"'},
            f"{OTHER_TYPE} place of type geo_point_2d cannot be compared with 47.5,7.5",
        ),
        ({"where": "size"}, "The field size of type int is neither true nor false"),
        ({"where": "size > 1e400"}, "Invalid number: 1e400"),
        ({"where": "day > now(days=99999999999)"}, "Invalid parameter of now(): days=99999999999"),
        ({"where": "day > now(fortnights=1)"}, "Invalid parameter of now(): fortnights=1"),
        ({"where": "day > date'tomorrow'"}, "Invalid date: tomorrow"),
        ({"where": "intersects(place, geom'POINT(1')"}, "Invalid geometry: neither well-known text nor binary"),
        ({"where": "within_distance(place, geom'POINT(1 1)', 3 miles)"}, "Invalid distance: 3 miles"),
        ({"where": "count(*) > 1"}, "count() cannot be used here"),
        ({"where": "name + 1 > 2"}, "Arithmetic operators are only defined on numbers: name"),
        ({"select": "sum(sum(size))"}, "sum() of an aggregation"),
        ({"select": "size, count(*)"}, "An aggregation beside fields needs a group_by"),
        ({"order_by": "count(*)"}, "An aggregation in order_by needs a group_by"),
        ({"select": "date_format(day, 'QQ')"}, "Unknown date format symbol: QQ"),
        ({"group_by": "range(size, 0)"}, "The width of range() is not positive"),
        ({"group_by": "range(size, 5, *, 6)"}, "range() expects a width, or ends from the lowest to the highest"),
        ({"order_by": "place"}, "The field place of type geo_point_2d cannot be sorted"),
    ],
)
def test_meaningless_clause_is_refused(records: Records, params: dict[str, str], what: str) -> None:
    (clause,) = params
    assert error_detail(records(**params)) == {
        "error_code": "ODSQLError",
        "message": f"ODSQL query is malformed: {what}. Clause(s) containing the error(s): {clause}.",
    }


@pytest.mark.parametrize(
    ("params", "what"),
    [
        ({"where": "not " * 101 + "open"}, "Nesting of more than 100 levels"),
        ({"where": "(" * 3000 + "open"}, "Nesting of more than 100 levels"),
        ({"where": "size" + " + size" * 201 + " > 1"}, "Arithmetic of more than 200 operators"),
        ({"where": 'vector_similarity_threshold("jazz")'}, "The function vector_similarity_threshold()"),
        ({"order_by": 'vector_similarity("jazz")'}, "The function vector_similarity()"),
        ({"group_by": "geo_cluster(place, 10)"}, "The function geo_cluster()"),
    ],
)
def test_unsupported_query_language_is_refused(records: Records, params: dict[str, str], what: str) -> None:
    (clause,) = params
    assert error_detail(records(**params)) == {
        "error_code": "NotImplementedError",
        "message": f"{what} in {clause} is not carried out by this portal.",
    }


@pytest.mark.parametrize(
    "params",
    [
        {"select": ""},
        {"select": "id,"},
        {"select": "id as"},
        {"select": "include(s"},
        {"order_by": ""},
        {"order_by": "id up"},
        {"order_by": "id,,size"},
    ],
)
def test_a_select_or_an_order_that_cannot_be_read_is_refused(records: Records, params: dict[str, str]) -> None:
    assert error_detail(records(**params))["error_code"] == "ODSQLSyntaxError"


def test_sql_in_a_query_is_only_text(records: Records) -> None:
    assert body_of(records(where='name = "\' OR 1=1 --"'))["total_count"] == 0
    assert body_of(records())["total_count"] == 4
