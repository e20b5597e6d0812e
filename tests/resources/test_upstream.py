"""What others refer to, edited: on the real engine, which alone knows what is unknown in a preview."""

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


def test_an_edit_upstream_is_the_only_change_of_the_preview(stack: Stack) -> None:
    text = PROGRAM.replace("TITLE", "Editors").replace("URL", "https://one.example.com")
    stack.program(text)
    stack.up()
    stack.program(text.replace("Editors", "Writers").replace("//one", "//two"))
    assert stack.steps() == {"editors": "update", "server": "update"}
