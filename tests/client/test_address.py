"""The spellings of a domain."""

from __future__ import annotations

import pytest
from pulumi_opendatasoft.client.address import parse


@pytest.mark.parametrize(
    ("domain", "url", "host"),
    [
        ("mycity", "https://mycity.opendatasoft.com", "mycity.opendatasoft.com"),
        (" MyCity ", "https://mycity.opendatasoft.com", "mycity.opendatasoft.com"),
        ("data.mycity.org", "https://data.mycity.org", "data.mycity.org"),
        ("data.mycity.org:8443", "https://data.mycity.org:8443", "data.mycity.org:8443"),
        ("portal:8443", "https://portal:8443", "portal:8443"),
        ("https://Data.mycity.org/", "https://data.mycity.org", "data.mycity.org"),
        ("https://data.mycity.org/explore/?sort=modified", "https://data.mycity.org", "data.mycity.org"),
        ("https://data.mycity.org:443", "https://data.mycity.org", "data.mycity.org"),
        ("http://data.mycity.org:80", "http://data.mycity.org", "data.mycity.org"),
        ("http://portal", "http://portal", "portal"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765", "127.0.0.1:8765"),
        ("127.0.0.1:8765", "http://127.0.0.1:8765", "127.0.0.1:8765"),
        ("localhost:8765", "http://localhost:8765", "localhost:8765"),
        ("localhost", "http://localhost", "localhost"),
        ("https://localhost:8443", "https://localhost:8443", "localhost:8443"),
        ("[::1]:8765", "http://[::1]:8765", "[::1]:8765"),
        ("données.ville.fr", "https://données.ville.fr", "données.ville.fr"),
    ],
)
def test_domain_is_a_bare_name_a_host_or_a_url(domain: str, url: str, host: str) -> None:
    address = parse(domain)
    assert (address.url, address.host) == (url, host)


@pytest.mark.parametrize("domain", ["127.0.0.1", "localhost:1", "http://127.0.0.7", "https://[::1]"])
def test_address_on_this_machine_is_local(domain: str) -> None:
    assert parse(domain).is_local


@pytest.mark.parametrize("domain", ["mycity", "10.0.0.1", "localhost.mycity.org", "http://example.org"])
def test_address_elsewhere_is_not_local(domain: str) -> None:
    assert not parse(domain).is_local


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        ("", "no domain"),
        ("   ", "no domain"),
        ("ftp://data.mycity.org", "only https and http"),
        ("my city", "is not a domain"),
        ("https://", "is not a domain"),
        ("https://data.mycity.org:many", "is not a domain"),
        ("https://[::1", "is not a domain"),
        ("https://data.mycity.org;x", "is not a domain"),
    ],
)
def test_invalid_domain_is_refused_with_a_reason(domain: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(domain)


def test_password_in_a_domain_is_refused_and_not_shown() -> None:
    with pytest.raises(ValueError, match="user in it") as refused:
        parse("https://jane:hunter2@data.mycity.org")
    assert "hunter2" not in str(refused.value)
