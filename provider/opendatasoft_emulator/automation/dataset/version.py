"""The versions of a dataset's configuration: /datasets/{dataset_uid}/versions/."""

from fastapi import APIRouter

from ...errors import not_found
from ...state.store import Document
from ...state.versions import Versions
from ..auth import TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..routes import Route
from ..schemas import RelatedUser, ResponseBody
from .datasets import show
from .dependencies import Editable, changing
from .schemas import Dataset

router = APIRouter(prefix="/datasets/{dataset_uid}/versions", tags=["Dataset versions"], route_class=Route)


class Version(ResponseBody):
    """A dataset after one change. `sections` are the changed parts."""

    uid: str
    sections: list[str]
    created_by: RelatedUser
    can_restore: bool
    created_at: str


def _show(version: Document) -> Document:
    return {**version, "created_by": {"username": version["created_by"]}, "can_restore": True}


@router.get("/", response_model=Paginated[Version])
def list_versions(dataset: Editable, page: ThePage, portal: ThePortal) -> Document:
    """The last versions, 20 at most, the newest first."""
    return page.render(portal.store.all("version", dataset["uid"])[::-1], _show)


@router.get("/{version_uid}/", response_model=Version)
def get_version(version_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """One version."""
    version = portal.store.get("version", version_uid, dataset["uid"])
    if version is None:
        raise not_found()
    return _show(version)


@router.post("/{version_uid}/restore/", response_model=Dataset)
def restore_version(version_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Restore a version, which makes a new one. Access rules and schedules stay as they are."""
    with changing(portal, dataset, caller) as current:
        if portal.store.get("version", version_uid, dataset["uid"]) is None:
            raise not_found()
        Versions(portal.store, dataset["uid"]).restore(version_uid, current)
    return show(portal, current)
