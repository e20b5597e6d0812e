"""The export of datasets that follow another portal: federated ones, and those that a harvester made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from opendatasoft_emulator.server import Emulator

from tools.seed import serve_region

from ..conftest import Portal
from ..engine.stacks import eventually
from ..engine_stub.servers import Servers
from .projects import stays_unchanged
from .seeding import upload


def region(portal: Portal) -> None:
    """Make the public dataset `weather`."""
    metadata = {"default": {"title": {"value": "Weather"}, "publisher": {"value": "The region"}}}
    path = f"/datasets/{portal.post('/datasets/', {'dataset_id': 'weather', 'metadata': metadata})['uid']}"
    of_file = {
        "type": "uploaded_file",
        "file": {"uid": upload(portal, f"{path}/resources/files/", "a.csv", "a,b\n1,2\n")},
    }
    portal.post(f"{path}/resources/", {"type": "csvfile", "title": "a", "datasource": of_file})
    portal.post(f"{path}/publish/")
    eventually(lambda: portal.get(f"{path}/status/")["is_published"])


def test_federated_dataset_has_only_what_is_overridden(portal: Portal, servers: Servers, tmp_path: Path) -> None:
    with Emulator(tmp_path / "region") as emulator:
        other = Portal(emulator)
        region(other)
        portal.set(federated_domains={"region": other.url})
        metadata = {"default": {"title": {"value": "Weather here"}}}
        uid = portal.post("/datasets/", {"dataset_id": "weather-here", "metadata": metadata})["uid"]
        datasource: dict[str, Any] = {"type": "federated", "domain": {"domain_id": "region"}}
        datasource["dataset"] = {"dataset_id": "weather"}
        portal.post(f"/datasets/{uid}/resources/", {"type": "federated", "title": "x", "datasource": datasource})
        title = {"value": "Weather here", "override_remote_value": True}
        portal.put(f"/datasets/{uid}/metadata/default/title/", title)
        (found,) = stays_unchanged(portal, tmp_path / "city", servers).portal.found
        assert found.inputs["metadata"] == {"default": {"title": "Weather here"}}
        assert found.inputs["sources"] == {
            "weather": {
                "type": "federated",
                "datasource": {"type": "federated", "domain": "region", "dataset": "weather"},
            }
        }
        other.close()


def test_failed_processing_is_a_remark_and_no_change(portal: Portal, servers: Servers, tmp_path: Path) -> None:
    region(portal)
    path = f"/datasets/{portal.dataset('weather')['uid']}"
    connection = portal.post("/datasource_connections/", {"type": "http", "url": "http://127.0.0.1:9"})["uid"]
    of_web = {"type": "http", "connection": {"uid": connection}, "relative_url": "/f.csv"}
    portal.post(f"{path}/resources/", {"type": "csvfile", "title": "web", "datasource": of_web})
    portal.post(f"{path}/publish/")
    eventually(lambda: portal.get(f"{path}/status/")["status"] == "error")
    assert portal.get(f"{path}/status/")["is_published"]
    one = stays_unchanged(portal, tmp_path / "city", servers)
    (dataset,) = [found for found in one.portal.found if found.kind == "Dataset"]
    assert dataset.remarks[0].startswith("its last processing failed on the portal (")


def test_harvested_datasets_are_left_to_their_harvester(portal: Portal, servers: Servers, tmp_path: Path) -> None:
    serve_region(portal.emulator.portal.folder)
    source = {"type": "ftp_csv", "host": "files.region.example", "user": "our-city", "password": "canary"}
    place = {"directory": "/open-data", "metadata_file": "datasets.csv"}
    uid = portal.post("/harvesters/", {"name": "The region", **source, **place})["uid"]
    portal.post(f"/harvesters/{uid}/start/")
    eventually(lambda: portal.get(f"/harvesters/{uid}/")["last_success_at"])
    eventually(lambda: portal.get(f"/harvesters/{uid}/")["status"] == "idle")
    one = stays_unchanged(portal, tmp_path / "city", servers)
    assert [found.label for found in one.portal.found] == ['Harvester "the-region"']
    assert [line for line in one.portal.left_out if line.endswith(": a harvester makes it")] != []
