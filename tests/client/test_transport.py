"""Requests without a response: their messages, and whether they may have arrived."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.errors import Unreachable

from .conftest import KEY, Connect, Serve
from .scripted import Disconnect, NoResponse, Reply, Request, Response, in_turn, refusing_port


def unreachable(client: Client) -> Unreachable:
    with client, pytest.raises(Unreachable) as error:
        client.get("/groups/")
    return error.value


def test_refused_connection_is_retried_and_cannot_have_arrived() -> None:
    with refusing_port() as port:
        host = f"127.0.0.1:{port}"
        error = unreachable(Client(host, KEY, retries=2, backoff=0.01))
    assert error.tries == 3
    assert not error.may_have_arrived
    assert str(error) == (
        f"{host} cannot be reached: the connection was refused (GET /groups/, tried 3 times). "
        "Check the domain and the network."
    )


def test_unknown_name_is_an_error_at_once() -> None:
    error = unreachable(Client("no-such-portal.invalid", KEY, backoff=60.0))
    assert error.tries == 1
    assert not error.may_have_arrived
    assert str(error).startswith("no-such-portal.invalid cannot be reached: its name is not known (")


def test_name_that_was_resolved_before_is_tried_again(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = serve(in_turn(Response({}, headers={"Connection": "close"})))
    with Client(f"http://localhost:{portal.server_port}", KEY, retries=2, backoff=0.01) as client:
        client.get("/groups/")

        def no_name(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

        monkeypatch.setattr(socket, "getaddrinfo", no_name)
        with pytest.raises(Unreachable, match="its name is not known") as error:
            client.get("/groups/")
    assert error.value.tries == 3


def test_request_that_timed_out_may_have_arrived(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(NoResponse()))
    with pytest.raises(Unreachable) as error:
        connect(portal, retries=0, timeout=0.2).get("/groups/")
    assert error.value.may_have_arrived
    assert str(error.value) == (
        f"{portal.host} cannot be reached: no answer within 0.2 s (GET /groups/). "
        "Try again, or raise opendatasoft:requestTimeout."
    )


@pytest.mark.parametrize("after", [0, 10, 60])
def test_request_whose_connection_broke_may_have_arrived(serve: Serve, connect: Connect, after: int) -> None:
    portal = serve(in_turn(Disconnect(Response({"title": "x" * 100}), after)))
    with pytest.raises(Unreachable, match="the connection broke before the answer came") as error:
        connect(portal, retries=0).put("/groups/editors/", {})
    assert error.value.may_have_arrived


def test_connection_cut_before_a_byte_is_read_is_retried(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Response({"uid": "editors"})))
    portal.drops = 2
    assert connect(portal).get("/groups/editors/") == {"uid": "editors"}
    assert portal.connections == 3


def test_connection_that_is_not_accepted_times_out() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        try:
            for one in waiting:  # fill the queue of a server that accepts no connection
                one.setblocking(False)
                one.connect_ex(address)
            error = unreachable(Client(f"127.0.0.1:{address[1]}", KEY, retries=0, timeout=0.2))
        finally:
            for one in waiting:
                one.close()
    assert not error.may_have_arrived
    assert "no connection within 0.2 s" in str(error)


def test_network_without_a_route_is_named_as_the_cause() -> None:
    error = unreachable(Client("http://255.255.255.255", KEY, retries=0, timeout=2.0))
    assert not error.may_have_arrived
    assert re.search(r"cannot be reached: no connection \([a-z ]+\) \(GET /groups/\)\. Check", str(error))


def test_plain_http_in_the_place_of_https_is_named(serve: Serve) -> None:
    portal = serve(in_turn(Response({})))
    error = unreachable(Client(f"https://{portal.host}", KEY, retries=0, timeout=5.0))
    assert not error.may_have_arrived
    assert "no safe connection: " in str(error)


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl, which makes the certificate, is not on this machine")
def test_self_signed_certificate_is_an_error_at_once(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = ["-subj", "/CN=localhost", "-days", "1", "-keyout", str(key), "-out", str(certificate)]
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes"]
    subprocess.run([*request, *made], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def shake(listener: socket.socket) -> None:
        plain, _ = listener.accept()
        with plain, pytest.raises((ssl.SSLError, ConnectionError)):
            context.wrap_socket(plain, server_side=True)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        thread = threading.Thread(target=shake, args=(listener,), daemon=True)
        thread.start()
        error = unreachable(Client(f"https://localhost:{listener.getsockname()[1]}", KEY, backoff=60.0))
        thread.join()
    assert error.tries == 1
    assert not error.may_have_arrived
    assert "no safe connection: self-signed certificate" in str(error).replace("self signed", "self-signed")
    assert "SSL_CERT_FILE" in str(error)


def test_proxy_that_refuses_is_named_as_the_cause(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(in_turn(Response({})))  # it knows no CONNECT
    monkeypatch.setenv("https_proxy", proxy.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    error = unreachable(Client("https://portal.invalid", KEY, retries=0))
    assert not error.may_have_arrived
    assert "the proxy does not let the call through (501" in str(error)
    assert "NO_PROXY" in str(error)


def test_key_never_shows_in_an_error_of_the_connection(serve: Serve, connect: Connect) -> None:
    def script(_: Request) -> Reply:
        return Disconnect()

    with pytest.raises(Unreachable) as error:
        connect(serve(script), retries=0).get("/groups/")
    cause: BaseException | None = error.value
    while cause:
        assert KEY not in f"{cause} {cause!r}"
        cause = cause.__cause__ or cause.__context__
