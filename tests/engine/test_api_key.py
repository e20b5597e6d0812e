"""An API key on the real engine: rotated before it is revoked, by the program or because its secret was lost."""

from __future__ import annotations

from ..conftest import Portal
from .stacks import Stack

PROGRAM = """
    key = ods.ApiKey("key", label="import", permissions=["edit_dataset"], rotate=ROTATE)
    pulumi.export("opens", key.key.apply(lambda secret: len(secret)))
"""


def test_key_is_made_before_the_old_one_is_revoked(stack: Stack, portal: Portal) -> None:
    portal.set(api_key_told="once")
    portal.fail({"method": "POST", "path": "^/apikeys/$", "nth": 1, "fault": "reset_after_commit"})
    stack.program(PROGRAM.replace("ROTATE", '"2026-01"'))
    failed = stack.up(ok=False)
    lost = stack.ids()["key"]
    assert f"does not return the secret of {lost} a second time" in failed.text

    assert rotated(stack, portal, lost)
    stack.is_settled()
    old = stack.ids()["key"]
    secret = portal.emulator.portal.store.get("api_key", old) or {}
    assert secret["key"] not in stack.run("stack", "export").out
    assert secret["key"] not in (stack.folder / "Pulumi.dev.yaml").read_text()

    stack.program(PROGRAM.replace("ROTATE", '"2026-02"'))
    assert rotated(stack, portal, old)
    assert stack.outputs() == {"opens": "[secret]"}
    stack.destroy()
    assert [key["label"] for key in portal.all("/apikeys/") if not key["is_revoked"]] == ["Administrator"]


def rotated(stack: Stack, portal: Portal, old: str) -> bool:
    """Whether an `up` makes another key and then revokes this one, and writes nothing else."""
    portal.forget()
    stack.up()
    return portal.writes() == ["POST /apikeys/", f"POST /apikeys/{old}/revoke/"] and stack.ids()["key"] != old
