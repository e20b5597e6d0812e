"""Fixtures of the functions' tests: one portal with an object of every kind, named by the environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opendatasoft_emulator.server import Emulator

from ..conformance.furnished import furnish
from ..conftest import Portal
from ..emulator.harvesting import FTP, region_files, run

PUSHED = {"type": "realtime", "title": "pushed"}
SERVER = {
    "type": "http",
    "url": "https://a.example",
    "auth": {"type": "basic_auth", "username": "ana", "password": "canary-password"},
    "headers": [{"name": "x-token", "value": "canary-header"}],
}


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for all tests of functions, none of which changes it."""
    with Emulator(tmp_path_factory.mktemp("functions") / "portal") as emulator:
        region_files(emulator.portal.folder)
        portal = Portal(emulator)
        yield portal
        portal.close()


@pytest.fixture(scope="session")
def ids(portal: Portal) -> dict[str, str]:
    """The identifiers of the objects on the portal."""
    found = furnish(portal.http, portal.control)
    portal.post(f"/groups/{found['group_uid']}/users/", {"username": found["username"]})
    found["server_uid"] = portal.post("/datasource_connections/", SERVER)["uid"]
    found["pushed_uid"] = portal.post(f"/datasets/{found['dataset_uid']}/resources/", PUSHED)["uid"]
    found["region_uid"] = portal.post("/harvesters/", {**FTP, "directory": "/open"})["uid"]
    image = ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")
    found["image_url"] = portal.http.post("/medias/images/", files={"file": image}).raise_for_status().json()["url"]
    run(portal.http, found["region_uid"])
    return found


@pytest.fixture(autouse=True)
def _configured(portal: Portal, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions find the portal in the environment."""
    monkeypatch.setenv("OPENDATASOFT_DOMAIN", portal.url)
    monkeypatch.setenv("OPENDATASOFT_API_KEY", portal.key)


def plain(result: Any) -> Any:
    """The result of a function, as the portal sent it."""
    return [dict(one) for one in result] if isinstance(result, list) else dict(result)
