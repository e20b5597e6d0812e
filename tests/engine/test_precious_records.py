"""What would lose records or the public page is refused in the preview, by the path of the property."""

from __future__ import annotations

import httpx

from ..conftest import Portal
from .stacks import Stack

PROGRAM = """
    air = ods.Dataset(
        "air",
        dataset_id={dataset_id!r},
        sources={{{source!r}: ods.Source(type="realtime")}},
        published={published}{more}
    )
    pulumi.export("push", air.push_urls)
"""
PROBLEM = "error: pulumi-python:dynamic/opendatasoft:Dataset resource 'air' has a problem: "
ALL_THE_SAME = "; set allow_data_loss=True to do it all the same"


def test_a_loss_is_refused_in_the_preview_and_done_where_the_program_allows_it(stack: Stack, portal: Portal) -> None:
    stack.program(PROGRAM.format(dataset_id="air", source="pushed", published=True, more=""))
    stack.up()
    uid = stack.ids()["air"]
    url = stack.run("stack", "output", "push", "--json", "--show-secrets").out
    httpx.post(url.split('"')[3], json=[{"day": "2026-01-01", "value": 3}]).raise_for_status()
    assert portal.records("air")["total_count"] == 1
    portal.forget()

    for asked in ({"published": False}, {"dataset_id": "luft", "source": "other"}):
        stack.program(
            PROGRAM.format(**{"dataset_id": "air", "source": "pushed", "published": True, "more": ""} | asked)
        )
        lines = {
            "published": "published: the dataset would be unpublished and its records deleted",
            "dataset_id": 'dataset_id: "air" would become "luft": the dataset is unpublished meanwhile, its records '
            'are made anew, and links to it break (if only the resource is renamed: dataset_id="air")',
            "source": "sources.pushed: the records that were pushed to it would be lost for good",
        }
        assert stack.preview(ok=False).said == {"air": [PROBLEM + lines[name] + ALL_THE_SAME for name in asked]}
        assert stack.up(ok=False).said == {"air": [PROBLEM + lines[name] + ALL_THE_SAME for name in asked]}

    refused = (
        'error: Dataset "air": deleting the dataset: records were pushed to pushed, and would be lost for good. '
        "Nothing was written; if they may be deleted, set allow_data_loss=True and run `up` once before"
    )
    assert stack.destroy(ok=False).said == {"air": [refused]}
    assert portal.writes() == []
    assert portal.records("air")["total_count"] == 1

    stack.program(PROGRAM.format(dataset_id="luft", source="pushed", published=True, more=", allow_data_loss=True"))
    stack.up()
    assert stack.ids()["air"] == uid
    assert portal.dataset("luft")["is_published"]
    stack.is_settled()
    stack.destroy()
    assert portal.all("/datasets/") == []
