"""The settings of a portal: its domain, key and limits, from the stack's configuration or the environment."""

from __future__ import annotations

import difflib
import functools
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import pulumi
from pulumi.runtime import config as pulumi_config
from pulumi.runtime import get_config
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from .client.address import parse
from .errors import ArgumentError, ConfigurationError

NAMESPACE: Final = "opendatasoft"
Get = Callable[[str], Any]
"""Reads a configuration key; None where it is not set."""


T = TypeVar("T")

_OF_A_PORTAL: Final = ("domain", "apiKey", "allowHttp")
"""The keys of an entry of `opendatasoft:portals`."""


@dataclass(frozen=True)
class Settings:
    """The settings of one portal."""

    domain: str
    """A bare name, a host or a URL."""

    key: str = field(repr=False)
    adopt: bool = False
    max_concurrency: int = 8
    request_timeout: float = 30.0
    max_retries: int = 4
    processing_timeout: float = 600.0
    moved_from: tuple[str, ...] = ()
    allow_http: bool = False
    """Whether the key may be sent over plain http to another machine."""
    resume: tuple[str, ...] = ()
    keep_adopted: bool = False
    """Whether adopted objects stay so, although the program does not adopt them: as after an export."""


def from_config(get: Get, portal: str | None = None) -> Settings:
    """Return the settings of the portal that a resource names, or of the stack's only one.

    `get` reads the keys below `opendatasoft:`. Raises ConfigurationError; no message contains an API key.
    """
    domain, key, own_allow_http = _named_portal(get, portal) if portal else _only_portal(get)
    try:
        parse(domain)
    except ValueError as error:
        name = f"portals.{portal}.domain" if portal else "domain"
        raise ConfigurationError(f"{NAMESPACE}:{name}: {error}") from None
    allow_http = _read(get, "allowHttp", _truth, False)
    return Settings(
        domain=domain,
        key=key,
        adopt=_read(get, "adopt", _truth, False),
        max_concurrency=_read(get, "maxConcurrency", _whole(1), 8),
        request_timeout=_read(get, "requestTimeout", _above_zero, 30.0),
        max_retries=_read(get, "maxRetries", _whole(0), 4),
        processing_timeout=_read(get, "processingTimeout", _not_negative, 600.0),
        moved_from=tuple(_hosts(str(get("movedFrom") or ""))),
        allow_http=allow_http if own_allow_http is None else own_allow_http,
        resume=_names(str(get("resume") or "")),
        keep_adopted=_read(get, "keepAdopted", _truth, False),
    )


def refuse_plain_http(settings: Settings, portal: str | None = None) -> None:
    """Raise ConfigurationError for a portal on another machine over plain http, unless `allowHttp` is true.

    Like `refuse_removed` it is called for programs only: `refresh` and `destroy` use the configuration of the last
    `up`, to which a new key cannot be added.
    """
    address = parse(settings.domain)
    if address.is_local or not address.url.startswith("http:") or settings.allow_http:
        return
    path = f"--path '{NAMESPACE}:portals.{portal}.allowHttp'" if portal else f"{NAMESPACE}:allowHttp"
    raise ConfigurationError(
        f"{address.url} is not this machine: over plain http anybody on the way can read the API key. Use https://, or "
        f"allow it: `pulumi config set {path} true`"
    )


def _hosts(domains: str) -> Iterator[str]:
    for domain in domains.split(","):
        try:
            if domain.strip():
                yield parse(domain).host
        except ValueError as error:
            raise ConfigurationError(f"{NAMESPACE}:movedFrom: {error}") from None


def _names(text: str) -> tuple[str, ...]:
    """The names in a list that is separated by commas, or that `pulumi config set --path` made."""
    try:
        names = json.loads(text) if text.startswith("[") else text.split(",")
    except ValueError:
        names = text.split(",")
    return tuple(name for name in (str(one).strip() for one in names) if name)


def _only_portal(get: Get) -> tuple[str, str, None]:
    """The domain and the key of the stack's only portal, which has no `allowHttp` of its own."""
    domain = get("domain") or os.environ.get("OPENDATASOFT_DOMAIN")
    key = get("apiKey") or os.environ.get("OPENDATASOFT_API_KEY")
    if not domain:
        raise ConfigurationError(
            "no portal is configured: `pulumi config set opendatasoft:domain mycity`, or set OPENDATASOFT_DOMAIN"
        )
    if not key:
        raise ConfigurationError(
            f"no API key for {domain}: `pulumi config set --secret opendatasoft:apiKey`, or set OPENDATASOFT_API_KEY"
        )
    return str(domain), str(key), None


def _named_portal(get: Get, portal: str) -> tuple[str, str, bool | None]:
    """The domain, the key and the `allowHttp` of a portal below `opendatasoft:portals`."""
    value = get("portals")
    try:
        portals = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise ConfigurationError(f"{NAMESPACE}:portals is not JSON: set it with `pulumi config set --path`") from None
    entry = portals.get(portal) if isinstance(portals, Mapping) else None
    found = entry if isinstance(entry, Mapping) else {}
    unknown = sorted(found.keys() - set(_OF_A_PORTAL))
    if unknown:
        raise ConfigurationError(
            f"{NAMESPACE}:portals.{portal} has {', '.join(unknown)}: only domain, apiKey and allowHttp belong there"
        )
    domain, key, allow_http = (found.get(name) for name in _OF_A_PORTAL)
    if not (isinstance(domain, str) and isinstance(key, str)):
        raise ConfigurationError(
            f'portal="{portal}" has no domain and apiKey under opendatasoft:portals: '
            f"`pulumi config set --path 'opendatasoft:portals.{portal}.domain' mycity`, and the same with "
            f"--secret for .apiKey"
        )
    try:
        return domain, key, None if allow_http is None else _truth(allow_http)
    except ValueError:
        raise ConfigurationError(f"{NAMESPACE}:portals.{portal}.allowHttp is neither true nor false") from None


