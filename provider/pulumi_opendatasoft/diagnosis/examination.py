"""All checks of a portal, in the order in which one failure explains the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..client.address import parse
from ..client.client import Client
from ..configuration import Settings
from ..errors import ArgumentError, PortalError
from .api_key import Key, key_check, key_in_use, needs_check, permissions_check
from .check import PROBLEM, Check, problem, unknown
from .connection import address_check, clock_check, connection_checks, describe, proxy_check

TIMEOUT = 10.0
"""Seconds that a call of an examination may take."""


@dataclass(frozen=True)
class Needs:
    """The permissions that a program needs, or why they are not known."""

    permissions: Mapping[str, Sequence[str]] | None = None
    """Each with the paths of the calls that need it; None where they are not known."""

    source: str = ""
    """Where they come from: `the preview`. Else why they are not known."""

    remedy: str = ""


def examine(settings: Settings, needs: Callable[[], Needs]) -> Iterator[Check]:
    """Examine the way to a portal and the API key; yields each check when it is made, up to one that ends the way.

    Args:
        settings: The settings of the portal.
        needs: Finds out what the program needs; called once the key works.
    """
    address = parse(settings.domain)
    yield address_check(address)
    proxy = proxy_check(address)
    yield proxy
    if proxy.status == PROBLEM:
        return
    quick = replace(settings, request_timeout=min(settings.request_timeout, TIMEOUT))
    try:
        client = Client(quick.domain, quick.key, timeout=quick.request_timeout, retries=0)
    except ArgumentError as error:
        yield problem("key" if "key" in str(error) else "certificate", str(error), "", ArgumentError)
        return
    with client:
        problems: list[str] = []
        for check in connection_checks(client, address):
            problems += [check.name] if check.status == PROBLEM else []
            yield check
        if not problems or problems[0] in ("key", "API"):  # the portal has answered
            yield clock_check(client)
        if not problems:
            yield from _of_key(client, needs)


def _of_key(client: Client, needs: Callable[[], Needs]) -> Iterator[Check]:
    try:
        key = key_in_use(client)
    except PortalError as error:
        yield unknown("permissions", describe(error))
        return
    yield key_check(key)
    yield permissions_check(key)
    yield _of_program(key, needs())


def _of_program(key: Key, found: Needs) -> Check:
    if found.permissions is None:
        return unknown("program", found.source, found.remedy)
    return needs_check(key, found.permissions, found.source)
