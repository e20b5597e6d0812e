"""Where a portal is: what a person writes as its domain, and what calls and states make of it."""

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
    """The host, with its port if that is not the scheme's own: what states remember."""

    is_local: bool
    """Whether it is on this machine: never behind a proxy, and plain http by default."""


def parse(domain: str) -> Address:
    """The address that `domain` means: a bare name (`mycity`), a host, or a URL, of which only scheme and
    host count.

    Plain http is meant on this machine, elsewhere only where it is written out. Raises ArgumentError with a
    sentence for people; it never repeats user or password that somebody wrote into the URL.
    """
    written = domain.strip()
    if not written:
        raise ArgumentError('no domain: give a name like "mycity", a host, or a URL')
    parts = _split(written)
    if "@" in parts.netloc:
        raise ArgumentError("a domain with a user in it: write the host alone, and the key where keys are configured")
    if parts.scheme not in ("", *_STANDARD_PORTS):
        raise ArgumentError(f'"{written}" is not a web address: only https and http are')
    name, port = _name_and_port(parts, written)
    is_local = _is_local(name)
    if "." not in name and port is None and not parts.scheme and not is_local:
        name = f"{name}.{HOSTED}"
    scheme = parts.scheme or ("http" if is_local else "https")
    host = name if port in (None, _STANDARD_PORTS[scheme]) else f"{name}:{port}"
    return Address(f"{scheme}://{host}", host, is_local)


def _split(written: str) -> SplitResult:
    try:
        return urlsplit(written if "://" in written else f"//{written}")
    except ValueError as error:  # brackets without an IPv6 address in them
        raise ArgumentError(f'"{written}" is not a domain: {error}') from error


def _name_and_port(parts: SplitResult, written: str) -> tuple[str, int | None]:
    try:
        port = parts.port
    except ValueError as error:
        raise ArgumentError(f'"{written}" is not a domain: {error}') from error
    name = parts.hostname or ""
    if ":" in name:
        name = f"[{name}]"
    if not _LEGAL_HOST.fullmatch(name):
        raise ArgumentError(f'"{written}" is not a domain: give a name like "mycity", a host, or a URL')
    return name, port


def _is_local(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
