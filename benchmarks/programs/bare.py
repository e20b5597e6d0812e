"""As many resources, with as many properties, whose provider does nothing."""

import os

from nothing import NothingProvider
from pulumi.dynamic import Resource


class Dataset(Resource):
    """A resource without an object."""


DATASET = {
    "sources": {"day": {"type": "csvfile", "datasource": {"type": "uploaded_file", "file": {"path": "air.csv"}}}},
    "fields": [
        {"type": "rename", "from_name": "value", "to_name": "pm10", "field_label": "PM10"},
        {"type": "type", "field": "day", "type_param": "date"},
    ],
    "group_access": [{"group": "editors", "permissions": ["edit_dataset"]}],
    "published": True,
}

for number in range(int(os.environ["BENCH_DATASETS"])):
    title = f"{os.environ['BENCH_TITLE']} {number}"
    metadata = {"default": {"title": title, "language": "en", "keyword": ["air"]}, "internal": {"license_id": "cc_by"}}
    Dataset(NothingProvider(), f"air-{number}", {"name": f"air-{number}", "metadata": metadata, **DATASET})
