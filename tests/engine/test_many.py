"""A program with thousands of resources."""

from __future__ import annotations

import pytest

from .stacks import Stack


# 400 are more than all that is limited: the threads of a provider and of the SDK, the 100 streams of one connection of
# HTTP/2, and with three calls inside each other for each resource the recursion of Python.
@pytest.mark.parametrize("count", [400, pytest.param(3000, marks=pytest.mark.trust)])
def test_a_program_of_thousands_of_resources_previews(stack: Stack, count: int) -> None:
    # A thousand cost about 8 seconds of one processor, most of them the engine's and the SDK's.
    stack.program(f"""
        for number in range({count}):
            ods.Group(f"group-{{number}}", title=f"Group {{number}}", permissions=["edit_dataset"])
    """)

    assert f"+ {count + 1} to create" in stack.preview("--suppress-progress").out
