"""A group on the real engine: the smallest whole life."""

from __future__ import annotations

from ..conftest import Portal
from .stacks import Stack


def test_a_group_from_create_to_destroy(stack: Stack, portal: Portal) -> None:
    stack.program("""
        editors = ods.Group("editors", title="Editors", permissions=["edit_dataset", "create_dataset"])
        pulumi.export("uid", editors.uid)
    """)
    stack.up()

    assert portal.get("/groups/editors/")["permissions"] == ["create_dataset", "edit_dataset"]
    assert stack.outputs() == {"uid": "editors"}
    stack.is_settled()

    portal.put("/groups/editors/", {"title": "Redaktion", "permissions": ["edit_dataset"]})
    assert stack.steps("--refresh") == {"editors": "update"}
    stack.refresh()
    stack.up()
    assert portal.get("/groups/editors/")["title"] == "Editors"

    stack.destroy()
    assert portal.all("/groups/") == []
    stack.destroy()
