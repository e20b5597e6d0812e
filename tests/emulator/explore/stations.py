"""A dataset of stations, made up: the address of its records, its file and its field configurations."""

from typing import Any

RECORDS = "datasets/stations/records"

STATIONS = (
    "Id,Name,Town,Capacity,Share,Opened,Seen,Lines,Path,Open,Place,Zone\n"
    '1,Gare du Nord,Paris,20,0.5,2023-01-15,2024-02-29T23:30:00Z,4/5,France/Paris,true,"48.8809,2.3553",'
    '"{""type"":""Polygon"",""coordinates"":[[[2.3,48.8],[2.4,48.8],[2.4,48.9],[2.3,48.9],[2.3,48.8]]]}"\n'
    '2,Gare de Lyon,Paris,31,1.5,2023-06-01,2024-03-01T08:00:00Z,1/14,France/Paris,true,"48.8443,2.3743",\n'
    '3,Lyon Part-Dieu,Lyon,15,2.5,2024-01-10,2024-03-02T12:00:00Z,B,France/Lyon,false,"45.7605,4.8597",\n'
    '4,Basel SBB,Basel,40,,2024-02-20,2024-03-02T13:15:00Z,,Switzerland/Basel,true,"47.5476,7.5896",\n'
    '5,Bern,,,3.5,,,2/8,Switzerland/Bern,,"46.9490,7.4390",\n'
)
RULES: list[dict[str, Any]] = [
    {"type": "annotate", "field": "lines", "annotation": "multivalued", "args": ["/"]},
    {"type": "annotate", "field": "path", "annotation": "hierarchical", "args": ["/"]},
    {"type": "annotate", "field": "path", "annotation": "facet"},
    {"type": "type", "field": "open", "type_param": "boolean"},
    {"type": "type", "field": "zone", "type_param": "geo_shape"},
]
