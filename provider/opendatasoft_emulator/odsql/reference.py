"""The functions and operators of ODSQL, as the service's reference documents them, and which this portal answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Documented:
    """One documented function, operator or parameter: how it is written, where it may be, and its result."""

    syntax: str
    places: str
    result: str
    kind: str = "scalar"
    refusal: str = ""
    """The words of the refusal; empty where the query is answered."""


_ALL = "select, where, order_by, group_by"
_NOT_GROUPED = "select, where, order_by"
_AGGREGATE = "select, order_by"

FUNCTIONS: dict[str, Documented] = {
    "length": Documented("length(text)", _NOT_GROUPED, "the number of characters"),
    "lower": Documented("lower(text)", _ALL, "the text in lower case"),
    "ifnull": Documented("ifnull(expression, other)", _ALL, "the expression, or the other one where it is empty"),
    "now": Documented(
        "now(years=-1, hour=0, mondays=+1, …)",
        _NOT_GROUPED,
        "the current time; singular parameters set a part of it, plural ones move it",
    ),
    **{
        name: Documented(f"{name}(date)", _ALL, f"the {name} of a date, a whole number")
        for name in ("year", "month", "day", "hour", "minute", "second")
    },
    "date_format": Documented("date_format(date, 'yyyy-MM')", _ALL, "the date as a text, in the language of `lang`"),
    "json_format": Documented("json_format(text, fallback)", "select", "the text as JSON where it is JSON"),
    "distance": Documented("distance(geo_point, geom'POINT(lon lat)')", _AGGREGATE, "the distance in metres"),
    "random": Documented("random(seed)", "order_by", "an order by chance, the same one for a seed"),
    "vector_similarity": Documented(
        'vector_similarity("words")', "order_by", "the order by meaning, of the catalog", refusal="vector_similarity()"
    ),
    "search": Documented(
        'search(field, …, "words")',
        "where",
        "records with all words, one or two letters may differ; the last word may go on",
        "predicate",
    ),
    "suggest": Documented('suggest(field, …, "words")', "where", "records with words that begin so", "predicate"),
    "startswith": Documented(
        'startswith(field, …, "Text")', "where", "records whose value begins so, in this case", "predicate"
    ),
    "vector_similarity_threshold": Documented(
        'vector_similarity_threshold("words")',
        "where",
        "datasets of that meaning",
        "predicate",
        refusal="vector_similarity_threshold()",
    ),
    "within_distance": Documented(
        "within_distance(geo, geom'POINT(lon lat)', 1km)",
        "where",
        "records within mi, yd, ft, m, cm, km or mm of a point",
        "predicate",
    ),
    "in_bbox": Documented("in_bbox(geo, lat1, lon1, lat2, lon2)", "where", "records inside of the box", "predicate"),
    "intersects": Documented("intersects(geo, geom'…')", "where", "records that meet the shape", "predicate"),
    "disjoint": Documented("disjoint(geo, geom'…')", "where", "records that do not meet the shape", "predicate"),
    "within": Documented("within(geo, geom'…')", "where", "records inside of the shape", "predicate"),
    "count": Documented(
        "count(*), count(field), count(distinct field)", _AGGREGATE, "the number of records or of values", "aggregate"
    ),
    "sum": Documented("sum(number)", _AGGREGATE, "the sum", "aggregate"),
    "avg": Documented("avg(number)", _AGGREGATE, "the mean", "aggregate"),
    "min": Documented("min(number or date)", _AGGREGATE, "the least value", "aggregate"),
    "max": Documented("max(number or date)", _AGGREGATE, "the greatest value", "aggregate"),
    "median": Documented("median(number)", _AGGREGATE, "the middle value", "aggregate"),
    "percentile": Documented("percentile(number, 0 to 100)", _AGGREGATE, "the percentile", "aggregate"),
    "envelope": Documented("envelope(geo_point)", "select", "the convex hull", "aggregate"),
    "bbox": Documented("bbox(geo)", "select", "the bounding box", "aggregate"),
    "range": Documented(
        "range(number, 5), range(date, 1 day), range(number or date, *, 10, 50, *)",
        "group_by",
        "intervals of equal width, or with these ends",
        "grouping",
    ),
    "geo_cluster": Documented(
        "geo_cluster(geo_point, zoom, radius)",
        "group_by",
        "points near each other",
        "grouping",
        refusal="geo_cluster()",
    ),
}
"""Every documented function but include() and exclude(). What is not in it is a syntax error of the service."""

OPERATORS: dict[str, Documented] = {
    "as": Documented("expression as label", "select, group_by", "the name of a result", "operator"),
    "*": Documented("*", "select", "all fields", "operator"),
    "include": Documented("include(field), include(pre*)", "select", "the fields of a pattern", "operator"),
    "exclude": Documented("exclude(field), exclude(pre*)", "select", "all fields but those of a pattern", "operator"),
    "arithmetic": Documented("a + b - c * d / e", _NOT_GROUPED, "a number; empty after a division by 0", "operator"),
    "comparison": Documented("=, !=, <, <=, >, >=", "where", "records with such a value", "operator"),
    "text": Documented('"words", "begin*"', "where", "records with all words in any field", "operator"),
    "like": Documented('field like "words"', "where", "records with all words in the field", "operator"),
    "in range": Documented("field in [1..10[, field: [1 to 10]", "where", "records between two ends", "operator"),
    "in list": Documented('field in ("a", "b")', "where", "records with one of the values", "operator"),
    "in field": Documented('"a" in field', "where", "records with the value among several", "operator"),
    "is": Documented("field is null, is not null, is true, is false", "where", "empty values, booleans", "operator"),
    "boolean": Documented("field", "where", "records for which it is true", "operator"),
    "and, or, not": Documented("a and (b or not c)", "where", "combined conditions", "operator"),
    "desc": Documented("field desc, field asc, -field", "order_by", "the direction", "operator"),
}
"""Every documented operator."""
