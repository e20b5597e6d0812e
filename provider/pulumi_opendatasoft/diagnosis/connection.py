"""The way to a portal: its address, the proxy, the first call and its certificate, the clocks."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ..client.address import Address
from ..client.client import Client
from ..client.environment import proxy_for
from ..errors import ArgumentError, KeyRefused, NotAPortal, PortalError, Refused, Unreachable
from .check import Check, fine, problem

PATIENCE = 5.0
"""Seconds within which a proxy must accept a connection."""

MOST_APART = 60.0
"""Seconds by which the clocks of a portal and of this machine may differ."""

FIRST = "/apikeys/"
"""The path of the first call: every key may list the keys of its owner."""

_OF_TIME = ("not yet valid", "has expired")
_NO_TLS = ("wrong version number", "wrong_version_number", "record layer failure", "http request")


def address_check(address: Address) -> Check:
    """The address as it is understood; plain http to another machine was allowed by the user, or refused before."""
    if address.is_local or address.url.startswith("https:"):
        return fine("domain", address.url)
    return fine("domain", f"{address.url}: plain http, which `allowHttp` allows; the key can be read on its way")


def proxy_check(address: Address) -> Check:
    """Whether the environment names a proxy for the portal, and whether that accepts a connection."""
    try:
        proxy = proxy_for(address)
    except ArgumentError as error:
        return problem("proxy", *_split(str(error)), ArgumentError)
    if proxy is None:
        reason = "none is needed on this machine" if address.is_local else "none in the environment"
        return fine("proxy", reason)
    standard = {"https": 443, "http": 80}.get(proxy.scheme, 1080)
    try:
        socket.create_connection((proxy.host, proxy.port or standard), timeout=PATIENCE).close()
    except (OSError, UnicodeError) as error:
        reason = "gives no answer" if isinstance(error, TimeoutError) else f"cannot be reached ({_reason(error)})"
        remedy = f"correct {proxy.variable}, or add {urlsplit(address.url).hostname} to NO_PROXY"
        return problem("proxy", f"the proxy of {proxy.variable} {reason}", remedy, Unreachable)
    return fine("proxy", f"that of {proxy.variable} answers")


def connection_checks(client: Client, address: Address) -> Iterator[Check]:
    """Make the first call, and say what it shows of connection, certificate and API, and of the key where it fails."""
    try:
        client.get(FIRST, limit=1)
    except Unreachable as error:
        yield unreachable(error, address)
        return
    except NotAPortal as error:
        yield fine("connection", _how(address))
        yield _no_portal(error, address)
        return
    except KeyRefused as error:
        yield from (fine("connection", _how(address)), fine("API", "it answers as an Opendatasoft portal"))
        reason = error.message.rstrip(".") or "it gave no reason"
        remedy = "copy the key again: it must be whole, not revoked, and made on this portal"
        yield problem("key", f"the portal does not accept it: {reason}", remedy, KeyRefused)
        return
    except Refused as error:
        yield from (fine("connection", _how(address)), fine("API", "it answers as an Opendatasoft portal"))
        if error.status >= 500 or error.status == 429:
            yield problem("API", *_split(str(error)), type(error))
        return
    yield from (fine("connection", _how(address)), fine("API", "it answers as an Opendatasoft portal"))


def clock_check(client: Client) -> Check:
    """How far the clock of this machine is from that of the portal, by the `Date` of its responses."""
    apart = (client.clock.now() - client.now()).total_seconds()
    if abs(apart) <= MOST_APART:
        return fine("clock", f"at most {max(1, round(abs(apart)))} s from the portal's")
    way = "ahead of" if apart > 0 else "behind"
    remedy = "let this machine set its clock by the network (NTP)"
    return problem("clock", f"this machine is {_length(abs(apart))} {way} the portal", remedy)


def _how(address: Address) -> str:
    if address.url.startswith("http:"):
        return "over plain http"
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if os.environ.get(name):
            return f"over TLS; the certificate is accepted by the authorities of {name}"
    return "over TLS; the certificate is accepted"


def unreachable(error: Unreachable, address: Address) -> Check:
    """The check of a portal that gave no response, with the remedy for its address."""
    reason, remedy = error.reason, error.remedy.rstrip(".")
    host = urlsplit(address.url).netloc
    if any(text in reason for text in _OF_TIME):
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        remedy = f"this machine's clock has {now}: if that is wrong, set it, else renew the certificate"
    elif address.url.startswith("https:") and any(text in reason.lower() for text in _NO_TLS):
        remedy = f"if nothing but plain http is spoken there, as on a portal of this machine, write http://{host}"
    elif "no safe connection" in reason:
        remedy = f"check the domain; {remedy.partition('; ')[2] or remedy}"
    elif (proxy := proxy_for(address)) and "proxy" not in reason:
        reason = f"{reason}, through the proxy of {proxy.variable}"
        remedy = f"check {proxy.variable}, or add {urlsplit(address.url).hostname} to NO_PROXY"
    elif address.url.startswith("http:") and "broke" in reason:
        remedy = f"if it speaks TLS, write https://{host}"
    name = "certificate" if "no safe connection" in reason else "connection"
    return problem(name, f"{error.portal} cannot be reached: {reason}", remedy, Unreachable)


def _no_portal(error: NotAPortal, address: Address) -> Check:
    remedy = error.remedy.rstrip(".")
    if address.url.startswith("http:") and (300 <= error.status < 400 or error.status == 400):
        remedy = f"write https://{urlsplit(address.url).netloc}, if it speaks TLS"
    return problem("API", f"{error.portal} is no Opendatasoft portal: {error.reason}", remedy, NotAPortal)


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).lower()


def _split(message: str) -> tuple[str, str]:
    """A message as its finding and its remedy, which follows a colon or a full stop."""
    for sign in (": ", ". "):
        finding, found, remedy = message.partition(sign)
        if found:
            return finding, remedy.rstrip(".")
    return message.rstrip("."), ""


def _length(seconds: float) -> str:
    for unit, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.0f} s"


def describe(error: PortalError) -> str:
    """A failed call in one line."""
    return str(error).rstrip(".")
