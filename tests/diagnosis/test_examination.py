"""Every mistake of the first hour has one line that names it and its remedy."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.client.address import parse
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.configuration import Settings
from pulumi_opendatasoft.diagnosis import connection
from pulumi_opendatasoft.diagnosis.api_key import key_in_use
from pulumi_opendatasoft.diagnosis.check import PROBLEM, Check
from pulumi_opendatasoft.diagnosis.examination import Needs, examine
from pulumi_opendatasoft.errors import Call, Unreachable

from ..client.scripted import Raw, Response, in_turn, refusing_port, serving
from ..client.test_environment import OTHERS, PROXIES, certificate, context
from ..conftest import Portal

__all__ = ["certificate", "context"]

KEY = "0" * 56


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without proxies."""
    for name in (*PROXIES, *OTHERS, "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for all tests of this module."""
    with Emulator(tmp_path_factory.mktemp("doctor") / "portal") as emulator:
        portal = Portal(emulator)
        yield portal
        portal.close()


def checks(domain: str, key: str = KEY, needs: Needs | None = None) -> list[Check]:
    settings = Settings(domain, key, request_timeout=0.5, allow_http=True)
    return list(examine(settings, lambda: needs or Needs({}, "the preview")))


def only_problem(found: list[Check]) -> str:
    problems = [check for check in found if check.status == PROBLEM]
    assert len(problems) == 1, found
    return str(problems[0]).removeprefix("problem  ")


def narrow_key(portal: Portal, *permissions: str, label: str = "narrow") -> str:
    key: str = portal.post("/apikeys/", {"label": label, "permissions": list(permissions)})["key"]
    return key


# ---------------------------------------------------------------- the way to the portal


def test_a_working_key_passes_every_check(shared: Portal) -> None:
    found = checks(shared.url, shared.key)

    assert [check.name for check in found if check.status == "ok"] == [
        "domain",
        "proxy",
        "connection",
        "API",
        "clock",
        "key",
        "permissions",
        "program",
    ]


def test_unknown_domain_is_named() -> None:
    assert only_problem(checks("https://portal.invalid")).startswith(
        "connection: portal.invalid cannot be reached: its name is not known"
    )


def test_no_network_is_one_line() -> None:
    with refusing_port() as port:
        line = only_problem(checks(f"127.0.0.1:{port}"))
    assert line == (
        f"connection: 127.0.0.1:{port} cannot be reached: the connection was refused. Check the domain and the network"
    )


def test_another_site_is_no_portal() -> None:
    with serving(in_turn(Response(b"<html><h1>My shop</h1>"))) as site:
        line = only_problem(checks(site.host))
    assert line == f'API: {site.host} is no Opendatasoft portal: it sent 200 and "My shop". Check the domain'


def test_redirect_from_http_to_https_names_https() -> None:
    with serving(lambda _: Response(status=301, headers={"Location": f"https://{site.host}/"})) as site:
        line = only_problem(checks(site.url))
    assert line.endswith(f"(301). Write https://{site.host}, if it speaks TLS")


def test_http_to_a_tls_port_names_https() -> None:
    tls_alert = b"\x15\x03\x01\x00\x02\x02\x46"
    with serving(in_turn(Raw([tls_alert]))) as site:
        line = only_problem(checks(site.url))
    assert line.endswith(f"If it speaks TLS, write https://{site.host}")


def test_https_to_a_plain_port_names_http() -> None:
    with serving(in_turn(Response({}))) as site:
        line = only_problem(checks(f"https://{site.host}"))
    assert line.startswith(f"certificate: {site.host} cannot be reached: no safe connection")
    assert line.endswith(f"write http://{site.host}")


def test_self_signed_certificate_names_ssl_cert_file(context: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with serving(in_turn(Response({})), context) as site:  # type: ignore[arg-type]
        line = only_problem(checks(site.url))
    assert line == (
        f"certificate: {site.host} cannot be reached: no safe connection: self-signed certificate. "
        "Check the domain; an authority of your own goes into SSL_CERT_FILE"
    )


def test_own_authority_is_accepted_and_named(
    context: object, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with serving(in_turn(Response({"results": [], "total_count": 0})), context) as site:  # type: ignore[arg-type]
        found = checks(site.url)
    assert found[2].finding == "over TLS; the certificate is accepted by the authorities of SSL_CERT_FILE"


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_wrong_clock_is_a_problem(hours: int) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
    with serving(in_turn(Response({"results": [], "total_count": 0}, headers={"Date": date}))) as site:
        line = only_problem(checks(site.host))
    way = "ahead of" if hours < 0 else "behind"
    assert line.startswith(f"clock: this machine is 3 hours {way} the portal. Let this machine set its clock by")


def test_a_clock_outside_the_certificate_is_named() -> None:
    error = Unreachable(Call("x.org", "GET", "/"), "no safe connection: certificate is not yet valid")
    line = str(connection.unreachable(error, parse("x.org")))
    assert f"this machine's clock has {datetime.now(UTC):%Y-%m-%d}" in line.replace("This", "this")


# ---------------------------------------------------------------- the proxy


def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing_port() as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://jane:canary@127.0.0.1:{port}")
        line = only_problem(checks("https://portal.invalid"))
    assert line == (
        "proxy: the proxy of HTTPS_PROXY cannot be reached (connection refused). Correct HTTPS_PROXY, or add "
        "portal.invalid to NO_PROXY"
    )


def test_a_proxy_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{silent.getsockname()[1]}")
        line = only_problem(checks("https://portal.invalid"))
    assert line == (
        "connection: portal.invalid cannot be reached: no answer within 0.5 s, through the proxy of HTTPS_PROXY. Check "
        "HTTPS_PROXY, or add portal.invalid to NO_PROXY"
    )


def test_a_useless_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "ftp://jane:canary")
    line = only_problem(checks("https://portal.invalid"))
    assert line.startswith("proxy: HTTPS_PROXY does not hold the address of a proxy")
    assert "canary" not in line


# ---------------------------------------------------------------- the key


def test_a_wrong_key_is_named(shared: Portal) -> None:
    assert only_problem(checks(shared.url, "wrong")) == (
        "key: the portal does not accept it: Invalid API key. Copy the key again: it must be whole, not revoked, and "
        "made on this portal"
    )


def test_a_revoked_key_is_refused(shared: Portal) -> None:
    made = shared.post("/apikeys/", {"label": "old", "permissions": []})
    shared.post(f"/apikeys/{made['uid']}/revoke/", {"reason": "old"})
    assert only_problem(checks(shared.url, made["key"])).startswith("key: the portal does not accept it")


def test_a_narrow_key_lacks_what_the_program_needs(shared: Portal) -> None:
    key = narrow_key(shared, "create_dataset", "edit_dataset")
    needs = Needs({"edit_dataset": ["/datasets/"], "publish_dataset": ["/datasets/", "/harvesters/"]}, "the preview")
    assert only_problem(checks(shared.url, key, needs)) == (
        "program: by the preview, the key lacks publish_dataset (for datasets, harvesters). Give it to the key and to "
        "its owner, or use another key; for single datasets and pages, a rule of theirs grants it as well"
    )


def test_an_unknown_need_is_no_problem(shared: Portal) -> None:
    found = checks(shared.url, shared.key, Needs(source="the stack has no resources yet", remedy="run a preview"))
    assert str(found[-1]) == "unknown  program: the stack has no resources yet. Run a preview"


@pytest.mark.reaches("doctor", portal="shared")
def test_key_is_found_by_search_where_it_is_not_shown(shared: Portal) -> None:
    shared.set(api_key_told="once")
    try:
        key = narrow_key(shared, "edit_domain", "edit_page", label="searcher")
        with Client(shared.url, key) as client:
            found = key_in_use(client)
    finally:
        shared.set(api_key_told="always")
    assert (found.owner, found.label, set(found.certain)) == ("admin", "searcher", {"edit_domain", "edit_page"})


def test_key_that_is_not_shown_is_one_of_several(shared: Portal) -> None:
    shared.set(api_key_told="once")
    try:
        key = narrow_key(shared, "edit_dataset", label="hidden")
        needs = Needs({"publish_dataset": ["/datasets/"]}, "the preview")
        found = checks(shared.url, key, needs)
    finally:
        shared.set(api_key_told="always")
    assert found[-2].finding.startswith("admin has several keys, and the portal does not show which one this is")
    assert found[-1].finding == "by the preview it needs publish_dataset, which this key may or may not have"
