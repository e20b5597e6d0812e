"""Functions in programs on the real engine: their results as outputs of the stack, and their errors."""

from __future__ import annotations

import pytest

from ..engine.stacks import Stack


def test_results_are_outputs_and_secrets_stay_secret(stack: Stack, ids: dict[str, str]) -> None:
    stack.program(f"""
        pulumi.export("group", ods.get_group(title="Editors"))
        pulumi.export("members", ods.list_group_members_output("editors").apply(lambda users: [u.email for u in users]))
        pulumi.export("key", ods.get_api_key("{ids["apikey_uid"]}"))
        pulumi.export("server", ods.get_connection_output("{ids["server_uid"]}"))
    """)

    result = stack.up()

    found = stack.outputs()
    assert found["group"]["title"] == "Editors"
    assert found["members"] == ["ana@example.org"]
    assert found["key"]["label"] == "spare"
    assert "canary-header" not in result.text + stack.run("stack", "output", "--json").out
    assert stack.run("stack", "output", "--json", "--show-secrets").out.count("canary-header") == 1


@pytest.mark.parametrize("form", ['get_group(title="Nobody")', 'get_group_output(title="Nobody")'])
def test_error_ends_a_program_with_one_line(stack: Stack, form: str) -> None:
    stack.program(f"ods.{form}")

    result = stack.preview(ok=False)

    assert "Traceback" not in result.text
    assert 'error: the portal has nothing there: no object of /groups/ has title "Nobody" (not_found' in result.text
