"""The environment's proxies and certificates: used for a portal elsewhere, without effect on one of this machine."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_opendatasoft.client.address import parse
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.client.environment import proxy_for
from pulumi_opendatasoft.errors import ArgumentError, PortalError, Unreachable

from ..imports import SOURCES
from .conftest import KEY, Serve
from .proxy import proxying
from .scripted import Response, ScriptedPortal, in_turn, serving

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
TLS = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
OTHERS = ("NO_PROXY", "no_proxy", "NETRC", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "OPENSSL_CONF", "OPENSSL_MODULES")

CANARY = "jane-5c1d2f"

USELESS_PROXIES = (
    f"socks5h://{CANARY}:pw@127.0.0.1:1080",
    f"socks4://{CANARY}",
    f"ftp://{CANARY}:21",
    f"http://{CANARY}:port",
    f"http://{CANARY}:99999",
    f"http://[{CANARY}",
    f"http://{'x' * 80}{CANARY}",
    f"{CANARY} is no proxy",
    "http://",
    "://",
    "\x01",
)
USELESS_PATHS = (
    "/nowhere/{canary}",
    "/dev/null",
    "{folder}",
    "{folder}/{canary}-empty",
    "{folder}/{canary}-pipe",
    "\x01",
)


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without any of these variables, and a folder for the file that one of them may make."""
    monkeypatch.chdir(tmp_path)
    for name in (*PROXIES, *TLS, *OTHERS):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    """Paths that name no file of certificates."""
    (tmp_path / f"{CANARY}-empty").touch()
    os.mkfifo(tmp_path / f"{CANARY}-pipe")
    return [path.format(folder=tmp_path, canary=CANARY) for path in USELESS_PATHS]