REMOVED = {"lanesPerDataset": "the sections of a dataset are written one after another"}
"""Settings that only earlier versions had, and their replacement."""


def refuse_removed(get: Get) -> None:
    """Raise ConfigurationError for a setting that only an earlier version had.

    It is called for programs only, so that a stack whose last `up` recorded one can still be refreshed and destroyed.
    """
    for name, instead in REMOVED.items():
        if get(name) not in (None, ""):
            raise ConfigurationError(
                f"{NAMESPACE}:{name} is no longer a setting: {instead}. Take it out: "
                f"`pulumi config rm {NAMESPACE}:{name}`"
            )


@functools.cache
def known_keys() -> frozenset[str]:
    """The keys below `opendatasoft:` that the settings of a portal are read from."""
    read = set[str]()
    portal = {"domain": "portal", "apiKey": "key"}
    enough: dict[str, Any] = {**portal, "portals": {"portal": portal}}

    def get(name: str) -> Any:
        read.add(name)
        return enough.get(name)

    from_config(get)
    from_config(get, "portal")
    return frozenset(read)


def refuse_unknown(names: Iterable[str]) -> None:
    """Raise ConfigurationError for a key that no setting is read from, with the one that it looks like.

    `names` are the keys below `opendatasoft:` that are set. Like `refuse_removed` it is called for programs only.
    """
    known = {key.lower(): key for key in known_keys()}
    for name in sorted(set(names) - known_keys() - REMOVED.keys()):
        close = difflib.get_close_matches(name.lower().replace("_", ""), known, 1)
        hint = f"did you mean {known[close[0]]}?" if close else f"the settings are {', '.join(sorted(known.values()))}."
        raise ConfigurationError(
            f"{NAMESPACE}:{name} is not a setting: {hint} Take it out: `pulumi config rm {NAMESPACE}:{name}`"
        )


# ---------------------------------------------------------------- the values
# Read by hand: to load pydantic takes longer than all the rest of this package.

_WORDS: Final = {
    **dict.fromkeys(("true", "yes", "on", "t", "y", "1"), True),
    **dict.fromkeys(("false", "no", "off", "f", "n", "0"), False),
}


def _read(get: Get, name: str, convert: Callable[[Any], T], default: T) -> T:
    """The value of a setting. `convert` raises an ArgumentError with what is expected."""
    value = get(name)
    if value is None or value == "":
        return default
    try:
        return convert(value)
    except ArgumentError as error:
        raise ConfigurationError(
            f"{NAMESPACE}:{name} must be {error}: `pulumi config set {NAMESPACE}:{name} …`"
        ) from None


def _truth(value: Any) -> bool:
    found = _WORDS.get(str(value).strip().lower())
    if found is None:
        raise ArgumentError("true or false")
    return found


def _whole(least: int) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        found = _number(value)
        if not (found >= least and found.is_integer()):
            raise ArgumentError(f"a whole number, {least} or more")
        return int(found)

    return convert


def _above_zero(value: Any) -> float:
    found = _number(value)
    if not found > 0:
        raise ArgumentError("a number greater than 0")
    return found


def _not_negative(value: Any) -> float:
    found = _number(value)
    if not found >= 0:
        raise ArgumentError("a number, 0 or more")
    return found


def _number(value: Any) -> float:
    """A number, or one written as text; NaN, which is neither large nor small, for anything else."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return math.nan
    return found if math.isfinite(found) else math.nan


# ---------------------------------------------------------------- in a program

_checked: set[tuple[str, str, str | None]] = set()


def check(get: Get, portal: str | None = None) -> None:
    """Raise ConfigurationError for the first mistake in the configuration of a portal, as a program may have it."""
    refuse_removed(get)
    refuse_plain_http(from_config(get, portal), portal)


def check_program(portal: str | None = None) -> None:
    """Check the configuration of a portal once, before the program's first resource in it.

    Raises pulumi.RunError with the first mistake.
    """
    if isinstance(get_monitor(), MockMonitor):
        return  # a unit test of a program calls no portal
    checked = (pulumi.get_project(), pulumi.get_stack(), portal)
    if checked in _checked:
        return

    def get(name: str) -> Any:
        return get_config(f"{NAMESPACE}:{name}")

    try:
        if pulumi.get_project() != NAMESPACE:  # the keys of a project have its name before them
            refuse_unknown(_keys_in_program())
        check(get, portal)
    except ConfigurationError as error:
        raise pulumi.RunError(str(error)) from None
    _checked.add(checked)


def _keys_in_program() -> set[str]:
    """The keys below `opendatasoft:` that are set: in the stack's file, in Pulumi.yaml, or by a script."""
    names = {*pulumi_config.get_config_env(), *pulumi_config.CONFIG.get()}
    return {name.removeprefix(f"{NAMESPACE}:") for name in names if name.startswith(f"{NAMESPACE}:")}
