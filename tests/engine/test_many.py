"""A program with thousands of resources."""

from __future__ import annotations

from .stacks import Stack


def test_three_thousand_resources_preview(stack: Stack) -> None:
    # It costs about 25 seconds of one processor, most of them the engine's and the SDK's.
    stack.program("""
        for number in range(3000):
            ods.Group(f"group-{number}", title=f"Group {number}", permissions=["edit_dataset"])
    """)

    assert "+ 3001 to create" in stack.preview("--suppress-progress").out
