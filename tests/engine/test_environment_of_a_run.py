"""A run in an environment with the proxy and the certificates of a company, for a portal on this machine."""

from __future__ import annotations

from pathlib import Path

from ..conftest import Portal
from .stacks import Stack

PROXY = "http://127.0.0.1:9"  # nothing listens there


def test_useless_variables_do_not_disturb_a_local_portal(stack: Stack, portal: Portal, tmp_path: Path) -> None:
    log = tmp_path / "calls.log"
    proxies = {"http_proxy": PROXY, "https_proxy": PROXY, "all_proxy": "socks5h://127.0.0.1:9"}
    env = {
        **proxies,
        **{name.upper(): value for name, value in proxies.items()},
        "no_proxy": "127.0.0.1",  # which Pulumi's SDK needs, and this package does not
        "SSL_CERT_FILE": "/nowhere",
        "SSLKEYLOGFILE": "/nowhere/keys",
        "OPENDATASOFT_LOG": "calls",
        "OPENDATASOFT_LOG_FILE": str(log),
    }
    stack.program('ods.Group("editors", title="Editors")')
    said = stack.up(env=env).said
    assert [group["title"] for group in portal.all("/groups/")] == ["Editors"]
    assert said == {}
    assert f"{portal.host} POST /groups/ 201 " in log.read_text()
    assert portal.key not in log.read_text()
