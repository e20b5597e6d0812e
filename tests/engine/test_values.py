"""Values of a program on the real engine: its folder, its configuration, and the place of refusals in the output."""

from __future__ import annotations

import re

from ..conftest import Portal
from .stacks import Stack
from .test_diagnostics import SCRIPT_ENDED


def test_file_is_found_from_wherever_a_program_goes(stack: Stack, portal: Portal) -> None:
    (stack.folder / "src" / "data").mkdir(parents=True)
    (stack.folder / "src" / "data" / "air.csv").write_text("day,value\n2026-01-01,3\n")
    (stack.folder / "Pulumi.yaml").write_text("name: city\nruntime: python\nmain: src\n")
    stack.program("""
        import os

        os.chdir("data")
        file = ods.UploadedFileDatasource(file=ods.File("air.csv"))
        ods.Dataset("air", sources={"day": ods.Source(type="csvfile", datasource=file)}, published=True)
    """)
    (stack.folder / "__main__.py").rename(stack.folder / "src" / "__main__.py")

    result = stack.up()

    assert stack.state()["air"]["inputs"]["sources"]["day"]["datasource"]["file"]["path"] == "data/air.csv"
    assert portal.records("air")["results"] == [{"day": "2026-01-01", "value": 3}]
    # A finished line does not keep the text of its last step.
    assert re.search(r"Dataset air created \(\S+\)\s*$", result.out, re.MULTILINE), result.out


def test_mistakes_end_the_preview_where_the_program_runs(stack: Stack, portal: Portal) -> None:
    stack.program("""
        known = pulumi.Output.from_input({"id": 12345678901234567890})
        ods.Dataset("air", processors=[ods.Processor(type="skip", params=known)])
    """)
    portal.forget()
    assert stack.preview(ok=False).said == {
        "city-dev": [
            'error: Dataset "air": processors[0].params.id: numbers of 2^53 (9,007,199,254,740,992) or more lose '
            "digits on the way: give it as text, in quotes",
            SCRIPT_ENDED,
        ]
    }

    stack.run("config", "set", "opendatasoft:maxConcurency", "4")
    assert stack.preview(ok=False).said == {
        "city-dev": [
            "error: opendatasoft:maxConcurency is not a setting: did you mean maxConcurrency? Take it out: `pulumi "
            "config rm opendatasoft:maxConcurency`",
            SCRIPT_ENDED,
        ]
    }
    assert portal.requests() == []
