"""The push API, through which realtime resources receive records: /api/push/1.0/."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from ..automation.auth import ThePortal
from ..automation.json_body import InvalidJson, read_json
from ..portal import Portal
from ..state.store import Document

_MAX_BYTES = 5 * 1024 * 1024


router = APIRouter(prefix="/api/push/1.0", include_in_schema=False)


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post("/{dataset_id}/{resource_uid}/push")
@router.post("/{dataset_id}/{resource_uid}/push/")
def push(
    portal: ThePortal,
    dataset_id: str,
    resource_uid: str,
    body: Annotated[bytes, Depends(_body)],
    pushkey: str = "",
) -> Response:
    """Add one record, or a list of records, to a realtime resource."""
    found = _resource(portal, dataset_id, resource_uid)
    if found is None:
        return _refusal(404, "There is no such resource.")
    dataset_uid, resource = found
    if not secrets.compare_digest(pushkey.encode(), resource["push_key"].encode()):
        return _refusal(401, "The push key is not valid.")
    if not resource["is_enabled"]:
        return _refusal(403, "The resource is disabled.")
    if len(body) > _MAX_BYTES:
        return _refusal(413, "At most 5 MB can be pushed at once.")
    records = _records(body)
    if records is None:
        return _refusal(400, "The body must be a JSON object, or a list of them.")
    portal.pushed.add(dataset_uid, resource_uid, records)
    portal.publishing.refresh(dataset_uid)
    return JSONResponse({"status": "OK"})


def _resource(portal: Portal, dataset_id: str, resource_uid: str) -> tuple[str, Document] | None:
    for dataset in portal.store.find("dataset", "dataset_id", dataset_id):
        resource = portal.store.get("resource", resource_uid, dataset["uid"])
        if resource is not None and resource["datasource"] is None:
            return dataset["uid"], resource
    return None


def _records(body: bytes) -> list[dict[str, Any]] | None:
    try:
        records = read_json(body)
    except InvalidJson:
        return None
    records = records if isinstance(records, list) else [records]
    return records if all(isinstance(record, dict) for record in records) else None


def _refusal(status: int, message: str) -> Response:
    return JSONResponse({"status": "ERROR", "message": message}, status)
