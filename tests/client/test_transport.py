"""What is said, and what is concluded, when nothing comes back."""

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
from .scripted import Asked, Breaks, Hangs, Reply, Says, free_port, in_turn


def unreachable(client: Client) -> Unreachable:
    with client, pytest.raises(Unreachable) as error:
        client.get("/groups/")
    return error.value


def test_a_refused_connection_is_tried_again_and_cannot_have_arrived() -> None:
    host = f"127.0.0.1:{free_port()}"
    error = unreachable(Client(host, KEY, retries=2, backoff=0.01))
    assert error.tries == 3
    assert not error.may_have_arrived
    assert str(error) == (
        f"{host} cannot be reached: the connection was refused (GET /groups/, tried 3 times). "
        "Check the domain and the network."
    )


def test_an_unknown_name_is_an_error_at_once() -> None:
    error = unreachable(Client("no-such-portal.invalid", KEY, backoff=60.0))
    assert error.tries == 1
    assert not error.may_have_arrived
    assert str(error).startswith("no-such-portal.invalid cannot be reached: its name is not known (")


def test_a_name_that_was_known_until_now_is_tried_again(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = serve(in_turn(Says({}, headers={"Connection": "close"})))
    with Client(f"http://localhost:{portal.server_port}", KEY, retries=2, backoff=0.01) as client:
        client.get("/groups/")

        def no_name(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

        monkeypatch.setattr(socket, "getaddrinfo", no_name)
        with pytest.raises(Unreachable, match="its name is not known") as error:
            client.get("/groups/")
    assert error.value.tries == 3


def test_a_silent_portal_may_have_done_what_was_asked(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Hangs()))
    with pytest.raises(Unreachable) as error:
        connect(portal, retries=0, timeout=0.2).get("/groups/")
    assert error.value.may_have_arrived
    assert str(error.value) == (
        f"{portal.host} cannot be reached: no answer within 0.2 s (GET /groups/). Try again, or allow it more time."
    )


@pytest.mark.parametrize("after", [0, 10, 60])
def test_a_connection_that_breaks_before_the_whole_answer_may_have_done_it(
    serve: Serve, connect: Connect, after: int
) -> None:
    portal = serve(in_turn(Breaks(Says({"title": "x" * 100}), after)))
    with pytest.raises(Unreachable, match="the connection broke before the answer came") as error:
        connect(portal, retries=0).put("/groups/editors/", {})
    assert error.value.may_have_arrived


def test_a_connection_cut_before_a_byte_is_read_is_tried_again(serve: Serve, connect: Connect) -> None:
    portal = serve(in_turn(Says({"uid": "editors"})))
    portal.drops = 2
    assert connect(portal).get("/groups/editors/") == {"uid": "editors"}
    assert portal.connections == 3


def test_a_portal_that_takes_no_connection_is_given_up_in_time() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        try:
            for one in waiting:  # fill the queue of a server that accepts nobody
                one.setblocking(False)
                one.connect_ex(address)
            error = unreachable(Client(f"127.0.0.1:{address[1]}", KEY, retries=0, timeout=0.2))
        finally:
            for one in waiting:
                one.close()
    assert not error.may_have_arrived
    assert "no connection within 0.2 s" in str(error)


def test_a_network_without_a_way_to_the_portal_says_so() -> None:
    error = unreachable(Client("http://255.255.255.255", KEY, retries=0, timeout=2.0))
    assert not error.may_have_arrived
    assert re.search(r"cannot be reached: no connection \([a-z ]+\) \(GET /groups/\)\. Check", str(error))


def test_plain_http_where_https_is_meant_says_that_there_is_no_safe_connection(serve: Serve) -> None:
    portal = serve(in_turn(Says({})))
    error = unreachable(Client(f"https://{portal.host}", KEY, retries=0, timeout=5.0))
    assert not error.may_have_arrived
    assert "no safe connection: " in str(error)


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl, which makes the certificate, is not on this machine")
def test_a_certificate_that_nobody_vouches_for_is_an_error_at_once(tmp_path: Path) -> None:
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


def test_a_proxy_that_refuses_is_named_as_the_cause(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(in_turn(Says({})))  # it knows no CONNECT
    monkeypatch.setenv("https_proxy", proxy.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    error = unreachable(Client("https://portal.invalid", KEY, retries=0))
    assert not error.may_have_arrived
    assert "the proxy does not let the call through (501" in str(error)
    assert "NO_PROXY" in str(error)


def test_a_key_never_shows_in_an_error_of_the_connection(serve: Serve, connect: Connect) -> None:
    def script(_: Asked) -> Reply:
        return Breaks()

    with pytest.raises(Unreachable) as error:
        connect(serve(script), retries=0).get("/groups/")
    cause: BaseException | None = error.value
    while cause:
        assert KEY not in f"{cause} {cause!r}"
        cause = cause.__cause__ or cause.__context__
