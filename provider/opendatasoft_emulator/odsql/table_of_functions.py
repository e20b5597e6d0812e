"""The functions of ODSQL, as the service's reference documents them, and which of them this portal answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Documented:
    """One documented function: how it is written, the clauses that may contain it, and its result."""

    syntax: str
    clauses: str
    result: str
    kind: str = "scalar"
    refusal: str = ""
    """What the refusal names; empty for a function that is answered."""


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
