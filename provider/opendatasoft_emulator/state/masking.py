"""The secrets of a connection: which members are secret, how responses mask them, how a PUT keeps them."""

import re
from collections.abc import Callable
from typing import Any

_NULL = frozenset({"password", "secret_access_key", "shared_key"})
_ABSENT = frozenset({"client_secret", "code", "nonce"})
_ABSENT_IN = {"oauth2": frozenset({"username", "password"})}
_DESCRIBED = frozenset({"http", "ftp", "sharepoint", "google_drive", "amazon_s3", "azure_blob_storage"})

_STEMS = ("password", "passwd", "passphrase", "pwd", "secret", "credential", "signature", "connectionstring")
_LAST_WORDS = frozenset({"token", "tokens", "key", "keys", "pass", "pin", "sas"})
_RUN_TOGETHER = re.compile(
    r"(api|auth|access|private|shared)key(?!id|name)|bearer(?!format)|jwt|passcode|keypem|(key|token)s?\d*$"
)
"""Names of secrets whose words run together or end with a number, except names of facts about a secret (`apikeyid`)."""
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")

Member = dict[str, Any]


def _absent_members(value: Member) -> frozenset[str]:
    return _ABSENT | _ABSENT_IN.get(str(value.get("type")), frozenset())


def _is_null_member(name: str) -> bool:
    return name in _NULL


def _has_secret_name(name: str) -> bool:
    """Whether an undescribed member is a secret by its name: `Password`, `sasToken`, `connection_string`."""
    parts = [word.lower() for word in _WORD.findall(name)]
    joined = "".join(parts)
    if any(stem in joined for stem in _STEMS) or (bool(parts) and parts[-1].rstrip("0123456789") in _LAST_WORDS):
        return True
    return _RUN_TOGETHER.search(joined) is not None


def _null_predicate(connection: Member) -> Callable[[str], bool]:
    return _is_null_member if connection["type"] in _DESCRIBED else _has_secret_name


def masked(connection: Member) -> Member:
    """A connection as a response contains it: some secrets are null, others are absent (as the service does).

    In a connection of an undescribed type, every member with the name of a secret is null, at any depth.
    """
    visible: Member = _masked(connection, _null_predicate(connection))
    return visible


def _masked(value: Any, is_null: Callable[[str], bool]) -> Any:
    if isinstance(value, list):
        return [_masked(item, is_null) for item in value]
    if not isinstance(value, dict):
        return value
    absent = _absent_members(value)
    return {
        name: None
        if is_null(name) and not isinstance(member, dict)
        else _masked(member, _nested_predicate(name, is_null))
        for name, member in value.items()
        if name not in absent
    }


def _nested_predicate(name: str, is_null: Callable[[str], bool]) -> Callable[[str], bool]:
    """The predicate for the members of a member: all of them are secret where its own name is that of a secret."""
    return (lambda _: True) if is_null(name) else is_null


def with_kept_secrets(body: Member, stored: Member) -> Member:
    """The connection of a PUT, with the stored secrets that the PUT omits or sets to null."""
    merged: Member = _merged(body, stored, _null_predicate(stored))
    return merged


def without_secret_names(value: Member) -> Member:
    """Any object in which every member with the name of a secret is null, at any depth."""
    visible: Member = _masked(value, _has_secret_name)
    return visible


def without_secrets(connection: Member) -> Member:
    """A connection without the secrets at its top level."""
    is_null, absent = _null_predicate(connection), _absent_members(connection)
    return {name: member for name, member in connection.items() if not (is_null(name) or name in absent)}


def _merged(body: Any, stored: Any, is_null: Callable[[str], bool]) -> Any:
    if isinstance(body, list) and isinstance(stored, list):
        return _merged_items(body, stored, is_null)
    if not isinstance(body, dict) or not isinstance(stored, dict) or not _has_same_type(body, stored, is_null):
        return body
    absent = _absent_members(body)
    merged = {
        name: _merged(member, stored.get(name), _nested_predicate(name, is_null)) for name, member in body.items()
    }
    for name, member in stored.items():
        if (is_null(name) or name in absent) and merged.get(name) is None:
            merged[name] = member
    return merged


def _has_same_type(body: Member, stored: Member, is_null: Callable[[str], bool]) -> bool:
    """Whether a member keeps its type. Where the type itself is secret, the body may omit it."""
    kind = body.get("type")
    return kind == stored.get("type") or (kind is None and is_null("type"))


def _without_secrets(value: Any, is_null: Callable[[str], bool]) -> Any:
    """A value without its secrets."""
    if isinstance(value, list):
        return [_without_secrets(item, is_null) for item in value]
    if not isinstance(value, dict):
        return value
    absent = _absent_members(value)
    return {
        name: _without_secrets(member, is_null)
        for name, member in value.items()
        if not (is_null(name) or name in absent)
    }


def _merged_items(body: list[Any], stored: list[Any], is_null: Callable[[str], bool]) -> list[Any]:
    """Each item with the secrets of the stored item that is equal but for its secrets; items have no other identity."""
    remaining = list(stored)
    merged = []
    for item in body:
        match = next(
            (one for one in remaining if _without_secrets(one, is_null) == _without_secrets(item, is_null)), None
        )
        if match is not None:
            remaining.remove(match)
        merged.append(_merged(item, match, is_null))
    return merged
