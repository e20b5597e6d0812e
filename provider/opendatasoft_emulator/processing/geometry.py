"""Measures on the globe."""

import math

_EARTH_RADIUS = 6_371_008.8
"""Metres, the mean one."""


def metres(start: dict[str, float], end: dict[str, float]) -> float:
    """The length of the great circle between two points `{"lon", "lat"}`."""
    lat1, lat2 = math.radians(start["lat"]), math.radians(end["lat"])
    half_lat, half_lon = (lat2 - lat1) / 2, math.radians(end["lon"] - start["lon"]) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS * math.asin(math.sqrt(chord))
