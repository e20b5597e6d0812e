"""The secrets of a connection: which members of a login they are, how the service hides them, how a PUT keeps them."""

from typing import Any

_NULL = frozenset({"password", "secret_access_key", "shared_key"})
_ABSENT = frozenset({"client_secret", "code", "nonce"})
_ABSENT_IN = {"oauth2": frozenset({"username", "password"})}
_UNDESCRIBED = frozenset({"connection_string", "api_key", "auth_key", "token", "access_token", "private_key"})

Auth = dict[str, Any]


def _absent(auth: Auth) -> frozenset[str]:
    return _ABSENT | _ABSENT_IN.get(str(auth.get("type")), frozenset())


def masked(value: dict[str, Any]) -> dict[str, Any]:
    """A connection, or a login, as it is told: some secrets are null, others are missing (as the service does).

    What a connection of an undescribed kind holds under the name of a secret is null, at any depth.
    """
    told: dict[str, Any] = {}
    absent = _absent(value)
    for name, member in value.items():
        if name in absent:
            continue
        if isinstance(member, dict):
            told[name] = masked(member)
        elif name in _NULL or name in _UNDESCRIBED:
            told[name] = None
        else:
            told[name] = member
    return told


def with_kept_secrets(asked: dict[str, Any], stored: dict[str, Any] | None) -> dict[str, Any]:
    """A login as it is asked for, with the stored secrets that it leaves out or gives as null."""
    if not stored or asked.get("type") != stored.get("type"):
        return asked
    secrets = _NULL | _UNDESCRIBED | _absent(asked)
    old = {name: value for name, value in stored.items() if name in secrets and asked.get(name) is None}
    return {**asked, **old}
