"""Queries of public dashboards and scripts with their results, written anew for a dataset of stations."""

from typing import Any

from .stations import RECORDS


def ids(*found: int) -> list[dict[str, int]]:
    return [{"id": one} for one in found]


ANSWERED: list[tuple[str, str, dict[str, Any], list[Any]]] = [
    # Aggregates by groups.
    (
        "elia.be, power of today by fuel",
        RECORDS,
        {
            "select": "sum(capacity) as power",
            "where": "seen < now(hour=0,minute=0)",
            "group_by": "date_format(seen, 'YYYY/MM/dd') as date, town",
            "order_by": "date DESC",
            "limit": 20,
        },
        [
            {"date": "2024/03/02", "town": "Basel", "power": 40},
            {"date": "2024/03/02", "town": "Lyon", "power": 15},
            {"date": "2024/03/01", "town": "Paris", "power": 31},
            {"date": "2024/02/29", "town": "Paris", "power": 20},
        ],
    ),
    (
        "elia.be, power of the last week",
        RECORDS,
        {
            "select": "sum(capacity) as power",
            "where": "seen > now(days=-7, hour=0, minute=0) and seen < now(days=-1,hour=23,minute=59) and capacity >0",
            "group_by": "town as fuel",
        },
        [],
    ),
    (
        "stad.gent, reports by day of the week",
        RECORDS,
        {
            "select": "2023 as jaar, count(*) as aantal",
            "where": "opened is not null",
            "group_by": "date_format(opened, 'E') as dag, date_format(opened, 'e') as weekday",
            "order_by": "weekday",
            "lang": "nl",
        },
        [
            {"dag": "di", "weekday": "2", "jaar": 2023, "aantal": 1},
            {"dag": "wo", "weekday": "3", "jaar": 2023, "aantal": 1},
            {"dag": "do", "weekday": "4", "jaar": 2023, "aantal": 1},
            {"dag": "zo", "weekday": "7", "jaar": 2023, "aantal": 1},
        ],
    ),
    (
        "data.bs.ch, water temperature by half days",
        RECORDS,
        {
            "select": "avg(capacity) as temp",
            "where": "seen>=now(years=-100)",
            "group_by": "range(seen, 12 hour) as time",
            "limit": 900,
            "timezone": "UTC",
        },
        [
            {"time": "[2024-02-29T12:00:00.000Z, 2024-03-01T00:00:00.000Z[", "temp": 20.0},
            {"time": "[2024-03-01T00:00:00.000Z, 2024-03-01T12:00:00.000Z[", "temp": 31.0},
            {"time": "[2024-03-02T12:00:00.000Z, 2024-03-03T00:00:00.000Z[", "temp": 27.5},
        ],
    ),
    (
        "data.bs.ch, rain by days",
        RECORDS,
        {
            "select": "max(share) as rain",
            "where": 'town="Paris"',
            "group_by": "date_format(seen, 'yyyyMMdd') as date",
            "order_by": "date DESC",
            "limit": 7,
        },
        [{"date": "20240301", "rain": 1.5}, {"date": "20240229", "rain": 0.5}],
    ),
    (
        "data.bs.ch, temperatures by year, month and day",
        RECORDS,
        {
            "select": "avg(capacity) as warmth",
            "where": "seen > date'2024-03-01T12:00'",
            "group_by": "year(seen) as jahr,month(seen) as monat,day(seen) as tag",
        },
        [{"jahr": 2024, "monat": 3, "tag": 2, "warmth": 27.5}],
    ),
    (
        "sncf.com, lost property by months",
        RECORDS,
        {
            "select": "COUNT(*) as count",
            "where": "opened is not null",
            "group_by": "RANGE(opened, 1 month) as date",
            "order_by": "date DESC",
            "limit": 2,
        },
        [
            {"date": "[2024-02-01T00:00:00.000Z, 2024-03-01T00:00:00.000Z[", "count": 1},
            {"date": "[2024-01-01T00:00:00.000Z, 2024-02-01T00:00:00.000Z[", "count": 1},
        ],
    ),
    (
        "opendata.paris.fr course, stations and places by town",
        RECORDS,
        {"select": "town,count(*),sum(capacity)", "where": "capacity > 0", "group_by": "town", "limit": 10},
        [
            {"town": "Basel", "count(*)": 1, "sum(capacity)": 40},
            {"town": "Lyon", "count(*)": 1, "sum(capacity)": 15},
            {"town": "Paris", "count(*)": 2, "sum(capacity)": 51},
        ],
    ),
    (
        "opendata.paris.fr course, towns with the most stations",
        RECORDS,
        {"select": "town,count(*) as nb,sum(capacity)", "group_by": "town", "order_by": "nb DESC", "limit": 1},
        [{"town": "Paris", "nb": 2, "sum(capacity)": 51}],
    ),
    (
        "opendata.paris.fr course, ranges of one width",
        RECORDS,
        {"select": "count(*)", "where": "capacity is not null", "group_by": "RANGE(capacity,15)"},
        [{"RANGE(capacity,15)": "[15, 29]", "count(*)": 2}, {"RANGE(capacity,15)": "[30, 44]", "count(*)": 2}],
    ),
    (
        "opendata.paris.fr course, ranges with these ends",
        RECORDS,
        {"select": "count(*)", "group_by": "RANGE(capacity,*,16,40,*) as capacity"},
        [
            {"capacity": "[*, 15]", "count(*)": 1},
            {"capacity": "[16, 39]", "count(*)": 2},
            {"capacity": "[40, *]", "count(*)": 1},
        ],
    ),
    (
        "school closures dashboard, by year",
        RECORDS,
        {
            "group_by": "year(opened)",
            "select": "year(opened) as annee,count(id) as total",
            "order_by": "year(opened) desc",
            "limit": 100,
        },
        [
            {"year(opened)": 2024, "annee": None, "total": 2},
            {"year(opened)": 2023, "annee": None, "total": 2},
            {"year(opened)": None, "annee": None, "total": 1},
        ],
    ),
    (
        "jcyl.es, calls by year sorted by the second name",
        RECORDS,
        {
            "where": "town='Paris'",
            "select": "year(opened) as y,count(*) as n,sum(capacity) as plazas",
            "group_by": "year(opened)",
            "order_by": "y",
        },
        [{"year(opened)": 2023, "y": None, "n": 2, "plazas": 51}],
    ),
    (
        "kapsarc.org, the years of a dataset",
        RECORDS,
        {"group_by": "year(opened) as y", "where": "opened is not null"},
        [{"y": 2023}, {"y": 2024}],
    ),
    (
        "school closures dashboard, two fields",
        RECORDS,
        {"group_by": "town,path", "select": "town,path,count(id) as total", "order_by": "total desc", "limit": 1},
        [{"town": "Paris", "path": "France/Paris", "total": 2}],
    ),
    (
        "ukpowernetworks.co.uk, distinct sites, once for each record of the page",
        RECORDS,
        {"select": "count(distinct town) as n", "limit": 2},
        [{"n": 3}, {"n": 3}],
    ),
    (
        "ukpowernetworks.co.uk, percentile from 0 to 100",
        RECORDS,
        {"select": "percentile(capacity, 50) as p, median(capacity) as m", "limit": 1},
        [{"p": 25.5, "m": 25.5}],
    ),
    (
        "ukpowernetworks.co.uk, by hours",
        RECORDS,
        {"select": "count(*) as n", "group_by": "hour(seen)", "where": "seen >= date'2024-03-01'"},
        [{"hour(seen)": 8, "n": 1}, {"hour(seen)": 12, "n": 1}, {"hour(seen)": 13, "n": 1}],
    ),
    (
        "scooters' dashboard, kilometres",
        RECORDS,
        {"select": "sum(capacity)/1000 as km, avg(share) as mean", "limit": 1},
        [{"km": 0.106, "mean": 2.0}],
    ),
    (
        "guide, groups of several values",
        RECORDS,
        {"select": "count(*) as n", "group_by": "lines", "where": 'town="Paris"', "order_by": "lines"},
        [{"lines": "1", "n": 1}, {"lines": "14", "n": 1}, {"lines": "4", "n": 1}, {"lines": "5", "n": 1}],
    ),
    (
        "guide, smallest and greatest dates",
        RECORDS,
        {"select": "min(opened) as a, max(seen) as z", "limit": 1, "timezone": "Europe/Berlin"},
        [{"a": "2023-01-15", "z": "2024-03-02T14:15:00+01:00"}],
    ),
    # Geography.
    (
        "data.economie.gouv.fr, the cheapest fuel around Nantes",
        RECORDS,
        {
            "select": "id",
            "where": "within_distance(place, geom'POINT(2.35 48.85)', 10km) AND share IS NOT NULL",
            "order_by": "share asc",
            "limit": 1,
        },
        ids(1),
    ),
    (
        "data.economie.gouv.fr, the nearest fuel",
        RECORDS,
        {
            "select": "id",
            "where": "share is not null AND within_distance(place, geom'POINT(2.37 48.85)', 20km)",
            "order_by": "distance(place, geom'POINT(2.37 48.85)')",
            "limit": 1,
        },
        ids(2),
    ),
    (
        "vancouver.ca, a window of metres",
        RECORDS,
        {"select": "id", "where": "within_distance(place, geom'POINT(2.3743 48.8443)', 1500m)"},
        ids(2),
    ),
    (
        "vancouver.ca app, around a shape",
        RECORDS,
        {"select": "id", "where": "within_distance(zone, geom'POINT(2.5 48.85)', 8km)"},
        ids(1),
    ),
    (
        "data.culture.gouv.fr, cinemas in a range",
        RECORDS,
        {"select": "id", "where": "within_distance(place, geom'POINT(4.86 45.76)', 5.5km)", "limit": 5},
        ids(3),
    ),
    (
        "opendata.paris.fr course, inside of a box",
        RECORDS,
        {"select": "id", "where": "in_bbox(place,48.84,2.26,48.85,2.4)"},
        ids(2),
    ),
    (
        "opendata.paris.fr course, outside of a box",
        RECORDS,
        {"select": "id", "where": "not(in_bbox(place,48.84,2.26,48.89,2.4))"},
        ids(3, 4, 5),
    ),
    (
        "opendata.paris.fr course, the distance",
        RECORDS,
        {"select": "id, distance(place, geom'POINT(2.3743 48.8443)') as distance", "where": "id = 2"},
        [{"id": 2, "distance": 0.0}],
    ),
    (
        "guide, a shape that a polygon meets",
        RECORDS,
        {"select": "id", "where": "intersects(zone, geom'POLYGON((2.39 48.8, 3 48.8, 3 49, 2.39 48.8))')"},
        ids(1),
    ),
    (
        "guide, points inside of a GeoJSON polygon",
        RECORDS,
        {
            "select": "id",
            "where": 'within(place, geom\'{"type":"Polygon","coordinates":[[[7,46],[8,46],[8,48],[7,48],[7,46]]]}\')',
        },
        ids(4, 5),
    ),
    (
        "guide, what is apart from a polygon",
        RECORDS,
        {"select": "id", "where": "disjoint(place, geom'POLYGON((2 48,3 48,3 49,2 49,2 48))') and open"},
        ids(4),
    ),
    # Filters.
    ("ofgl, one year", RECORDS, {"select": "id", "where": "year(opened)=2024"}, ids(3, 4)),
    ("boamp, since a day", RECORDS, {"select": "id", "where": "opened >= date'2024-01-10'"}, ids(3, 4)),
    (
        "boamp, between days",
        RECORDS,
        {"select": "id", "where": "opened:['2023-06-01' TO '2024-01-31']"},
        ids(2, 3),
    ),
    ("data.bl.ch, since the last year", RECORDS, {"select": "id", "where": "opened > date'2023'"}, ids(1, 2, 3, 4)),
    (
        "journal-officiel, a company",
        RECORDS,
        {"select": "id", "where": 'town:"Lyon"', "limit": 100, "include_links": "false"},
        ids(3),
    ),
    ("guide, words that begin so", RECORDS, {"select": "id", "where": 'suggest(name, "lyo")'}, ids(2, 3)),
    ("guide, words with a wrong letter", RECORDS, {"select": "id", "where": 'search(name, "gere nor")'}, ids(1)),
    ("guide, values that begin so", RECORDS, {"select": "id", "where": 'startswith(name, "Lyon")'}, ids(3)),
    ("guide, one of several values", RECORDS, {"select": "id", "where": '"14" IN lines'}, ids(2)),
    (
        "guide, a list of names",
        RECORDS,
        {"select": "id", "where": 'town IN ("Paris", "Basel") and not name like "gare"'},
        ids(4),
    ),
    ("guide, arithmetic in a filter", RECORDS, {"select": "id", "where": "capacity * 2 - 1 > 50"}, ids(2, 4)),
    ("guide, a formatted date", RECORDS, {"select": "id", "where": "date_format(opened, 'dd') = '15'"}, ids(1)),
    ("explore page, full text", RECORDS, {"select": "id", "where": '"gare" and "nord"'}, ids(1)),
    ("explore page, a facet", RECORDS, {"select": "id", "refine": "path:France"}, ids(1, 2, 3)),
    ("explore page, a month", RECORDS, {"select": "id", "refine": "opened:2024/01"}, ids(3)),
    (
        "geonames list, descending by a minus, refined in quotes",
        RECORDS,
        {"select": "id", "order_by": "-name", "limit": 20, "refine": 'town:"Paris"'},
        ids(1, 2),
    ),
    (
        "paris2024.org, venues without a category",
        RECORDS,
        {
            "select": "id",
            "order_by": "seen",
            "limit": 61,
            "offset": 0,
            "exclude": "town:Paris",
            "lang": "fr",
            "timezone": "Europe/Paris",
            "include_links": "false",
        },
        ids(3, 4, 5),
    ),
    (
        "data-fair, a date as it is shown",
        RECORDS,
        {"select": "date_format(seen, 'yyyy/MM/dd') as date", "where": "id=1", "timezone": "Europe/Paris"},
        [{"date": "2024/03/01"}],
    ),
    (
        "guide, a computed field with its text",
        RECORDS,
        {"select": '2 * capacity as twice, length(name), "hello" as word, lower(town)', "where": "id = 4"},
        [{"twice": 80, "length(name)": 9, "word": "hello", "lower(town)": "basel"}],
    ),
    (
        "guide, another value for an empty one",
        RECORDS,
        {"select": 'id, ifnull(town, "none") as town', "where": "capacity is null"},
        [{"id": 5, "town": "none"}],
    ),
    # The catalog.
    (
        "huwise skill, find a dataset",
        "datasets",
        {"where": '"stations"', "select": "dataset_id,title", "limit": 100},
        [{"dataset_id": "stations", "title": "Stations"}],
    ),
    (
        "huwise skill, large datasets by name",
        "datasets",
        {"where": "records_count >= 0", "select": "dataset_id, records_count", "order_by": "-dataset_id"},
        [{"dataset_id": "stations", "records_count": 5}, {"dataset_id": "empty", "records_count": 0}],
    ),
    (
        "explore page, datasets with a map",
        "datasets",
        {"refine": "features:geo", "select": "dataset_id"},
        [{"dataset_id": "stations"}],
    ),
    (
        "explore page, keywords of the catalog",
        "datasets",
        {"group_by": "keyword", "select": "count(*) as n", "where": "keyword is not null"},
        [{"keyword": "rail", "n": 1}, {"keyword": "stop", "n": 1}],
    ),
]
