"""A portal's address, from the domain that a configuration gives."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from ..errors import ArgumentError

HOSTED = "opendatasoft.com"
"""A bare name is a domain of the hosted service."""

_LEGAL_HOST = re.compile(r"[\w.-]+|\[[0-9a-f:.]+\]")
_STANDARD_PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """A portal's address."""

    url: str
    """Scheme and host, without a path: `https://data.mycity.org`."""

    host: str
    """The host, with its port unless that is the scheme's standard one; recorded in states."""

    is_local: bool
    """Whether it is on this machine: never behind a proxy, and plain http by default."""


def parse(domain: str) -> Address:
    """Return the address of `domain`: a bare name (`mycity`), a host, or a URL, whose path and query are ignored.

    The scheme is https unless it is written out; on this machine it is http. Raises ArgumentError, whose message never
    contains a user or a password that is part of the URL.
    """
    given = domain.strip()
    if not given:
        raise ArgumentError('no domain: give a name like "mycity", a host, or a URL')
    parts = _split(given)
    if "@" in parts.netloc:
        raise ArgumentError("a domain with a user in it: write the host alone, and the key where keys are configured")
    if parts.scheme not in ("", *_STANDARD_PORTS):
        raise ArgumentError(f'"{given}" is not a web address: only https and http are')
    name, port = _name_and_port(parts, given)
    is_local = _is_local(name)
    if "." not in name and port is None and not parts.scheme and not is_local:
        name = f"{name}.{HOSTED}"
    scheme = parts.scheme or ("http" if is_local else "https")
    host = name if port in (None, _STANDARD_PORTS[scheme]) else f"{name}:{port}"
    return Address(f"{scheme}://{host}", host, is_local)


def _split(given: str) -> SplitResult:
    try:
        return urlsplit(given if "://" in given else f"//{given}")
    except ValueError as error:  # brackets without an IPv6 address in them
        raise ArgumentError(f'"{given}" is not a domain: {error}') from error


def _name_and_port(parts: SplitResult, given: str) -> tuple[str, int | None]:
    try:
        port = parts.port
    except ValueError as error:
        raise ArgumentError(f'"{given}" is not a domain: {error}') from error
    name = parts.hostname or ""
    if ":" in name:
        name = f"[{name}]"
    if not _LEGAL_HOST.fullmatch(name):
        raise ArgumentError(f'"{given}" is not a domain: give a name like "mycity", a host, or a URL')
    return name, port


def _is_local(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
