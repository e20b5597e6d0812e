"""The environment variables that concern a connection: proxies, certificates, the log of TLS keys.

A portal on this machine needs none of them, so none of them can keep it from being reached. For another portal each is
used, or is an ArgumentError that names the variable and the remedy. No message contains the value of a variable: it may
hold a password, or the layout of a network.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import ssl
import stat
import sys
import urllib.request
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import certifi

from ..errors import ArgumentError
from .address import Address

SCHEMES = ("http", "https", "socks5", "socks5h")
"""The kinds of proxies."""


class Proxy(NamedTuple):
    """A proxy, and the variable that names it."""

    scheme: str
    host: str
    port: int | None
    login: tuple[bytes, bytes] | None
    variable: str

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS and not HTTP."""
        return self.scheme.startswith("socks")


def proxy_for(address: Address) -> Proxy | None:
    """Return the proxy for a portal, from HTTPS_PROXY or HTTP_PROXY, ALL_PROXY and NO_PROXY or the system's settings.

    Raises ArgumentError where the variable that applies cannot be used.
    """
    if address.is_local:
        return None
    scheme = urlsplit(address.url).scheme
    known = urllib.request.getproxies()
    value = known.get(scheme) or known.get("all")
    if not value or _is_exempt(address.host, known.get("no", "")) or urllib.request.proxy_bypass(address.host):
        return None
    variable = _variable(scheme if known.get(scheme) else "all")
    proxy = _proxy(value, variable)
    if proxy.is_socks and importlib.util.find_spec("socksio") is None:
        raise ArgumentError(
            f"{variable} names a SOCKS proxy, which needs the Python package socksio: `pip install socksio`, or set "
            "HTTPS_PROXY to an HTTP proxy"
        )
    return proxy


def _variable(kind: str) -> str:
    """The name of the variable that holds the proxy, as it is set."""
    for name in (f"{kind}_proxy", f"{kind}_proxy".upper()):
        if os.environ.get(name):
            return name
    return "the proxy of the system's settings"


def _proxy(value: str, variable: str) -> Proxy:
    unusable = ArgumentError(
        f"{variable} does not hold the address of a proxy: it begins with http://, https:// or socks5:// and has a "
        "host. Correct it, or unset it"
    )
    try:
        parts = urlsplit(value.strip() if "://" in value else f"http://{value.strip()}")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise unusable from None
    if parts.scheme not in SCHEMES or not host or not host.isprintable() or " " in host or port == 0:
        raise unusable
    login = (unquote(parts.username or "").encode(), unquote(parts.password or "").encode())
    return Proxy(parts.scheme, host, port, login if any(login) else None, variable)


def _is_exempt(host: str, names: str) -> bool:
    """Whether NO_PROXY names a host: itself, a domain above it, a network that contains its address, or `*` for all."""
    split = urlsplit(f"//{host}")
    name = split.hostname or host
    for entry in names.split(","):
        exempt = entry.strip().lower().rpartition("://")[2]
        if exempt == "*":
            return True
        exempt = exempt.removeprefix("*").removeprefix(".")
        if exempt and (exempt in (name, host) or name.endswith(f".{exempt}") or _is_within(name, exempt)):
            return True
    return False


def _is_within(name: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(name) in ipaddress.ip_network(network.strip("[]"), strict=False)
    except ValueError:
        return False


def tls_context(*, is_local: bool) -> ssl.SSLContext:
    """Return how TLS is spoken: with the authorities of SSL_CERT_FILE, or of SSL_CERT_DIR, or else the usual ones.

    Raises ArgumentError where SSL_CERT_FILE, SSL_CERT_DIR or SSLKEYLOGFILE cannot be used. For a portal on this machine
    (`is_local`) such a variable is passed over.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if sys.version_info >= (3, 13):  # as ssl.create_default_context does
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    try:
        _load_authorities(context)
        _log_keys(context)
    except ArgumentError:
        if not is_local:
            raise
        context.load_verify_locations(cafile=certifi.where())
    return context


def _load_authorities(context: ssl.SSLContext) -> None:
    file, folders = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file:
        try:
            context.load_verify_locations(cafile=os.devnull if _is_pipe(file) else file)
        except (OSError, ValueError) as error:
            raise ArgumentError(
                f"SSL_CERT_FILE names no file of certificates ({_reason(error)}): set it to a file in PEM format, or "
                "unset it"
            ) from None
    elif folders:
        if not any(os.path.isdir(folder) for folder in folders.split(os.pathsep)):
            raise ArgumentError(
                "SSL_CERT_DIR names no folder: set it to a folder of certificates that `openssl rehash` has indexed, "
                "or unset it"
            )
        context.load_verify_locations(capath=folders)
    else:
        context.load_verify_locations(cafile=certifi.where())


def _log_keys(context: ssl.SSLContext) -> None:
    log = os.environ.get("SSLKEYLOGFILE")
    if not log or sys.flags.ignore_environment:
        return
    try:
        context.keylog_filename = os.devnull if _is_pipe(log) else log
    except (OSError, ValueError) as error:
        raise ArgumentError(
            f"SSLKEYLOGFILE names a file that cannot be written ({_reason(error)}): set it to another file, or unset it"
        ) from None


def _is_pipe(path: str) -> bool:
    """Whether a path names a pipe, on which opening it would wait."""
    return os.path.exists(path) and stat.S_ISFIFO(os.stat(path).st_mode)


def _reason(error: Exception) -> str:
    """The reason without the path."""
    if isinstance(error, ssl.SSLError):
        return "there is no certificate in it"
    return str(getattr(error, "strerror", None) or "it cannot be read").lower()
