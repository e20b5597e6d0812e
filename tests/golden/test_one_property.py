"""What a preview prints for one changed word of a dataset with 40 fields."""

from __future__ import annotations

from ..conftest import Portal
from ..engine.stacks import Stack
from .golden import is_golden, plain

PROGRAM = """
def rules(number):
    name = f"field_{number}"
    return [
        ods.RenameField(from_name=name, to_name=name, field_label=LABEL if number == 20 else f"Field {number}"),
        ods.TypeField(field=name, type_param="double"),
    ]

ods.Dataset(
    "wide",
    metadata=ods.Metadata(default=ods.DefaultMetadata(title="Wide", keyword=["many", "fields"])),
    fields=[rule for number in range(40) for rule in rules(number)],
)
"""


def test_one_changed_field_of_forty_is_one_write_and_few_lines(stack: Stack, portal: Portal) -> None:
    stack.program(PROGRAM.replace("LABEL", repr("Twenty")))
    stack.up()
    stack.program(PROGRAM.replace("LABEL", repr("The twentieth")))
    said = stack.preview("--diff").out
    assert len(said.strip().splitlines()) <= 15
    # What stands around it is the engine's, and may differ from one release of it to the next.
    ours = said[said.index("    ~ ") : said.index("Resources:")]
    is_golden("one_property.txt", plain(ours))
    portal.forget()
    stack.up()
    [write] = portal.writes()
    assert write.startswith(f"PUT /datasets/{portal.dataset('wide')['uid']}/fields/pr_")
