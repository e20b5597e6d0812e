"""Every type of processor."""

from . import dates, generic, geo, joins, reshaping, text
from .step import Processor

_GEOJOIN = Processor("geojoin", "GeoJoin", "needs the shapes of the service")

GROUPS = {
    "Text": text.PROCESSORS,
    "Dates": dates.PROCESSORS,
    "Fields and records": (*generic.PROCESSORS, *reshaping.PROCESSORS),
    "Points and shapes": geo.PROCESSORS,
    "Other datasets": joins.PROCESSORS,
}
"""The processors that are carried out, by subject."""

KNOWN = {processor.type: processor for group in (*GROUPS.values(), (_GEOJOIN,)) for processor in group}
"""The processors of the user guide by type. Those without `prepare` are accepted, and have no effect."""

_PUBLIC_TYPES = """
    bound_join_dataset concat create_geopoint date_normalizer delete_record expand_json_array expression geo_distance
    geojoin join_dataset regexp_replace set_timezone skip_record split string_extractor string_replace
    transform_coordinates unicode_normalize
"""
PUBLIC_TYPES = frozenset(_PUBLIC_TYPES.split())
"""The types that the service's public documents name; the other types are ours, after the titles in its user guide."""

OTHERS = {
    "File": "needs images of other servers",
    "Geocode with BAN, Google, ArcGIS, PDOK, Census Bureau, Nominatim": "need a service",
    "Geo coordinates of an IP address, of a 3 word address, of a country, INSEE or zip code": "need a service",
    "Retrieve administrative divisions": "needs the shapes of the service",
    "Polygon filtering": "the user guide does not describe its polygon",
    "what3words": "needs a service",
}
"""The processors of the user guide that are not carried out, by title, each with the reason. Their types are not
public: they are accepted as any other unknown type.
"""
