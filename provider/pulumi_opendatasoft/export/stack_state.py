"""The generated state of an exported project, for `pulumi stack import`: for portals of many objects."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from ..program.provider_string import TYPE_PREFIX
from ..schema import codec
from .found import Found, Portal
from .import_file import properties, secret
from .pulumi_stack import PulumiStack

PROVIDER = "pulumi:providers:pulumi-python"


def state(portal: Portal, stack: PulumiStack, project: str) -> str:
    """The content of the file. It contains secrets in clear, as far as the portal returns them; Pulumi encrypts them.

    Args:
        portal: the portal as it was read.
        stack: the stack, which is empty, and has its configuration.
        project: the name of the project.
    """
    # A refresh and a destroy use the configuration of the last `up`, which this state stands for.
    configuration = {
        name: secret(value) if is_secret else value for name, (value, is_secret) in stack.configuration().items()
    }

    def urn(kind: str, name: str) -> str:
        return f"urn:pulumi:{stack.name}::{project}::{kind}::{name}"

    def of(found: Found) -> str:
        return urn(TYPE_PREFIX + found.kind, found.name)

    root = urn("pulumi:pulumi:Stack", f"{project}-{stack.name}")
    provider = urn(PROVIDER, "default")
    id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{project}/{stack.name}"))
    resources: list[dict[str, Any]] = [
        {"urn": root, "custom": False, "type": "pulumi:pulumi:Stack"},
        {
            "urn": provider,
            "custom": True,
            "id": id,
            "type": PROVIDER,
            "inputs": configuration,
            "outputs": configuration,
        },
    ]
    for found in portal.found:
        secrets = [slot.name for slot in found.lifecycle.shape.computed if slot.behaviour.secret]
        depends = sorted({of(target) for target in _targets(found, portal)})
        resources.append(
            {
                "urn": of(found),
                "custom": True,
                "id": found.id,
                "type": TYPE_PREFIX + found.kind,
                **properties(found),
                "parent": root,
                "provider": f"{provider}::{id}",
                **({"dependencies": depends} if depends else {}),
                **({"additionalSecretOutputs": secrets} if secrets else {}),
            }
        )
    deployment = {
        "manifest": {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""},
        "secrets_providers": stack.deployment.get("secrets_providers") or _secrets_provider(stack),
        "resources": resources,
    }
    return json.dumps({"version": 3, "deployment": deployment}, indent=1, ensure_ascii=False) + "\n"


def _targets(found: Found, portal: Portal) -> list[Found]:
    """The objects of the program that an object refers to."""
    targets = [
        portal.target(refers_to, id)
        for name, value in found.inputs.items()
        for refers_to, id in codec.references(found.lifecycle.shape[name], value)
    ]
    return [target for target in targets if target is not None and target in portal.found and target is not found]


def _secrets_provider(stack: PulumiStack) -> dict[str, Any]:
    """The provider of a stack's secrets, from its file: without it, Pulumi cannot read the state."""
    file = stack.folder / f"Pulumi.{stack.name}.yaml"
    text = file.read_text() if file.exists() else ""
    found = dict(re.findall(r"^(encryptionsalt|secretsprovider|encryptedkey): *(\S+)$", text, re.MULTILINE))
    if "encryptionsalt" in found:
        return {"type": "passphrase", "state": {"salt": found["encryptionsalt"]}}
    if "secretsprovider" in found:
        cloud = {"url": found["secretsprovider"], "encryptedkey": found.get("encryptedkey", "")}
        return {"type": "cloud", "state": cloud}
    return {"type": "service", "state": {}}
