"""Feedback of visitors: /datasets/{dataset_uid}/feedbacks/. A control call creates it."""

from typing import Annotated, Any

from fastapi import APIRouter

from ...errors import not_found
from ...portal import Portal
from ...state.store import Document
from ..auth import ThePortal
from ..paging import Order, Paginated, ThePage, ordered
from ..routes import Route
from ..schemas import RelatedUser, ResponseBody, one_of
from .dependencies import Editable

router = APIRouter(prefix="/datasets/{dataset_uid}/feedbacks", tags=["Dataset feedbacks"], route_class=Route)

_ORDER: Order = {"created_at": lambda feedback: feedback["created_at"]}


class FeedbackValue(ResponseBody):
    """The value that a visitor proposes for a field."""

    value: Any
    type: Annotated[str, one_of("text", "int", "double", "geo_point_2d", "geo_shape", "date", "datetime", "file")]


class Feedback(ResponseBody):
    """Feedback of one visitor on one record."""

    uid: str
    record_id: str
    user: RelatedUser
    comment: str
    values: FeedbackValue | None = None
    is_archived: bool
    created_at: str


def _feedback_of(portal: Portal, dataset: Document, uid: str) -> Document:
    feedback = portal.store.get("feedback", uid, dataset["uid"])
    if feedback is None:
        raise not_found()
    return feedback


@router.get("/", response_model=Paginated[Feedback])
def list_feedbacks(
    dataset: Editable,
    page: ThePage,
    portal: ThePortal,
    *,
    record_id: str | None = None,
    is_archived: bool = False,
    sort: str = "-created_at",
) -> Document:
    """The feedback, the newest first by default; archived ones only on request."""
    found = [
        feedback
        for feedback in portal.store.all("feedback", dataset["uid"])
        if feedback["is_archived"] == is_archived and record_id in (None, feedback["record_id"])
    ]
    return page.render(ordered(found, [sort], _ORDER))


@router.get("/{feedback_uid}/", response_model=Feedback)
def get_feedback(feedback_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """One feedback."""
    return _feedback_of(portal, dataset, feedback_uid)


@router.post("/{feedback_uid}/archive/", response_model=Feedback)
def archive_feedback(feedback_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """Archive a feedback. This cannot be undone."""
    with portal.store.transaction():
        feedback = {**_feedback_of(portal, dataset, feedback_uid), "is_archived": True}
        portal.store.put("feedback", feedback_uid, feedback, parent=dataset["uid"])
    return feedback
