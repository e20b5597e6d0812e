"""Stacks beside each other: one refers to another's outputs, one is taken out of its backend and put back."""

from __future__ import annotations

from ..conftest import Portal
from .stacks import Stack

PROGRAM = """
    if pulumi.get_stack() == "dev":
        editors = ods.Group("editors", title="Editors", permissions=["edit_dataset"])
        server = ods.HTTPConnection(
            "server", url="https://files.city.org", auth=ods.BasicAuth(username="portal", password="canary")
        )
        pulumi.export("editors", editors.uid)
    else:
        dev = pulumi.StackReference("organization/city/dev")
        rule = ods.DatasetGroupAccess(group=dev.get_output("editors"), permissions=["edit_dataset"])
        ods.Dataset("air", group_access=[rule])
"""


def test_a_stack_uses_the_outputs_of_another(stack: Stack, portal: Portal) -> None:
    stack.program(PROGRAM)
    stack.up()
    stack.init("datasets")
    stack.up()

    rules = portal.all(f"/datasets/{stack.ids()['air']}/security/groups/")
    assert [rule["group"]["uid"] for rule in rules] == ["editors"]
    stack.is_settled()


def test_a_lost_stack_is_imported_again(stack: Stack, portal: Portal) -> None:
    stack.program(PROGRAM)
    stack.up()
    portal.forget()

    stack.run("stack", "export", "--file", "exported.json")
    stack.run("stack", "rm", "dev", "--force", "--yes", "--preserve-config")
    stack.init("dev")
    stack.run("stack", "import", "--file", "exported.json")

    stack.is_settled()
    assert portal.writes() == []
    assert "canary" not in (stack.folder / "exported.json").read_text()
    stack.destroy()
    assert portal.all("/groups/") == portal.all("/datasource_connections/") == []
