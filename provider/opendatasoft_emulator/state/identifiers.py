"""Uids, API keys, slugs and timestamps in the forms that the service uses."""

import re
import secrets
import string
import unicodedata
from collections.abc import Container
from datetime import UTC, datetime

_ALPHABET = string.ascii_lowercase + string.digits


def new_uid(prefix: str) -> str:
    """A uid in the service's form: a prefix of two letters, an underscore, six characters of [a-z0-9]."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(6))


def new_key() -> str:
    """An API key: 56 hexadecimal characters."""
    return secrets.token_hex(28)


def slug(text: str, separator: str) -> str:
    """Lower-case words of ASCII letters and digits, joined by a separator: "Été 2024" is "ete_2024"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", separator, plain).strip(separator)


def free_name(base: str, taken: Container[str], separator: str) -> str:
    """The base name, or the first of base_1, base_2, … that is not taken."""
    name, number = base, 0
    while name in taken:
        number += 1
        name = f"{base}{separator}{number}"
    return name


def now() -> str:
    """The current time in the service's form: UTC, whole seconds, with a Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
