"""The control calls under /_emulator/, for tests and measurements. They need no key; faults and latency spare them."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException
from pydantic import BaseModel, ValidationError

from .automation.auth import ThePortal
from .state.faults import Fault
from .state.identifiers import new_uid, now
from .state.settings import Settings
from .state.store import Document

router = APIRouter(prefix="/_emulator", include_in_schema=False)
# The functions that use nothing but memory are asynchronous: then FastAPI needs no thread for them.


@router.get("/requests")
async def requests(portal: ThePortal) -> list[dict[str, Any]]:
    """Return the requests to the Automation API since the last clear, the oldest first."""
    return [
        {
            "method": one.method,
            "path": one.path,
            "query": one.query,
            "status": one.status,
            "ms": one.ms,
            "started": one.started,
        }
        for one in portal.request_log.latest()
    ]


@router.delete("/requests", status_code=204)
async def clear_requests(portal: ThePortal) -> None:
    """Clear the request log."""
    portal.request_log.clear()


@router.get("/faults")
async def faults(portal: ThePortal) -> list[dict[str, Any]]:
    """Return the faults that are set, with the number of calls that have matched each."""
    return portal.faults.as_documents()


@router.post("/faults")
async def add_faults(body: list[Fault], portal: ThePortal) -> list[dict[str, Any]]:
    """Add faults to those that are set."""
    portal.faults.add(body)
    return portal.faults.as_documents()


@router.delete("/faults", status_code=204)
async def clear_faults(portal: ThePortal) -> None:
    """Remove all faults."""
    portal.faults.clear()


@router.get("/settings")
async def settings(portal: ThePortal) -> Settings:
    """Return every switch with its current value."""
    return portal.settings


@router.post("/settings")
def change_settings(portal: ThePortal, body: Annotated[dict[str, Any], Body()]) -> Settings:
    """Change the switches that the body names, and no other."""
    try:
        portal.change_settings(Settings.model_validate({**portal.settings.model_dump(), **body}))
    except ValidationError as error:
        problems = {".".join(map(str, one["loc"])): one["msg"] for one in error.errors()}
        raise HTTPException(422, problems) from error
    return portal.settings


@router.get("/outbox")
def outbox(portal: ThePortal) -> list[Document]:
    """Return the e-mails that the service would have sent: `to`, `kind` (invitation), `sent_at`."""
    return portal.store.all("mail")


class VisitorFeedback(BaseModel):
    """Feedback of a visitor on a record of a dataset."""

    dataset_uid: str
    record_id: str
    comment: str
    username: str = "visitor"
    values: dict[str, Any] | None = None


@router.post("/feedbacks", status_code=201)
def add_feedback(body: VisitorFeedback, portal: ThePortal) -> Document:
    """Add a visitor's feedback to a dataset. The response is the feedback as the Automation API returns it."""
    if portal.store.get("dataset", body.dataset_uid) is None:
        raise HTTPException(404, f"there is no dataset {body.dataset_uid}")
    feedback: Document = {
        "uid": new_uid("df"),
        "record_id": body.record_id,
        "user": {"username": body.username},
        "comment": body.comment,
        "is_archived": False,
        "created_at": now(),
    }
    if body.values is not None:
        feedback["values"] = body.values
    portal.store.put("feedback", feedback["uid"], feedback, parent=body.dataset_uid)
    return feedback


class KeyOwner(BaseModel):
    """The username of the owner of a key."""

    username: str


@router.post("/keys", status_code=201)
def create_key(body: KeyOwner, portal: ThePortal) -> dict[str, str]:
    """Return a new API key of a user, which grants all that the user may do: to see the portal as that user does."""
    key = portal.create_key(body.username, "Made by /_emulator/keys")
    if key is None:
        raise HTTPException(404, f"there is no user {body.username}")
    return {"username": body.username, "key": key}


class Invitation(BaseModel):
    """The e-mail address of an invited user."""

    email: str


@router.post("/join", status_code=204)
def accept_invitation(body: Invitation, portal: ThePortal) -> None:
    """Accept an invitation: the invited user joins the portal."""
    with portal.store.transaction():
        for user in portal.store.all("user"):
            if user["email"].lower() == body.email.lower():
                user.update(joined_at=now(), is_active=True)
                portal.store.put("user", user["username"], user)
                return
    raise HTTPException(404, f"nobody was invited as {body.email}")


@router.post("/reset", status_code=204)
def reset(portal: ThePortal) -> None:
    """Return to what the portal began with: its seed, or one administrator; the administrator's key stays."""
    portal.reset()
