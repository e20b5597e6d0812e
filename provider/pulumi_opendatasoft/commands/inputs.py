"""JSON that a command line names, in a file, on standard input or as a text, and the secrets in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

JSON_FILE = click.Path(dir_okay=False, allow_dash=True)
"""The type of an argument or option that names a file of JSON; `-` is standard input."""

SECRETS = frozenset(
    {
        "api_key",
        "auth_key",
        "client_secret",
        "code",
        "connection_string",
        "nonce",
        "password",
        "secret_access_key",
        "shared_key",
        "value",
    }
)
"""The members of bodies of the API that hold secrets; `value` is that of a header."""


def json_object_in(file: str, hint: str) -> dict[str, Any]:
    """Return the JSON object in a file; `hint` is the argument or option that names it.

    Raises OSError for a file that cannot be read, and click.BadParameter for what is no JSON object.
    """
    with click.open_file(file, encoding="utf-8") as content:
        return json_object(content.read(), hint)


def json_object(text: str, hint: str) -> dict[str, Any]:
    """Return the JSON object in a text. Raises click.BadParameter for what is none."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise click.BadParameter(f"it is not JSON: {error}", param_hint=hint) from None
    if not isinstance(value, dict):
        raise click.BadParameter("it is not a JSON object", param_hint=hint)
    return value


def secrets_in(value: Any) -> Iterator[str]:
    """Yield the texts in a body of the API that are secret: passwords, keys, codes, and the values of headers."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(inner, str) and name in SECRETS:
                yield inner
            yield from secrets_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from secrets_in(inner)