# ---------------------------------------------------------------- a portal of this machine


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_portal_of_this_machine_needs_no_variable(
    serve: Serve, host: str, paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = serve(in_turn(Response({"uid": "editors"})))
    for number in range(max(len(USELESS_PROXIES), len(paths))):
        for name in PROXIES:
            monkeypatch.setenv(name, USELESS_PROXIES[number % len(USELESS_PROXIES)])
        for name in (*TLS, *OTHERS):
            monkeypatch.setenv(name, paths[number % len(paths)])
        with Client(f"http://{host}:{portal.server_port}", KEY, retries=0) as client:
            assert client.get("/groups/editors/") == {"uid": "editors"}


def test_useless_certificates_spoil_no_https_here(
    safe: ScriptedPortal, paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in TLS:
        for path in paths:
            monkeypatch.setenv(name, path)
            client = Client(f"https://localhost:{safe.server_port}", KEY, retries=0)
            with client, pytest.raises(Unreachable, match=r"no safe connection: self.signed certificate"):
                client.get("/groups/")
        monkeypatch.delenv(name)
    assert safe.calls() == []


# ---------------------------------------------------------------- another portal


@pytest.mark.parametrize("name", PROXIES)
def test_useless_proxy_is_named_and_never_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in USELESS_PROXIES:
        monkeypatch.setenv(name, value)
        if proxies_http(name):
            assert_named(name, "http://portal.invalid")
        if proxies_https(name):
            assert_named(name, "https://portal.invalid")


def proxies_http(name: str) -> bool:
    return "https" not in name.lower()


def proxies_https(name: str) -> bool:
    return name.lower() in ("https_proxy", "all_proxy")


def assert_named(variable: str, domain: str) -> None:
    """The variable stands in an error of one line, and its value does not."""
    told = ""
    try:
        with Client(domain, KEY, retries=0) as client:
            client.get("/groups/")
    except (ArgumentError, PortalError) as error:
        told = str(error)
    assert variable in told
    assert CANARY not in told
    assert "\n" not in told


def test_socks_proxy_without_its_package_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5h://127.0.0.1:1080")
    with pytest.raises(ArgumentError) as error:
        Client("mycity", KEY)
    assert str(error.value) == (
        "ALL_PROXY names a SOCKS proxy, which needs the Python package socksio: `pip install socksio`, or set "
        "HTTPS_PROXY to an HTTP proxy"
    )


def test_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with Client("mycity", KEY, retries=0) as client, pytest.raises(Unreachable) as error:
        client.get("/groups/")
    assert "the connection was refused, through the proxy of HTTPS_PROXY (GET" in str(error.value)
    assert str(error.value).endswith("Check the domain, the network, HTTPS_PROXY and NO_PROXY.")


@pytest.mark.parametrize(
    ("names", "is_exempt"),
    [
        ("portal.city.org", True),
        ("city.org", True),
        (".city.org", True),
        ("*.city.org", True),
        ("*", True),
        ("other.org, CITY.org", True),
        ("https://portal.city.org", True),
        ("portal.city.org:8443", True),
        ("ity.org", False),
        ("portal.city.org:80", False),
        ("other.org", False),
        (",", False),
        ("", False),
    ],
)
def test_no_proxy_names_hosts_and_domains(names: str, is_exempt: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.city.org:3128")
    monkeypatch.setenv("no_proxy", names)
    assert (proxy_for(parse("https://portal.city.org:8443")) is None) is is_exempt


@pytest.mark.parametrize(("names", "is_exempt"), [("10.0.0.0/8", True), ("10.1.2.3", True), ("10.2.0.0/16", False)])
def test_no_proxy_names_networks(names: str, is_exempt: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "proxy:3128")
    monkeypatch.setenv("NO_PROXY", names)
    assert (proxy_for(parse("http://10.1.2.3:8765")) is None) is is_exempt


def test_useless_certificates_are_named_and_never_shown(paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for path in paths:
        monkeypatch.setenv("SSL_CERT_FILE", path)
        assert_named("SSL_CERT_FILE", "mycity")
    monkeypatch.delenv("SSL_CERT_FILE")
    for path in paths[:2]:
        monkeypatch.setenv("SSL_CERT_DIR", path)
        assert_named("SSL_CERT_DIR", "mycity")


def test_log_of_keys_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (f"/nowhere/{CANARY}", str(tmp_path)):
        monkeypatch.setenv("SSLKEYLOGFILE", path)
        assert_named("SSLKEYLOGFILE", "mycity")


def test_reason_of_a_useless_file_has_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    for path, reason in (
        ("/nowhere", "no such file or directory"),
        ("/dev/null", "there is no certificate in it"),
        ("/tmp", "is a directory"),
    ):
        monkeypatch.setenv("SSL_CERT_FILE", path)
        with pytest.raises(ArgumentError) as error:
            Client("mycity", KEY)
        assert str(error.value) == (
            f"SSL_CERT_FILE names no file of certificates ({reason}): set it to a file in PEM format, or unset it"
        )


# ---------------------------------------------------------------- TLS

needs_openssl = pytest.mark.skipif(
    not shutil.which("openssl"), reason="openssl, which makes the certificate, is not on this machine"
)


def made_certificate(folder: Path, names: str) -> tuple[Path, Path]:
    """Make a certificate for some names, and its key."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=portal", "-days", "1"]
    request += ["-addext", f"subjectAltName={names}", "-keyout", str(key), "-out", str(made)]
    subprocess.run(request, check=True, capture_output=True)
    return made, key


def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*certificate)
    return made


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for a portal and a proxy, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes the certificate, is not on this machine")
    return made_certificate(tmp_path_factory.mktemp("tls"), "DNS:localhost,DNS:portal.invalid,IP:127.0.0.1")


@pytest.fixture(scope="module")
def context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return server_context(certificate)


@pytest.fixture
def safe(context: ssl.SSLContext) -> Iterator[ScriptedPortal]:
    """A portal with TLS, which returns what it was sent."""
    with serving(lambda request: Response({"size": len(request.body), "path": request.path}), context) as portal:
        yield portal


def test_authority_of_ssl_cert_file_is_trusted(
    safe: ScriptedPortal, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    file = tmp_path / "air.csv"
    file.write_bytes(os.urandom(3_000_000))
    with Client(f"https://localhost:{safe.server_port}", KEY, retries=0) as client:
        assert client.get("/groups/")["path"] == "/groups/"
        assert client.upload("/files/", file, filename="air.csv")["size"] > 3_000_000
        assert client.get("/users/")["path"] == "/users/"
    assert safe.connections == 1


def test_authority_of_ssl_cert_dir_is_trusted(
    safe: ScriptedPortal, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copy(certificate[0], tmp_path)
    subprocess.run(["openssl", "rehash", str(tmp_path)], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with Client(safe.url, KEY, retries=0) as client:
        assert client.get("/groups/")["path"] == "/groups/"


def test_keys_of_tls_are_logged_where_requested(
    safe: ScriptedPortal, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    with Client(safe.url, KEY, retries=0) as client:
        client.get("/groups/")
    assert "TRAFFIC_SECRET" in (tmp_path / "keys").read_text()


@needs_openssl
def test_certificate_of_another_host_gets_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_another = made_certificate(tmp_path, "DNS:portal.invalid")
    monkeypatch.setenv("SSL_CERT_FILE", str(of_another[0]))
    with serving(in_turn(Response({})), server_context(of_another)) as portal:
        client = Client(f"https://localhost:{portal.server_port}", KEY, backoff=60.0)
        with client, pytest.raises(Unreachable) as error:
            client.get("/groups/")
    assert "no safe connection: Hostname mismatch" in str(error.value)
    assert "only the authorities of SSL_CERT_FILE are trusted" in str(error.value)
    assert not error.value.may_have_arrived
    assert portal.calls() == []


@pytest.mark.parametrize("is_safe", [False, True], ids=["http", "https"])
def test_portal_elsewhere_is_reached_through_a_tunnel(
    safe: ScriptedPortal,
    context: ssl.SSLContext,
    certificate: tuple[Path, Path],
    is_safe: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with proxying(("127.0.0.1", safe.server_port), context if is_safe else None) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("://", "://jane:p%40ss@"))
        with Client("https://portal.invalid", KEY, retries=0) as client:
            assert client.get("/groups/")["path"] == "/groups/"
            assert client.post("/groups/", {"title": "x" * 1_000_000})["size"] > 1_000_000
    assert [head.splitlines()[0] for head in proxy.heads] == ["CONNECT portal.invalid:443 HTTP/1.1"]
    assert "Proxy-Authorization: Basic amFuZTpwQHNz" in proxy.heads[0]
    assert KEY not in proxy.heads[0]


def test_handshake_that_hangs_ends_with_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(f"https://127.0.0.1:{silent.getsockname()[1]}", KEY, retries=0, timeout=0.5)
        with client, pytest.raises(Unreachable, match=r"no connection within 0\.5 s") as error:
            client.put("/groups/editors/", {})
    assert not error.value.may_have_arrived


# ---------------------------------------------------------------- a package without its metadata


def test_package_copied_without_its_metadata_works(serve: Serve, tmp_path: Path) -> None:
    portal = serve(in_turn(Response({})))
    site = Path(pytest.__file__).parents[1]
    for entry in site.iterdir():
        if "opendatasoft" not in entry.name and not entry.name.endswith(".pth"):
            (tmp_path / entry.name).symlink_to(entry)
    shutil.copytree(SOURCES / "pulumi_opendatasoft", tmp_path / "pulumi_opendatasoft")
    program = (
        "import sys, pulumi_opendatasoft as ods\n"
        "from pulumi_opendatasoft.client.client import Client\n"
        "Client(sys.argv[1], 'key').get('/groups/')\n"
        "print(ods.__file__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, portal.url],
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith(str(tmp_path))
    assert portal.requests[0].headers["user-agent"] == "pulumi-opendatasoft"
