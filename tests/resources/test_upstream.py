"""Edits of objects to which others refer, on the real engine, which alone decides what is unknown in a preview."""

from __future__ import annotations

from ..engine.stacks import Stack

PROGRAM = """
editors = ods.Group("editors", title="TITLE", permissions=["edit_dataset"])
server = ods.HTTPConnection("server", url="URL", is_reusable=True)
ods.User("ana", email="ana@example.com", groups=[editors.uid])
ods.Dataset(
    "air",
    sources={"m": ods.Source(type="csvfile", datasource=ods.HTTPDatasource(connection=server.uid, relative_url="/m"))},
    group_access=[ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset"])],
)
"""


def test_preview_of_one_edit_shows_no_change_downstream(stack: Stack) -> None:
    text = PROGRAM.replace("TITLE", "Editors").replace("URL", "https://one.example.com")
    stack.program(text)
    stack.up()
    stack.program(text.replace("Editors", "Writers").replace("//one", "//two"))
    assert stack.steps() == {"editors": "update", "server": "update"}
