"""What a portal holds, read by a client that is not ours, without what no two portals share: uids and times."""

from __future__ import annotations

import re
from typing import Any

from ..conftest import Portal

SECTIONS = (
    "resources",
    "fields",
    "processors",
    "security/groups",
    "security/users",
    "attachments",
    "alternative_exports",
    "schedules",
)
"""What hangs on a dataset."""

_UID = re.compile(r"\b(da|re|pr|co|at|ae|sc|sp)_[a-z0-9]{6}\b")
_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

_SENT_AGAIN = re.compile(r"_\d+(?=\.\w+$)")
"""A file that had to be sent twice has a number behind its name; the one of before is nowhere to be seen."""


def content(portal: Portal) -> dict[str, Any]:
    """Everything that the provider may have left on a portal."""
    return {
        "groups": [_plain(g) | {"members": _members(portal, g["uid"])} for g in portal.all("/groups/")],
        "users": _plain(portal.all("/users/")),
        "invitations": sorted(mail["to"] for mail in portal.control.get("/outbox").raise_for_status().json()),
        "connections": [_connection(portal, c) for c in portal.all("/datasource_connections/")],
        "metadata templates": [_plain(t) for t in portal.all("/metadata/templates/") if not t["is_system"]],
        "harvesters": [_harvester(portal, harvester) for harvester in portal.all("/harvesters/")],
        "code editor pages": [
            _page(portal, "code_editor_pages", page, "slug") for page in portal.all("/code_editor_pages/")
        ],
        "Studio pages": [_page(portal, "studio_pages", page, "uid") for page in portal.all("/studio_pages/")],
        "images": sorted(image["url"] for image in portal.all("/medias/images/")),
        "datasets": [_dataset(portal, dataset) for dataset in portal.all("/datasets/")],
    }


def _harvester(portal: Portal, harvester: dict[str, Any]) -> Any:
    return _plain({**harvester, "schedules": portal.all(f"/harvesters/{harvester['uid']}/schedules/")})


def _page(portal: Portal, collection: str, page: dict[str, Any], key: str) -> Any:
    place = f"/{collection}/{page[key]}/security"
    return _plain(page) | {kind: _plain(portal.all(f"{place}/{kind}/")) for kind in ("users", "groups")}


def _members(portal: Portal, group: str) -> list[str]:
    return sorted(user["username"] for user in portal.all(f"/groups/{group}/users/"))


def _connection(portal: Portal, connection: dict[str, Any]) -> Any:
    place = f"/datasource_connections/{connection['uid']}/security"
    return _plain(connection) | {kind: _plain(portal.all(f"{place}/{kind}/")) for kind in ("users", "groups")}


def _dataset(portal: Portal, dataset: dict[str, Any]) -> dict[str, Any]:
    base = f"/datasets/{dataset['uid']}"
    whole: dict[str, Any] = _plain(dataset)
    for section in SECTIONS:
        whole[section] = _plain(portal.all(f"{base}/{section}/"))
    status = portal.get(f"{base}/status/")
    whole["status"] = _plain({name: value for name, value in status.items() if name != "previous"})
    if dataset["is_published"]:
        whole["records"] = _records(portal, dataset["dataset_id"])
    return whole


def _records(portal: Portal, dataset_id: str) -> Any:
    """What readers get who may see the dataset, restricted or not."""
    url = f"{portal.url}/api/explore/v2.1/catalog/datasets/{dataset_id}/records"
    return portal.http.get(url, params={"limit": 100}).raise_for_status().json()


def _plain(told: Any) -> Any:
    if isinstance(told, list):
        return [_plain(item) for item in told]
    if isinstance(told, dict):
        return {name: _plain(value) for name, value in told.items()}
    if isinstance(told, str):
        return _TIME.sub("a time", _SENT_AGAIN.sub("", _UID.sub(r"\1", told)))
    return told


def differences(found: Any, wanted: Any, path: str = "") -> list[str]:
    """Where two contents differ, a line each."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return [
            line
            for name in sorted(found.keys() | wanted.keys())
            for line in differences(found.get(name), wanted.get(name), f"{path}.{name}")
        ]
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        pairs = enumerate(zip(found, wanted, strict=True))
        return [line for n, (one, other) in pairs for line in differences(one, other, f"{path}[{n}]")]
    return [] if found == wanted else [f"{path}: {found!r} instead of {wanted!r}"]
