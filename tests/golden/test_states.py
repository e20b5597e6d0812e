"""What the state keeps of each type, and that it can be read again under every string that was ever released."""

from __future__ import annotations

import base64
import json
import pickle
import re
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from pulumi_opendatasoft import _provider
from pulumi_opendatasoft.dynamic.provider import DynamicProvider
from pulumi_opendatasoft.errors import ResourceError
from pulumi_opendatasoft.program.provider_string import provider_string
from pulumi_opendatasoft.schema import secrets

from ..declarations import resource_types
from ..engine_stub.program import registered
from ..samples import declare
from ..samples import samples as every_sample
from .conftest import Samples
from .golden import is_golden, only_grows, plain

STRINGS = "provider_strings.txt"
SECRET = "4dabf18193072939515e22adb298388d"
KEPT = ("type", "id", "inputs", "outputs", "additionalSecretOutputs")
"""What of a resource's entry in the state is ours."""


def released() -> dict[str, list[str]]:
    """Every string that was ever released, by the type that it stands for, oldest first."""
    lines = only_grows(STRINGS, [f"{kind} {provider_string(kind)}" for kind in resource_types()])
    strings: dict[str, list[str]] = {}
    for line in lines:
        kind, _, string = line.partition(" ")
        strings.setdefault(kind, []).append(string)
    return strings


class _Call:
    """A call as a later release may store it, with more to say."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __reduce__(self) -> tuple[Any, ...]:
        return _provider.load, (self.kind, "of a later release", {"more": 1})


def later(kind: str) -> str:
    """A string that a later release may leave in a state to which this one is then applied."""
    return base64.b64encode(pickle.dumps(_Call(kind), protocol=2)).decode()


# ---------------------------------------------------------------- strings


def test_the_string_of_every_type_is_a_released_one() -> None:
    strings = released()
    assert {kind: strings[kind][-1] for kind in resource_types()} == {
        kind: provider_string(kind) for kind in resource_types()
    }


def test_every_string_ever_released_loads() -> None:
    for kind, strings in released().items():
        for string in strings:
            loaded = pickle.loads(base64.b64decode(string))
            assert isinstance(loaded, DynamicProvider)
            assert loaded.kind == kind


def test_a_string_with_more_to_say_loads() -> None:
    for kind in resource_types():
        loaded = pickle.loads(base64.b64decode(later(kind)))
        assert isinstance(loaded, DynamicProvider)
        assert loaded.kind == kind


def test_a_string_is_what_any_python_would_pickle() -> None:
    for kind in resource_types():
        bytes_ = base64.b64decode(provider_string(kind))
        assert bytes_.startswith(b"\x80\x02"), "another protocol than 2"
        assert b"pulumi_opendatasoft._provider\nload\n" in bytes_
        assert len(bytes_) < 100


def test_a_type_of_another_release_is_named_with_the_remedy() -> None:
    with pytest.raises(ResourceError, match=r"has no resource type Harvester9: install the one that made the stack"):
        _provider.load("Harvester9")


# ---------------------------------------------------------------- states


def without_ciphers(value: Any) -> Any:
    if isinstance(value, dict):
        if SECRET in value:
            return "<secret>"
        return {name: without_ciphers(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [without_ciphers(inner) for inner in value]
    return value


@pytest.fixture(scope="module")
def state(samples: Samples) -> Mapping[str, dict[str, Any]]:
    """The resources of the state, by their names, which are those of their types."""
    return samples.stack.state()


@pytest.mark.parametrize("kind", every_sample())
def test_the_state_keeps_what_it_always_kept(kind: str, state: Mapping[str, Any], samples: Samples) -> None:
    kept = without_ciphers({name: state[kind][name] for name in KEPT if name in state[kind]})
    text = json.dumps(kept, indent=2, ensure_ascii=False) + "\n"
    text = plain(text, portal=samples.portal.url, host=samples.portal.host, files=samples.files)
    is_golden(f"states/{kind}.json", re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "<uuid>", text))


def secrets_given(folder: Path) -> set[str]:
    """Every secret that a sample gives; the files of the samples are in the folder."""
    with chdir(folder):
        given = {one.name: one.inputs for one in registered(lambda: declare("http://files.example"))}
    shapes = {kind: cls.declaration().shape for kind, cls in resource_types().items()}
    return {text for kind, inputs in given.items() for text in secrets.secret_texts(shapes[kind], inputs)}


def test_no_secret_of_the_samples_stands_in_the_state_as_it_is(state: Mapping[str, Any], samples: Samples) -> None:
    made = {key["key"] for key in samples.portal.emulator.portal.store.all("api_key")}
    hidden = secrets_given(samples.stack.folder) | made
    kinds = ("password", "token", "nonce", "code", "key", "string", "header")
    assert hidden >= {f"canary-{kind}" for kind in kinds}
    # The "-" is no character of base64, so a ciphertext never contains one by chance; keys of the portal are long.
    text = json.dumps(state)
    assert [secret for secret in sorted(hidden) if secret in text] == []


# Last, for it destroys the stack.
def test_stack_under_every_string_is_unchanged_and_destroyed(samples: Samples) -> None:
    stack, strings = samples.stack, released()
    rounds = max(len(of_one) for of_one in strings.values())
    for number in range(rounds + 1):
        told = json.loads(stack.run("stack", "export").out)
        for resource in told["deployment"]["resources"]:
            kind = resource["type"].rpartition(":")[2]
            if kind in strings:
                string = strings[kind][min(number, len(strings[kind]) - 1)] if number < rounds else later(kind)
                resource["inputs"]["__provider"] = resource["outputs"]["__provider"] = string
        stack.file("state.json", json.dumps(told))
        stack.run("stack", "import", "--file", "state.json")
        samples.portal.forget()
        stack.preview("--expect-no-changes", "--diff")
        stack.refresh("--expect-no-changes", "--diff")
        assert samples.portal.writes() == []
    stack.destroy()
    assert samples.portal.all("/groups/") + samples.portal.all("/datasource_connections/") == []
    assert samples.portal.all("/datasets/") == []
    assert [key["key"] for key in samples.portal.all("/apikeys/") if not key["is_revoked"]] == [samples.portal.key]
